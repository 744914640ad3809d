import { Component, inject } from '@angular/core';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatDialogContent } from '@angular/material/dialog';
import { DialogBar } from '../shared/dialog-bar';
import { Language } from '../shared/language';
import { LetterKeys } from './letter-keys';
import { type Shortcut, SHORTCUT_KEYS } from './shortcuts';

/** The list of shortcuts, and whether those of one letter are wanted. */
@Component({
  selector: 'parley-shortcuts-dialog',
  imports: [DialogBar, MatCheckbox, MatDialogContent],
  templateUrl: './shortcuts-dialog.html',
  styleUrl: './shortcuts-dialog.css',
})
export class ShortcutsDialog {
  readonly words = inject(Language).words;
  readonly letters = inject(LetterKeys);
  readonly keys = SHORTCUT_KEYS;
  readonly shortcuts = Object.keys(SHORTCUT_KEYS) as Shortcut[];
}
