import { Component, inject, input } from '@angular/core';
import type { RoomState } from '@parley/sdk';
import { Language } from '../shared/language';

/** A room's members, and what can be done with the room. */
@Component({ selector: 'parley-room-details', templateUrl: './room-details.html' })
export class RoomDetails {
  readonly words = inject(Language).words;
  readonly state = input.required<RoomState>();
}
