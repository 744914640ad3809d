import { effect, inject, Injectable, signal, untracked } from '@angular/core';
import type { Id } from '@parley/contract';
import { Chat } from '../../session/chat';

/** Loads what was said before, a page at a time. A failure waits for somebody to try again, or for the line. */
@Injectable()
export class OlderPages {
  readonly #chat = inject(Chat);
  readonly #isLoading = signal(false);
  readonly #failure = signal<unknown>(null);

  readonly isLoading = this.#isLoading.asReadonly();
  /** What went wrong the last time; null while nothing has. */
  readonly failure = this.#failure.asReadonly();

  constructor() {
    effect(() => {
      if (this.#chat.state().status === 'online') this.#failure.set(null);
    });
  }

  /** Loads the page before what there is, unless one is under way or has failed. */
  async load(room: Id, limit?: number): Promise<void> {
    if (untracked(() => this.#isLoading() || this.#failure() !== null)) return;
    this.#isLoading.set(true);
    try {
      await this.#chat.loadOlder(room, limit);
    } catch (error) {
      this.#failure.set(error);
    } finally {
      this.#isLoading.set(false);
    }
  }

  /** Tries again what has failed. */
  retry(room: Id): Promise<void> {
    this.#failure.set(null);
    return this.load(room);
  }
}
