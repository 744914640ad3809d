import { computed, debounced, effect, inject, Injectable, signal, untracked } from '@angular/core';
import type { Room } from '@parley/contract';
import { Session } from '../session/session';
import { PagedList } from '../shared/paged-list';

const PAGE = 50;
/** How long the typing has to pause before the server is asked, in milliseconds. */
const PAUSE_MS = 200;

/** The rooms with names that one may see, page after page; with something typed those that it finds. Provide it where it is used. */
@Injectable()
export class RoomCatalogue {
  readonly #rest = inject(Session).rest;
  readonly #list = new PagedList<Room>();
  #asked = new AbortController();
  /** What the pages that are here are the answer to. */
  #answered: string | undefined;

  readonly query = signal('');
  readonly #paused = debounced(
    computed(() => this.query().trim()),
    PAUSE_MS,
  );
  /** What is typed, once the typing pauses; empty for all rooms. */
  readonly typed = computed(() => this.#paused.value() ?? '');
  readonly rooms = this.#list.items;
  readonly isLoading = this.#list.isLoading;
  readonly error = this.#list.error;
  readonly hasMore = this.#list.hasMore;

  constructor() {
    effect(() => {
      const typed = this.typed();
      untracked(() => void this.#begin(typed));
    });
  }

  /** Asks for what failed once more. */
  retry(): Promise<void> {
    return this.#answered === this.typed() ? this.loadMore() : this.#begin(this.typed());
  }

  /** Loads the page behind those that are there. */
  loadMore(): Promise<void> {
    const { signal } = this.#asked;
    return this.#list.loadMore((after) => this.#rest.searchRooms(this.typed(), { ...ROOMS, after }, { signal }));
  }

  /** What was asked before is called off. The rooms before stay until the next ones are there: nothing flickers. */
  #begin(typed: string): Promise<void> {
    this.#asked.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    return this.#list.load(async () => {
      const page = await this.#rest.searchRooms(typed, ROOMS, { signal });
      this.#answered = typed;
      return page;
    });
  }
}

const ROOMS = { kind: 'room', limit: PAGE } as const;
