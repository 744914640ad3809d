import { Component, computed, type ElementRef, inject, input, output, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { ROLE_PERMISSIONS } from '@parley/contract';
import type { RoomState } from '@parley/sdk';
import { otherPerson } from '../people/contacts';
import { Session } from '../session/session';
import { Avatar } from '../shared/avatar';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { Moments } from '../shared/moments';
import { PhoneText } from '../shared/phone-text';
import { MemberList } from './member-list';
import { RoomActions } from './room-actions';
import { RoomDialogs } from './room-dialogs';
import { roomFace, roomKind } from './room-title';

/** What a room is, who is in it, and what can be done with it. */
@Component({
  selector: 'parley-room-details',
  imports: [Avatar, Icon, MatButton, MemberList, PhoneText],
  templateUrl: './room-details.html',
  styleUrl: './room-details.css',
})
export class RoomDetails {
  readonly #me = inject(Session).me;
  readonly #moments = inject(Moments);
  readonly actions = inject(RoomActions);
  readonly dialogs = inject(RoomDialogs);
  readonly words = inject(Language).words;
  readonly state = input.required<RoomState>();
  /** The level of its heading: 1 where it covers everything else. */
  readonly level = input<1 | 2>(2);
  readonly closed = output();

  readonly face = computed(() => roomFace(this.state()));
  readonly kind = computed(() => this.words().rooms.kinds[roomKind(this.state().room)]);
  readonly phone = computed(() => otherPerson(this.state())[0]?.phone);
  readonly since = computed(() => this.words().rooms.about.created(this.#moments.date(this.state().room.created_at)));
  readonly isPrivate = computed(() => this.state().room.kind === 'private');
  readonly isMember = computed(() => this.state().gone === null);
  readonly mayAdd = computed(() => this.isMember() && !this.isPrivate());
  readonly mayDelete = computed(
    () => ROLE_PERMISSIONS[this.state().room.role].includes('deleteRoom') || this.#me()?.role === 'administrator',
  );
  readonly wayOut = viewChild.required<ElementRef<HTMLElement>>('out');

  focus(): void {
    this.wayOut().nativeElement.focus();
  }
}
