import { NgTemplateOutlet } from '@angular/common';
import { Component, input, signal } from '@angular/core';
import { MenuChoices } from './menu-choices';
import type { MenuChoice, MenuItem } from './menu-item';

/** A round button with a menu. What menus need is loaded when the page has time for it, or when one is asked for. */
@Component({
  selector: 'parley-menu',
  imports: [MenuChoices, NgTemplateOutlet],
  templateUrl: './menu.html',
})
export class Menu {
  readonly label = input.required<string>();
  readonly items = input.required<readonly MenuItem[]>();
  readonly choice = input<MenuChoice>();
  readonly isWanted = signal(false);
}
