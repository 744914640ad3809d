import { Component, inject } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogContent, MatDialogRef } from '@angular/material/dialog';
import { DialogBar } from '../shared/dialog-bar';
import { Language } from '../shared/language';
import { EmojiGrid } from './emoji/emoji-grid';
import type { MessageRow } from './list/rows';
import { Reacting } from './reacting';

/** All emoji, to react to the message whose row is the dialog's data. */
@Component({
  selector: 'parley-react-dialog',
  imports: [DialogBar, EmojiGrid, MatDialogContent],
  templateUrl: './react-dialog.html',
  styleUrl: './react-dialog.css',
})
export class ReactDialog {
  readonly #row = inject<MessageRow>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<ReactDialog>>(MatDialogRef);
  readonly #reacting = inject(Reacting);
  readonly words = inject(Language).words;
  /** On a touch screen the search would bring up a keyboard that covers what there is to choose from. */
  readonly isTouch = matchMedia('(pointer: coarse)').matches;

  pick(emoji: string): void {
    this.#dialog.close();
    void this.#reacting.toggle(this.#row, emoji);
  }
}
