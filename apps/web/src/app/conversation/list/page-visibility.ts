import { DestroyRef, DOCUMENT, inject, Injectable, signal } from '@angular/core';

/** Whether anybody can see the page: not while another tab is in front, or the phone is locked. */
@Injectable({ providedIn: 'root' })
export class PageVisibility {
  readonly #document = inject(DOCUMENT);
  readonly #isVisible = signal(!this.#document.hidden);

  readonly isVisible = this.#isVisible.asReadonly();

  constructor() {
    const follow = (): void => this.#isVisible.set(!this.#document.hidden);
    this.#document.addEventListener('visibilitychange', follow);
    inject(DestroyRef).onDestroy(() => this.#document.removeEventListener('visibilitychange', follow));
  }
}
