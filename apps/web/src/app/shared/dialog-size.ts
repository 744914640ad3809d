import type { MatDialogConfig } from '@angular/material/dialog';

/** A dialog with a form: as wide as reading wants, and the whole screen on a phone (see styles.css). */
export function fullOnPhones<D>(config: MatDialogConfig<D> = {}): MatDialogConfig<D> {
  return { width: '30rem', panelClass: 'full-on-phones', autoFocus: 'first-tabbable', ...config };
}
