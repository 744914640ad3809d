import { LiveAnnouncer } from '@angular/cdk/a11y';
import { DestroyRef, effect, inject, Injectable, type Signal, untracked } from '@angular/core';
import type { LogEntry, MessageEntry } from '@parley/contract';
import { head, type RoomState } from '@parley/sdk';
import { Language } from '../../shared/language';

/** Screen readers are told of new messages no more often than this, in milliseconds. */
const PAUSE_MS = 2_000;

/** Reads new messages of others out: one by one while they are few, their number when they are many. */
@Injectable()
export class Announcer {
  readonly #live = inject(LiveAnnouncer);
  readonly #words = inject(Language).words;
  #seen: { room: string; head: number } | null = null;
  #untold: MessageEntry[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.#timer));
  }

  /** Call it where `inject` works. */
  follow(state: Signal<RoomState>): void {
    effect(() => {
      const now = state();
      untracked(() => this.#follow(now));
    });
  }

  #follow(state: RoomState): void {
    const { room, base, entries, me } = state;
    const newest = head(state);
    if (this.#seen?.room === room.id) {
      const news = entries.slice(Math.max(0, this.#seen.head - base)).filter((entry) => isOthers(entry, me));
      if (news.length > 0) this.#add(news);
    } else this.#forget();
    this.#seen = { room: room.id, head: newest };
  }

  #add(news: readonly MessageEntry[]): void {
    this.#untold.push(...news);
    this.#timer ??= setTimeout(() => this.#tell(), PAUSE_MS / 4);
  }

  #tell(): void {
    const [first, ...more] = this.#untold;
    this.#untold = [];
    if (!first) return void (this.#timer = undefined);
    const { said, saidMuch } = this.#words().conversation;
    void this.#live.announce(more.length > 0 ? saidMuch(more.length + 1) : said(first.sender.name, first.text));
    this.#timer = setTimeout(() => this.#tell(), PAUSE_MS);
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#untold = [];
  }
}

function isOthers(entry: LogEntry, me: string): entry is MessageEntry {
  return entry.type === 'message' && entry.sender.id !== me;
}
