import { Component, computed, inject } from '@angular/core';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { Menu } from '../shared/menu';
import type { MenuItem } from '../shared/menu-item';
import { RoomDialogs } from './room-dialogs';

/** What can be begun: a private chat, a group, a room; and which rooms there are already. */
@Component({
  selector: 'parley-new-menu',
  imports: [Icon, Menu],
  template: '<parley-menu [label]="words().rooms.create" [items]="items()"><parley-icon name="plus" /></parley-menu>',
})
export class NewMenu {
  readonly #dialogs = inject(RoomDialogs);
  readonly words = inject(Language).words;
  readonly items = computed<readonly MenuItem[]>(() => {
    const { newChat, newGroup, newRoom, browse } = this.words().rooms;
    return [
      { icon: 'person', text: newChat, act: () => void this.#dialogs.newChat() },
      { icon: 'group', text: newGroup, act: () => void this.#dialogs.newGroup() },
      { icon: 'room', text: newRoom, act: () => void this.#dialogs.newRoom() },
      { icon: 'search', text: browse.title, act: () => void this.#dialogs.browse() },
    ];
  });
}
