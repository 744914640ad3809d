import { Component, inject, signal } from '@angular/core';
import { Avatar } from '../shared/avatar';
import { Language } from '../shared/language';
import { AccountChoices } from './account-choices';
import { Session } from './session';

/** Who is signed in, and where to go from there: settings, sessions, out. */
@Component({
  selector: 'parley-account-menu',
  imports: [AccountChoices, Avatar],
  templateUrl: './account-menu.html',
  styleUrl: './account-menu.css',
})
export class AccountMenu {
  readonly words = inject(Language).words;
  readonly me = inject(Session).me;
  readonly isWanted = signal(false);
}
