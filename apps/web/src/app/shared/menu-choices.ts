import { NgTemplateOutlet } from '@angular/common';
import { Component, input, type TemplateRef, viewChild } from '@angular/core';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { Icon } from './icon';
import type { MenuChoice, MenuItem } from './menu-item';
import { openAtOnce } from './open-at-once';

/** The button of a `Menu` with what it offers, open. */
@Component({
  selector: 'parley-menu-choices',
  imports: [Icon, MatMenu, MatMenuItem, MatMenuTrigger, NgTemplateOutlet, RouterLink],
  templateUrl: './menu-choices.html',
  styleUrl: './menu-choices.css',
})
export class MenuChoices {
  readonly label = input.required<string>();
  readonly items = input.required<readonly MenuItem[]>();
  readonly choice = input<MenuChoice>();
  /** What the button shows. */
  readonly face = input.required<TemplateRef<unknown>>();
  readonly trigger = viewChild.required(MatMenuTrigger);

  constructor() {
    openAtOnce(this.trigger);
  }
}
