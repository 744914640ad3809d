import { Component, inject } from '@angular/core';
import { MatDialogContent, MatDialogTitle } from '@angular/material/dialog';
import { Language } from '../shared/language';

/** Makes a group: its name, and who is in it. */
@Component({
  selector: 'parley-new-group-dialog',
  imports: [MatDialogContent, MatDialogTitle],
  templateUrl: './new-group-dialog.html',
})
export class NewGroupDialog {
  readonly words = inject(Language).words;
}
