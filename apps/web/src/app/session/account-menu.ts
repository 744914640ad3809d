import { Component, inject } from '@angular/core';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { Avatar } from '../shared/avatar';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { Leaving } from './leaving';
import { Session } from './session';

/** Who is signed in, and where to go from there: settings, sessions, out. */
@Component({
  selector: 'parley-account-menu',
  imports: [Avatar, Icon, MatMenu, MatMenuItem, MatMenuTrigger, RouterLink],
  templateUrl: './account-menu.html',
  styleUrl: './account-menu.css',
})
export class AccountMenu {
  readonly #leaving = inject(Leaving);
  readonly words = inject(Language).words;
  readonly me = inject(Session).me;

  signOut(): void {
    void this.#leaving.signOut();
  }
}
