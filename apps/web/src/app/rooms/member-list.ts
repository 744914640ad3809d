import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { Member } from '@parley/contract';
import type { RoomState } from '@parley/sdk';
import { FaceLine } from '../people/face-line';
import { Chat } from '../session/chat';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { phoneText } from '../shared/phone-text';
import { SearchField } from '../shared/search-field';
import { RoomActions } from './room-actions';
import { RoomMembers } from './room-members';

/** Of so many it is shown how they are: more than fit on a screen. */
const WATCHED = 100;

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
  readonly #watched = computed(
    () =>
      this.members
        .shown()
        .slice(0, WATCHED)
        .map(({ id }) => id),
    { equal: areSame },
  );
  readonly actions = inject(RoomActions);
  readonly words = inject(Language).words;
  readonly state = input.required<RoomState>();
  readonly presences = inject(Chat).presences(this.#watched);
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

function areSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((each, at) => each === others[at]);
}
