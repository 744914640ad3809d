import { DestroyRef, inject, Injectable, signal } from '@angular/core';

/** How often it is looked what time it is. */
const LOOK_EVERY_MS = 30_000;

/** Now, as exactly as words like `5 minutes ago` have it. */
@Injectable({ providedIn: 'root' })
export class Minute {
  readonly #now = signal(new Date());

  /** The present moment; it changes every half minute. */
  readonly now = this.#now.asReadonly();

  constructor() {
    const timer = setInterval(() => this.#now.set(new Date()), LOOK_EVERY_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }
}
