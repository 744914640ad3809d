import { computed, signal } from '@angular/core';
import type { Page } from '@parley/contract';

/** What is here of a list that comes page after page. */
export class PagedList<T> {
  readonly #items = signal<readonly T[]>([]);
  readonly #next = signal<string | null>(null);
  readonly #isLoading = signal(false);
  readonly #error = signal<unknown>(null);
  #round = 0;

  readonly items = this.#items.asReadonly();
  readonly hasMore = computed(() => this.#next() !== null);
  readonly isLoading = this.#isLoading.asReadonly();
  /** Why the latest page did not come; null while all is well. */
  readonly error = this.#error.asReadonly();

  /** Nothing is here, and what is under way is dropped. */
  clear(): void {
    this.#round++;
    this.#items.set([]);
    this.#next.set(null);
  }

  /** Takes the place of all that is here. What a later call has overtaken is dropped. */
  async load(fetch: () => Promise<Page<T>>): Promise<void> {
    const round = ++this.#round;
    this.#isLoading.set(true);
    this.#error.set(null);
    try {
      const { items, next } = await fetch();
      if (round !== this.#round) return;
      this.#items.set(items);
      this.#next.set(next);
    } catch (error) {
      if (round === this.#round) this.#error.set(error);
    }
    if (round === this.#round) this.#isLoading.set(false);
  }

  /** Adds the page behind those that are here, whose cursor `fetch` is given; while one is under way, nothing. */
  async loadMore(fetch: (after: string | null) => Promise<Page<T>>): Promise<void> {
    if (this.#isLoading()) return;
    const [here, after] = [this.#items(), this.#next()];
    await this.load(async () => {
      const { items, next } = await fetch(after);
      return { items: after === null ? items : [...here, ...items], next };
    });
  }
}
