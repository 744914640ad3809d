import { Component, computed, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { Composer } from '../conversation/composer';
import { MessageList } from '../conversation/message-list';
import { RoomHeader } from '../rooms/room-header';
import { Chat } from '../session/chat';
import { Language } from '../shared/language';
import { Notice } from '../shared/notice';

/** The chat side with an open room: who it is with, what was said, and what to say. */
@Component({
  selector: 'parley-open-room',
  imports: [Composer, MessageList, Notice, RoomHeader, RouterLink],
  templateUrl: './open-room.html',
  styleUrl: './open-room.css',
})
export class OpenRoom {
  readonly #chat = inject(Chat);
  readonly #router = inject(Router);
  readonly words = inject(Language).words;
  /** The room's id, from the address. */
  readonly room = input.required<string>();
  readonly state = this.#chat.watch(this.room);
  /** Whether it is certain that there is no such room among this person's. */
  readonly isUnknown = computed(() => !this.state() && this.#chat.state().status === 'online');

  goBack(): void {
    void this.#router.navigateByUrl('/chat');
  }
}
