import { Component, computed, inject } from '@angular/core';
import { Avatar } from '../shared/avatar';
import { Language } from '../shared/language';
import { Menu } from '../shared/menu';
import type { MenuItem } from '../shared/menu-item';
import { Leaving } from './leaving';
import { Session } from './session';

/** Who is signed in, and where to go from there: settings, sessions, out. */
@Component({
  selector: 'parley-account-menu',
  imports: [Avatar, Menu],
  templateUrl: './account-menu.html',
  styleUrl: './account-menu.css',
})
export class AccountMenu {
  readonly #leaving = inject(Leaving);
  readonly words = inject(Language).words;
  readonly me = inject(Session).me;
  readonly items = computed<readonly MenuItem[]>(() => {
    const { settings, sessions, signOut } = this.words().session;
    return [
      { icon: 'settings', text: settings.title, link: '/settings' },
      { icon: 'desktop', text: sessions.title, link: '/sessions' },
      { icon: 'sign-out', text: signOut, act: () => void this.#leaving.signOut() },
    ];
  });
}
