import { Component, inject, input, viewChild } from '@angular/core';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import type { Me } from '@parley/contract';
import { Avatar } from '../shared/avatar';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { openAtOnce } from '../shared/open-at-once';
import { Leaving } from './leaving';

/** The button of `AccountMenu` with its menu, open. */
@Component({
  selector: 'parley-account-choices',
  imports: [Avatar, Icon, MatMenu, MatMenuItem, MatMenuTrigger, RouterLink],
  templateUrl: './account-choices.html',
  styleUrl: './account-menu.css',
})
export class AccountChoices {
  readonly #leaving = inject(Leaving);
  readonly words = inject(Language).words;
  readonly me = input.required<Me>();
  readonly trigger = viewChild.required(MatMenuTrigger);

  constructor() {
    openAtOnce(this.trigger);
  }

  signOut(): void {
    void this.#leaving.signOut();
  }
}
