import { inject, Injectable } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { firstValueFrom } from 'rxjs';
import { Failures } from './failures';

const SHOWN_MS = 5_000;
/** Long enough to finish a sentence first. */
const OFFERED_MS = 30_000;

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

  /** Offers something to do; resolves, when the note is gone, with whether it was wanted. */
  async offer(text: string, action: string): Promise<boolean> {
    const note = this.#snackBar.open(text, action, { duration: OFFERED_MS });
    return (await firstValueFrom(note.afterDismissed())).dismissedByAction;
  }
}
