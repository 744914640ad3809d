import { DOCUMENT, inject, Injectable } from '@angular/core';

/** The page as the browser loads it, as opposed to what the router shows in it. */
@Injectable({ providedIn: 'root' })
export class WholePage {
  readonly #document = inject(DOCUMENT);

  /** The scripts that it was loaded with: other ones after an update. */
  readonly build = Array.from(this.#document.scripts, ({ src }) => src).join(' ');

  reload(): void {
    this.#document.location.reload();
  }

  /** Loads it anew, at an address of Parley. */
  open(url: string): void {
    this.#document.location.assign(url);
  }
}
