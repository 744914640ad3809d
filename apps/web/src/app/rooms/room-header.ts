import { Component, computed, type ElementRef, inject, input, output, viewChild } from '@angular/core';
import type { RoomState } from '@parley/sdk';
import { otherPerson } from '../people/contacts';
import { presenceText } from '../people/presence-text';
import { Chat } from '../session/chat';
import { Avatar } from '../shared/avatar';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { Minute } from '../shared/minute';
import { Moments } from '../shared/moments';
import { roomFace, roomKind } from './room-title';
import { TypingLine } from './typing-line';

/** The bar above a conversation: which room it is, and its details; on a phone, the way back. */
@Component({
  selector: 'parley-room-header',
  imports: [Avatar, Icon, TypingLine],
  templateUrl: './room-header.html',
  styleUrl: './room-header.css',
})
export class RoomHeader {
  readonly #chat = inject(Chat);
  readonly #moments = inject(Moments);
  readonly #minute = inject(Minute);
  readonly words = inject(Language).words;
  readonly state = input.required<RoomState>();
  /** Whether the details are shown. */
  readonly isDetailed = input.required<boolean>();
  readonly back = output();
  readonly details = output();
  readonly face = computed(() => roomFace(this.state()));
  readonly presence = this.#chat.presence(computed(() => otherPerson(this.state())[0]?.id));
  readonly typists = this.#chat.typists(computed(() => this.state().room.id));
  /** What it is, and how many are in it; of a private chat, how the other person is. */
  readonly line = computed(() => {
    const { kinds, members } = this.words().rooms;
    const { room } = this.state();
    const presence = this.presence();
    if (presence) return presenceText(presence, this.words(), this.#moments, this.#minute.now());
    return room.kind === 'private' ? kinds.private : `${kinds[roomKind(room)]} · ${members(room.user_count)}`;
  });
  readonly heading = viewChild.required<ElementRef<HTMLElement>>('title');
  readonly detailsButton = viewChild.required<ElementRef<HTMLElement>>('button');

  /** So that a screen reader says where one is. */
  focusTitle(): void {
    this.heading().nativeElement.focus();
  }

  focusDetails(): void {
    this.detailsButton().nativeElement.focus();
  }
}
