import { computed, inject, Injectable } from '@angular/core';
import type { RoomState } from '@parley/sdk';
import { Chat } from '../session/chat';

/** Somebody as a list shows them; the number is there as far as it is known and may be seen. */
export interface Person {
  id: string;
  name: string;
  phone?: string;
}

/** The people with whom there is a private chat. */
@Injectable({ providedIn: 'root' })
export class Contacts {
  readonly #chat = inject(Chat);
  /** Whom one has talked to last comes first. */
  readonly people = computed(() => this.#chat.rooms().flatMap(otherPerson));
}

/** The other person of a private chat: nobody, or one. */
export function otherPerson({ room, me }: Pick<RoomState, 'room' | 'me'>): Person[] {
  return room.kind === 'private' ? room.users.filter(({ id }) => id !== me).slice(0, 1) : [];
}
