import { Component, inject } from '@angular/core';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { RoomDialogs } from './room-dialogs';

/** What can be begun: a private chat, a group, a room. */
@Component({
  selector: 'parley-new-menu',
  imports: [Icon, MatMenu, MatMenuItem, MatMenuTrigger],
  templateUrl: './new-menu.html',
})
export class NewMenu {
  readonly words = inject(Language).words;
  readonly dialogs = inject(RoomDialogs);
}
