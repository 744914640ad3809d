import {
  afterRenderEffect,
  Component,
  computed,
  type ElementRef,
  inject,
  input,
  resource,
  signal,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { ParleyError } from '@parley/sdk';
import { Session } from '../session/session';
import { Avatar } from '../shared/avatar';
import { Failures } from '../shared/failures';
import { Language } from '../shared/language';
import { Notice } from '../shared/notice';
import { RoomActions } from './room-actions';
import { roomIcon, roomKind } from './room-title';

/** Stands before a room that one is not in: what it is, and the way in. Or it says that there is no such room. */
@Component({
  selector: 'parley-room-door',
  imports: [Avatar, MatButton, Notice, RouterLink],
  templateUrl: './room-door.html',
  styleUrl: './room-door.css',
})
export class RoomDoor {
  readonly #rest = inject(Session).rest;
  readonly #actions = inject(RoomActions);
  readonly failures = inject(Failures);
  readonly words = inject(Language).words;
  /** The room's id. */
  readonly id = input.required<string>();
  readonly room = resource({ params: () => this.id(), loader: ({ params }) => this.#rest.room(params) });
  /** Whether there is no such room; other failures may pass. */
  readonly isMissing = computed(() => {
    const error = this.room.error();
    return error instanceof ParleyError && (error.code === 'ROOM_NOT_FOUND' || error.code === 'VALIDATION_FAILED');
  });
  readonly icon = computed(() => (this.room.hasValue() ? roomIcon(this.room.value()) : undefined));
  readonly kind = computed(() => (this.room.hasValue() ? this.words().rooms.kinds[roomKind(this.room.value())] : ''));
  readonly isJoining = signal(false);
  readonly name = viewChild<ElementRef<HTMLElement>>('name');

  constructor() {
    // Where one came from, the search, has closed.
    afterRenderEffect(() => this.name()?.nativeElement.focus());
  }

  async join(): Promise<void> {
    if (this.isJoining()) return;
    this.isJoining.set(true);
    await this.#actions.join(this.id());
    this.isJoining.set(false);
  }
}
