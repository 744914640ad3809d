import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { ConfirmDialog, type Question } from './confirm-dialog';

/** Asks before something that cannot be undone. */
@Injectable({ providedIn: 'root' })
export class Confirm {
  readonly #dialog = inject(MatDialog);

  /** Resolves with whether the person agrees; closing the dialog in any other way is a no. */
  async ask(question: Question): Promise<boolean> {
    const opened = this.#dialog.open<ConfirmDialog, Question, boolean>(ConfirmDialog, {
      data: question,
      role: 'alertdialog',
      width: 'min(26rem, 100vw - 2rem)',
    });
    return (await firstValueFrom(opened.afterClosed())) ?? false;
  }
}
