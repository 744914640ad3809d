import { Component, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { RoomState } from '@parley/sdk';
import { Chat } from '../session/chat';
import { Avatar } from '../shared/avatar';
import { Language } from '../shared/language';
import { Moments } from '../shared/moments';
import { Notice } from '../shared/notice';
import { roomTitle } from './room-title';

/** The rooms of this person, the latest first. */
@Component({
  selector: 'parley-room-list',
  imports: [Avatar, Notice, RouterLink],
  templateUrl: './room-list.html',
  styleUrl: './room-list.css',
})
export class RoomList {
  readonly #moments = inject(Moments);
  readonly chat = inject(Chat);
  readonly words = inject(Language).words;
  /** The id of the open room. */
  readonly open = input.required<string | null>();

  title(state: RoomState): string {
    return roomTitle(state);
  }

  time({ room }: RoomState): string {
    return this.#moments.short(room.last?.at ?? room.created_at);
  }

  preview({ room: { last } }: RoomState): string {
    if (!last) return '';
    return last.type === 'message' ? `${last.sender.name}: ${last.text}` : last.message;
  }
}
