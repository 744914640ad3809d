import { computed, effect, inject, Injectable, type Signal, signal, untracked } from '@angular/core';
import type { Member } from '@parley/contract';
import type { RoomState } from '@parley/sdk';
import { isFound } from '../shared/fold';
import { Session } from '../session/session';
import { PagedList } from '../shared/paged-list';

const PAGE = 50;
/** With at least as many matches no further pages are asked for by themselves. */
const ENOUGH = 20;

/** The members of one room, page after page, and anew whenever somebody comes or goes. Provide it where it is used. */
@Injectable()
export class RoomMembers {
  readonly #rest = inject(Session).rest;
  readonly #list = new PagedList<Member>();
  readonly #all = this.#list.items;

  readonly query = signal('');
  readonly isLoading = this.#list.isLoading;
  readonly error = this.#list.error;
  /** Those who match what is typed; all of them where nothing is. */
  readonly shown = computed(() => {
    const typed = this.query().trim();
    return typed === '' ? this.#all() : this.#all().filter(({ name }) => isFound(name, typed));
  });
  readonly hasMore = this.#list.hasMore;

  /** Begins to show a room's members. Call it once, where `inject` works. */
  follow(state: Signal<RoomState>): void {
    const id = computed(() => state().room.id);
    const change = computed(() => lastComingOrGoing(state()));
    effect(() => {
      id();
      untracked(() => this.#list.clear());
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
  loadMore(room: string): Promise<void> {
    return this.#list.loadMore((after) => this.#rest.members(room, { after, limit: PAGE }));
  }

  /** As many as were shown are fetched again, so that the list stays as long as it is. */
  #reload(room: string): Promise<void> {
    const wanted = Math.max(this.#all().length, 1);
    return this.#list.load(async () => {
      let { items, next } = await this.#rest.members(room, { limit: PAGE });
      while (next !== null && items.length < wanted) {
        const page = await this.#rest.members(room, { after: next, limit: PAGE });
        items = [...items, ...page.items];
        next = page.next;
      }
      return { items, next };
    });
  }
}

/** The place in the log of the last change of who is in a room, as far as the log is here. */
function lastComingOrGoing({ entries, base }: RoomState): number {
  return entries.findLast(({ type }) => type === 'system')?.seq ?? base;
}
