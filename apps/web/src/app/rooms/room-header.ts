import { Component, computed, inject, input, output } from '@angular/core';
import type { RoomState } from '@parley/sdk';
import { Avatar } from '../shared/avatar';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { roomTitle } from './room-title';

/** The bar above a conversation: which room it is; on a phone, the way back. */
@Component({
  selector: 'parley-room-header',
  imports: [Avatar, Icon],
  templateUrl: './room-header.html',
  styleUrl: './room-header.css',
})
export class RoomHeader {
  readonly words = inject(Language).words;
  readonly state = input.required<RoomState>();
  readonly title = computed(() => roomTitle(this.state()));
  readonly back = output();
}
