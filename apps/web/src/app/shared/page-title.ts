import { effect, inject, Injectable, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { type RouterStateSnapshot, TitleStrategy } from '@angular/router';
import { Language } from './language';
import type { Words } from './words/en';

/** A page's title in each language; a route has it as `data: titled(({ session }) => session.signIn.title)`. */
export function titled(title: (words: Words) => string): { title: typeof title } {
  return { title };
}

/** The title of the browser's tab: how much is unread, what the page is, and Parley. */
@Injectable({ providedIn: 'root' })
export class PageTitle extends TitleStrategy {
  readonly #language = inject(Language);
  readonly #title = inject(Title);
  readonly #ofPage = signal<((words: Words) => string) | undefined>(undefined);
  readonly #unread = signal(0);
  readonly #name = signal<string | null>(null);

  constructor() {
    super();
    effect(() => this.#title.setTitle(this.#text()));
  }

  override updateTitle(snapshot: RouterStateSnapshot): void {
    let route = snapshot.root;
    while (route.firstChild) route = route.firstChild;
    this.#ofPage.set(route.data['title'] as ((words: Words) => string) | undefined);
  }

  /** Says what is shown within the page, in place of the page's own title; null for nothing. */
  showName(name: string | null): void {
    this.#name.set(name);
  }

  /** Says how many messages are unread; 0 for none. */
  showUnread(count: number): void {
    this.#unread.set(count);
  }

  #text(): string {
    const words = this.#language.words();
    const page = this.#name() ?? this.#ofPage()?.(words);
    const name = page ? `${page} · ${words.common.appName}` : words.common.appName;
    const unread = this.#unread();
    return unread > 0 ? `(${unread > 99 ? '99+' : unread}) ${name}` : name;
  }
}
