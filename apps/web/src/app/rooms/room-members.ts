import { computed, effect, inject, Injectable, type Signal, signal, untracked } from '@angular/core';
import type { Member } from '@parley/contract';
import type { RoomState } from '@parley/sdk';
import { isFound } from '../shared/fold';
import { Session } from '../session/session';

const PAGE = 50;
/** With at least as many matches no further pages are asked for by themselves. */
const ENOUGH = 20;

/** The members of one room, page after page, and anew whenever somebody comes or goes. Provide it where it is used. */
@Injectable()
export class RoomMembers {
  readonly #rest = inject(Session).rest;
  readonly #all = signal<readonly Member[]>([]);
  readonly #next = signal<string | null>(null);
  #round = 0;

  readonly query = signal('');
  readonly isLoading = signal(false);
  readonly error = signal<unknown>(null);
  /** Those who match what is typed; all of them where nothing is. */
  readonly shown = computed(() => {
    const typed = this.query().trim();
    return typed === '' ? this.#all() : this.#all().filter(({ name }) => isFound(name, typed));
  });
  readonly hasMore = computed(() => this.#next() !== null);

  /** Begins to show a room's members. Call it once, where `inject` works. */
  follow(state: Signal<RoomState>): void {
    const id = computed(() => state().room.id);
    const change = computed(() => lastComingOrGoing(state()));
    effect(() => {
      id();
      untracked(() => this.#all.set([]));
    });
    effect(() => {
      change();
      const room = id();
      untracked(() => void this.#reload(room));
    });
    effect(() => {
      const wantsMore = this.query().trim() !== '' && this.shown().length < ENOUGH && this.hasMore();
      if (wantsMore && !this.isLoading() && this.error() === null) untracked(() => void this.loadMore(id()));
    });
  }

  /** Loads the page after those that are there; after a failure, what failed. */
  async loadMore(room: string): Promise<void> {
    if (this.isLoading()) return;
    const after = this.#next();
    await this.#load(async () => {
      const page = await this.#rest.members(room, { after, limit: PAGE });
      return { items: after === null ? page.items : [...this.#all(), ...page.items], next: page.next };
    });
  }

  /** As many as were shown are fetched again, so that the list stays as long as it is. */
  async #reload(room: string): Promise<void> {
    const wanted = Math.max(this.#all().length, 1);
    await this.#load(async () => {
      let { items, next } = await this.#rest.members(room, { limit: PAGE });
      while (next !== null && items.length < wanted) {
        const page = await this.#rest.members(room, { after: next, limit: PAGE });
        items = [...items, ...page.items];
        next = page.next;
      }
      return { items, next };
    });
  }

  // What a later call has overtaken is dropped.
  async #load(fetch: () => Promise<{ items: readonly Member[]; next: string | null }>): Promise<void> {
    const round = ++this.#round;
    this.isLoading.set(true);
    this.error.set(null);
    try {
      const { items, next } = await fetch();
      if (round !== this.#round) return;
      this.#all.set(items);
      this.#next.set(next);
    } catch (error) {
      if (round === this.#round) this.error.set(error);
    }
    if (round === this.#round) this.isLoading.set(false);
  }
}

/** The place in the log of the last change of who is in a room, as far as the log is here. */
function lastComingOrGoing({ entries, base }: RoomState): number {
  return entries.findLast(({ type }) => type === 'system')?.seq ?? base;
}
