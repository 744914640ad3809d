import { inject, Injectable } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { Failures } from './failures';
import { late } from './late';

const SHOWN_MS = 5_000;
/** Long enough to finish a sentence first. */
const OFFERED_MS = 30_000;

/** Short notes at the lower edge: what was done, or why it was not. Screen readers are told too. */
@Injectable({ providedIn: 'root' })
export class Notes {
  readonly #snackBar = late(async () => (await import('@angular/material/snack-bar')).MatSnackBar);
  readonly #failures = inject(Failures);

  tell(text: string): void {
    void this.#snackBar().then((bar) => bar.open(text, undefined, { duration: SHOWN_MS }));
  }

  fail(error: unknown): void {
    this.tell(this.#failures.tell(error));
  }

  /** Offers something to do; resolves, when the note is gone, with whether it was wanted. */
  async offer(text: string, action: string): Promise<boolean> {
    const note = (await this.#snackBar()).open(text, action, { duration: OFFERED_MS });
    return (await firstValueFrom(note.afterDismissed())).dismissedByAction;
  }
}
