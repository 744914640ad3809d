import { afterNextRender, type Signal } from '@angular/core';
import type { MatMenuTrigger } from '@angular/material/menu';

/**
 * Opens a menu as soon as it is there: the button that was pressed for it has had it loaded, and is replaced by this
 * one, which takes the focus when the menu closes. Call it where `inject` works.
 */
export function openAtOnce(trigger: Signal<MatMenuTrigger>): void {
  afterNextRender(() => trigger().openMenu());
}
