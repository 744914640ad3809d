import { Component, computed, inject } from '@angular/core';
import { PERSON_STATUSES, type PersonStatus, type Presence } from '@parley/contract';
import { Avatar } from '../shared/avatar';
import { Language } from '../shared/language';
import { Menu } from '../shared/menu';
import type { MenuChoice, MenuItem } from '../shared/menu-item';
import { Notes } from '../shared/notes';
import { Chat } from './chat';
import { Leaving } from './leaving';
import { Session } from './session';

const SIGNS: Readonly<Record<PersonStatus, Presence>> = { available: 'online', away: 'away', busy: 'busy' };

/** Who is signed in, how others are to see them, and where to go from there: settings, sessions, out. */
@Component({
  selector: 'parley-account-menu',
  imports: [Avatar, Menu],
  templateUrl: './account-menu.html',
  styleUrl: './account-menu.css',
})
export class AccountMenu {
  readonly #leaving = inject(Leaving);
  readonly words = inject(Language).words;
  readonly #session = inject(Session);
  readonly #notes = inject(Notes);
  readonly #chat = inject(Chat);
  readonly me = this.#session.me;
  /** What another version of the client has kept says nothing of it. */
  readonly #status = computed<PersonStatus>(() => this.me()?.status ?? 'available');
  /** As others see one, while there is a connection. */
  readonly presence = computed(() => (this.#chat.state().status === 'online' ? SIGNS[this.#status()] : 'offline'));
  readonly label = computed(() => {
    const { presence, session } = this.words();
    const status = this.#status();
    return status === 'available' ? session.account : presence.mine(session.account, presence[status]);
  });
  readonly choice = computed<MenuChoice>(() => {
    const { presence } = this.words();
    const options = PERSON_STATUSES.map((status) => ({
      sign: SIGNS[status],
      text: presence[status],
      isChosen: status === this.#status(),
      act: () => void this.#say(status),
    }));
    return { label: presence.status, options };
  });
  readonly items = computed<readonly MenuItem[]>(() => {
    const { settings, sessions, signOut } = this.words().session;
    return [
      { icon: 'settings', text: settings.title, link: '/settings' },
      { icon: 'desktop', text: sessions.title, link: '/sessions' },
      { icon: 'sign-out', text: signOut, act: () => void this.#leaving.signOut() },
    ];
  });

  async #say(status: PersonStatus): Promise<void> {
    try {
      this.#session.update(await this.#session.rest.changeMe({ status }));
    } catch (error) {
      this.#notes.fail(error);
    }
  }
}
