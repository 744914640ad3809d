import { Injectable } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import type { ConfirmDialog, Question } from './confirm-dialog';
import { late } from './late';

/** Asks before something that cannot be undone. */
@Injectable({ providedIn: 'root' })
export class Confirm {
  readonly #dialog = late(async () => (await import('@angular/material/dialog')).MatDialog);

  /** Resolves with whether the person agrees; closing the dialog in any other way is a no. */
  async ask(question: Question): Promise<boolean> {
    const [dialog, shown] = await Promise.all([this.#dialog(), import('./confirm-dialog')]);
    const opened = dialog.open<ConfirmDialog, Question, boolean>(shown.ConfirmDialog, {
      data: question,
      role: 'alertdialog',
      width: 'min(26rem, 100vw - 2rem)',
    });
    return (await firstValueFrom(opened.afterClosed())) ?? false;
  }
}
