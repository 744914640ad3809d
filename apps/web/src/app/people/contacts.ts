import { computed, inject, Injectable } from '@angular/core';
import type { LogEntry } from '@parley/contract';
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

/** The other person of a private chat: nobody, or one. Who has left it is known by what they have said and done there. */
export function otherPerson({ room, me, entries }: Pick<RoomState, 'room' | 'me' | 'entries'>): Person[] {
  if (room.kind !== 'private') return [];
  const isOther = ({ id }: Person): boolean => id !== me;
  const other = room.users.find(isOther) ?? entries.flatMap(doerOf).findLast(isOther);
  return other ? [other] : [];
}

/** Whether nobody would read what is written in a private chat: the other person has left it. */
export function isAbandoned({ room, me }: Pick<RoomState, 'room' | 'me'>): boolean {
  return room.kind === 'private' && room.users.every(({ id }) => id === me);
}

/** Who wrote or did it; nobody for what a newer server tells. */
function doerOf(entry: LogEntry): Person[] {
  if (entry.type === 'message') return [entry.sender];
  return entry.type === 'reaction' || entry.type === 'system' ? [entry.user] : [];
}
