import { LiveAnnouncer } from '@angular/cdk/a11y';
import { DestroyRef, effect, inject, Injectable, type Signal, untracked } from '@angular/core';
import type { RoomState } from '@parley/sdk';
import { Chat } from '../session/chat';
import { Language } from '../shared/language';
import { PageTitle } from '../shared/page-title';
import { roomTitle } from './room-title';

/** How long news gather before a screen reader tells of them, in milliseconds. */
const GATHER_MS = 3_000;

/**
 * What is new in rooms that are not open: the number in the page's title, and, for screen readers, a quiet word about
 * where something came in. Provide it where it is used.
 */
@Injectable()
export class RoomNews {
  readonly #chat = inject(Chat);
  readonly #announcer = inject(LiveAnnouncer);
  readonly #language = inject(Language);
  readonly #title = inject(PageTitle);
  readonly #gathered = new Map<string, { title: string; count: number }>();
  #before: ReadonlyMap<string, number> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    inject(DestroyRef).onDestroy(() => this.#end());
  }

  /**
   * Begins to tell. Call it once, where `inject` works.
   * @param open the id of the open room: what comes in there is told by the conversation.
   */
  follow(open: Signal<string | null>): void {
    effect(() => this.#title.showUnread(this.#chat.rooms().reduce((sum, { room }) => sum + room.unread, 0)));
    effect(() => {
      const rooms = this.#chat.isLoaded() ? this.#chat.rooms() : null;
      if (rooms) untracked(() => this.#compare(rooms, open()));
    });
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#title.showUnread(0);
  }

  #compare(rooms: readonly RoomState[], open: string | null): void {
    const before = this.#before;
    this.#before = new Map(rooms.map(({ room }) => [room.id, room.unread]));
    if (!before) return;
    for (const state of rooms) {
      const more = state.room.unread - (before.get(state.room.id) ?? 0);
      if (more > 0 && state.room.id !== open) this.#gather(state, more);
    }
  }

  #gather(state: RoomState, more: number): void {
    const count = (this.#gathered.get(state.room.id)?.count ?? 0) + more;
    this.#gathered.set(state.room.id, { title: roomTitle(state), count });
    this.#timer ??= setTimeout(() => this.#announce(), GATHER_MS);
  }

  #announce(): void {
    const { news } = this.#language.words().rooms;
    const told = [...this.#gathered.values()].map(({ count, title }) => news(count, title));
    this.#gathered.clear();
    this.#timer = undefined;
    void this.#announcer.announce(told.join('. '), 'polite');
  }
}
