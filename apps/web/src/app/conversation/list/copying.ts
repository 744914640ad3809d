import { Clipboard } from '@angular/cdk/clipboard';
import { inject, Injectable } from '@angular/core';
import { Language } from '../../shared/language';
import { Notes } from '../../shared/notes';

/** Copies texts, and says that it did. */
@Injectable({ providedIn: 'root' })
export class Copying {
  readonly #clipboard = inject(Clipboard);
  readonly #notes = inject(Notes);
  readonly #words = inject(Language).words;

  copy(text: string): void {
    const { copied, notCopied } = this.#words().conversation;
    this.#notes.tell(this.#clipboard.copy(text) ? copied : notCopied);
  }
}
