import { Component, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { Member } from '@parley/contract';
import type { RoomState } from '@parley/sdk';
import { FaceLine } from '../people/face-line';
import { SearchField } from '../shared/search-field';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { phoneText } from '../shared/phone-text';
import { RoomActions } from './room-actions';
import { RoomMembers } from './room-members';

/** With more members than this there is a search among them. */
const SEARCHABLE = 15;

/** Who is in a room, and the way to a private chat with each. */
@Component({
  selector: 'parley-member-list',
  imports: [FaceLine, Icon, MatButton, SearchField],
  templateUrl: './member-list.html',
  styleUrl: './member-list.css',
  providers: [RoomMembers],
})
export class MemberList {
  readonly members = inject(RoomMembers);
  readonly actions = inject(RoomActions);
  readonly words = inject(Language).words;
  readonly state = input.required<RoomState>();
  readonly searchable = SEARCHABLE;

  constructor() {
    this.members.follow(this.state);
  }

  isMe({ id }: Member): boolean {
    return id === this.state().me;
  }

  /** The signed-in person's own number is of no interest here. */
  detail(member: Member): string {
    return this.isMe(member) ? this.words().rooms.about.you : phoneText(member.phone);
  }
}
