import { Component, inject, input, signal } from '@angular/core';
import type { RoomState } from '@parley/sdk';
import { Chat } from '../session/chat';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';

/** Where a message is written. */
@Component({
  selector: 'parley-composer',
  imports: [Icon],
  templateUrl: './composer.html',
  styleUrl: './composer.css',
})
export class Composer {
  readonly #chat = inject(Chat);
  readonly words = inject(Language).words;
  readonly state = input.required<RoomState>();
  readonly text = signal('');

  send(event: Event): void {
    event.preventDefault();
    if (this.text().trim() === '') return;
    this.#chat.post(this.state().room.id, this.text());
    this.text.set('');
  }
}
