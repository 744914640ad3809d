import { Component, inject } from '@angular/core';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { Avatar } from '../shared/avatar';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { Session } from './session';

/** Who is signed in, and where to go from there: settings, sessions, out. */
@Component({
  selector: 'parley-account-menu',
  imports: [Avatar, Icon, MatMenu, MatMenuItem, MatMenuTrigger, RouterLink],
  templateUrl: './account-menu.html',
  styleUrl: './account-menu.css',
})
export class AccountMenu {
  readonly #session = inject(Session);
  readonly words = inject(Language).words;
  readonly me = this.#session.me;

  signOut(): void {
    void this.#session.signOut();
  }
}
