import { Component, inject, signal } from '@angular/core';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { NewChoices } from './new-choices';

/** What can be begun: a private chat, a group, a room. What menus need is loaded when the page has time for it. */
@Component({
  selector: 'parley-new-menu',
  imports: [Icon, NewChoices],
  templateUrl: './new-menu.html',
})
export class NewMenu {
  readonly words = inject(Language).words;
  readonly isWanted = signal(false);
}
