import { inject, Injectable } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { Failures } from './failures';

const SHOWN_MS = 5_000;

/** Short notes at the lower edge: what was done, or why it was not. Screen readers are told too. */
@Injectable({ providedIn: 'root' })
export class Notes {
  readonly #snackBar = inject(MatSnackBar);
  readonly #failures = inject(Failures);

  tell(text: string): void {
    this.#snackBar.open(text, undefined, { duration: SHOWN_MS });
  }

  fail(error: unknown): void {
    this.tell(this.#failures.tell(error));
  }
}
