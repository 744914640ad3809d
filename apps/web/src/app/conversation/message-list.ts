import { Component, effect, inject, input, untracked } from '@angular/core';
import type { Timestamp } from '@parley/contract';
import type { RoomState } from '@parley/sdk';
import { Chat } from '../session/chat';
import { Language } from '../shared/language';
import { Moments } from '../shared/moments';

/** What was said in a room, and what is on its way. */
@Component({
  selector: 'parley-message-list',
  templateUrl: './message-list.html',
  styleUrl: './message-list.css',
})
export class MessageList {
  readonly #moments = inject(Moments);
  readonly words = inject(Language).words;
  readonly state = input.required<RoomState>();
  #isLoading = false;

  constructor() {
    const chat = inject(Chat);
    // A room begins with its newest entry alone.
    effect(() => {
      const { entries, hasOlder, room } = this.state();
      if (!hasOlder || entries.length >= 30 || this.#isLoading) return;
      this.#isLoading = true;
      const done = () => (this.#isLoading = false);
      untracked(() => void chat.loadOlder(room.id).then(done, done));
    });
  }

  time(at: Timestamp): string {
    return this.#moments.time(at);
  }
}
