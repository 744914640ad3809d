import { computed, effect, inject, Injectable, type Signal, untracked } from '@angular/core';
import type { OutboxItem } from '@parley/sdk';
import { Chat } from '../session/chat';
import { Language } from '../shared/language';
import { Notes } from '../shared/notes';
import { Copying } from './list/copying';
import { PageVisibility } from './list/page-visibility';

/** More of each message than a note has room for. */
const MOST = 80;

/**
 * Messages that were refused and have no place to be shown at, as their room is gone: whoever wrote them is told once,
 * can copy them, and they are given up. Provide it where it is used.
 */
@Injectable()
export class LostMessages {
  readonly #chat = inject(Chat);
  readonly #isVisible = inject(PageVisibility).isVisible;
  readonly #notes = inject(Notes);
  readonly #copying = inject(Copying);
  readonly #words = inject(Language).words;

  /**
   * Begins to tell. Call it once, where `inject` works.
   * @param open the id of the open room, which shows its messages also where it is gone.
   */
  follow(open: Signal<string | null>): void {
    const lost = computed(() => (this.#isVisible() ? this.#lost(open()) : []));
    effect(() => {
      const items = lost();
      if (items.length > 0) untracked(() => void this.#giveUp(items));
    });
  }

  /** None while the answer to one of them is still to come: they are told together. */
  #lost(open: string | null): readonly OutboxItem[] {
    if (this.#chat.state().status !== 'online') return [];
    const there = new Set([open, ...this.#chat.rooms().map(({ room }) => room.id)]);
    const lost = this.#chat.outbox().filter(({ message }) => !there.has(message.room));
    return lost.every(({ error }) => error) ? lost : [];
  }

  async #giveUp(items: readonly OutboxItem[]): Promise<void> {
    const { lost, copy } = this.#words().conversation;
    const texts = items.map(({ message }) => message.text);
    for (const { message } of items) this.#chat.discard(message.clientId);
    if (await this.#notes.offer(lost(texts.map(inShort).join(', ')), copy)) this.#copying.copy(texts.join('\n\n'));
  }
}

/** In quotes, and no longer than there is room for. */
function inShort(text: string): string {
  const line = [...text.replace(/\s+/g, ' ').trim()];
  return `“${line.length > MOST ? `${line.slice(0, MOST).join('')}…` : line.join('')}”`;
}
