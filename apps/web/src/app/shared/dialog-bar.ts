import { Component, inject, input } from '@angular/core';
import { MatDialogClose, MatDialogTitle } from '@angular/material/dialog';
import { Icon } from './icon';
import { Language } from './language';

/** The upper edge of a dialog: its title, and the way out. */
@Component({
  selector: 'parley-dialog-bar',
  imports: [Icon, MatDialogClose, MatDialogTitle],
  templateUrl: './dialog-bar.html',
  styleUrl: './dialog-bar.css',
})
export class DialogBar {
  readonly words = inject(Language).words;
  readonly title = input.required<string>();
}
