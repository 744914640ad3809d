import { Component, inject, input } from '@angular/core';
import type { Timestamp } from '@parley/contract';
import type { RoomState } from '@parley/sdk';
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

  time(at: Timestamp): string {
    return this.#moments.time(at);
  }
}
