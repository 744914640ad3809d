import { Clipboard } from '@angular/cdk/clipboard';
import { inject, Injectable } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { Language } from '../../shared/language';

/** Copies texts, and says that it did. */
@Injectable({ providedIn: 'root' })
export class Copying {
  readonly #clipboard = inject(Clipboard);
  readonly #snackBar = inject(MatSnackBar);
  readonly #words = inject(Language).words;

  copy(text: string): void {
    const { copied, notCopied } = this.#words().conversation;
    this.#snackBar.open(this.#clipboard.copy(text) ? copied : notCopied, undefined, { duration: 2_000 });
  }
}
