import { Injectable, type Type } from '@angular/core';
import type { MatDialogConfig } from '@angular/material/dialog';
import { late } from './late';

/** Opens dialogs with something to fill in or to read. Each is loaded when it is first wanted; only one is open at a time. */
@Injectable({ providedIn: 'root' })
export class Dialogs {
  readonly #dialog = late(async () => (await import('@angular/material/dialog')).MatDialog);

  /** @param data what the dialog has as `MAT_DIALOG_DATA`. */
  async open(load: () => Promise<Type<unknown>>, data?: unknown): Promise<void> {
    const [dialog, shown] = await Promise.all([this.#dialog(), load()]);
    if (dialog.openDialogs.length === 0) dialog.open(shown, { ...FULL_ON_PHONES, data });
  }
}

/**
 * As wide as reading wants, and the whole screen on a phone (see styles.css). The first field has the focus before the
 * dialog has moved in: taken later, it would be taken from the field that somebody has gone to in the meantime.
 */
const FULL_ON_PHONES: MatDialogConfig = {
  width: '30rem',
  panelClass: 'full-on-phones',
  autoFocus: 'first-tabbable',
  delayFocusTrap: false,
};
