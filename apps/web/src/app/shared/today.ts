import { DestroyRef, inject, Injectable, signal } from '@angular/core';

/** Today, also for a page that stays open over midnight. */
@Injectable({ providedIn: 'root' })
export class Today {
  readonly #date = signal(new Date());
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** A moment of today. It changes at midnight. */
  readonly date = this.#date.asReadonly();

  constructor() {
    this.#wait();
    inject(DestroyRef).onDestroy(() => clearTimeout(this.#timer));
  }

  // Never more than an hour: a machine that slept wakes up late.
  #wait(): void {
    const now = new Date();
    const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
    const wait = Math.min(midnight.getTime() - now.getTime(), 3_600_000);
    this.#timer = setTimeout(() => {
      this.#turn();
      this.#wait();
    }, wait);
  }

  #turn(): void {
    const now = new Date();
    if (now.toDateString() !== this.#date().toDateString()) this.#date.set(now);
  }
}
