import type { Room, User } from '@parley/contract';
import type { RoomState } from '@parley/sdk';
import { otherPerson } from '../people/contacts';
import { isFound } from '../shared/fold';
import { roomTitle } from './room-title';

/** As many of one's own rooms as are shown. */
const MOST_MINE = 20;

/** What the server finds: people, and rooms that one may see. */
export interface Answer {
  people: readonly User[];
  rooms: readonly Room[];
}

/** What a search shows. Nobody and nothing is in it twice. */
export interface Results {
  /** One's own chats, the latest first. */
  mine: readonly RoomState[];
  /** Those whom one talks to come first. */
  people: readonly User[];
  /** Rooms that one is not in. */
  open: readonly Room[];
}

/** Puts one's own rooms together with the server's latest answer, which may be to what was typed a moment ago. */
export function resultsOf(
  typed: string,
  rooms: readonly RoomState[],
  latest: { query: string; found: Answer } | undefined,
): Results {
  const isWanted = ({ name }: { name: string }) => latest?.query === typed || isFound(name, typed);
  const mine = rooms.filter((state) => isFound(roomTitle(state), typed)).slice(0, MOST_MINE);
  const shown = new Set(mine.flatMap(otherPerson).map(({ id }) => id));
  const members = new Set(rooms.map(({ room }) => room.id));
  return {
    mine,
    people: contactsFirst(rooms, latest?.found.people ?? []).filter((user) => isWanted(user) && !shown.has(user.id)),
    open: (latest?.found.rooms ?? []).filter((room) => isWanted(room) && !members.has(room.id)),
  };
}

function contactsFirst(rooms: readonly RoomState[], people: readonly User[]): readonly User[] {
  const places = new Map(rooms.flatMap(otherPerson).map(({ id }, place) => [id, place]));
  const place = ({ id }: User) => places.get(id) ?? places.size;
  return [...people].sort((a, b) => place(a) - place(b));
}
