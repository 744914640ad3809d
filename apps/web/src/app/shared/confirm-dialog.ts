import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogTitle,
} from '@angular/material/dialog';
import { Language } from './language';

/** What is asked: a title as a question, what will happen, and the name of the deed. */
export interface Question {
  title: string;
  text: string;
  confirm: string;
}

/** The dialog of `Confirm`. */
@Component({
  selector: 'parley-confirm-dialog',
  imports: [MatButton, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle],
  templateUrl: './confirm-dialog.html',
  styleUrl: './confirm-dialog.css',
})
export class ConfirmDialog {
  readonly words = inject(Language).words;
  readonly question = inject<Question>(MAT_DIALOG_DATA);
}
