import type { LogEntry, Me, MessageEntry, MyRoom, ReactionEntry, SystemEntry } from '@parley/contract';
import { openRoom, type RoomState, withEntries } from '@parley/sdk';

/** The person who looks at the page in a test. */
export const ME: Me = {
  id: 'a'.repeat(24),
  name: 'An Nguyễn',
  phone: '+84912345567',
  role: 'user',
  status: 'available',
  created_at: '2026-11-22T08:00:00.000Z',
};

/** A message of a room's log. */
export function message(seq: number, given: Partial<MessageEntry> = {}): MessageEntry {
  const at = new Date(Date.UTC(2026, 10, 22, 9, 0, seq)).toISOString();
  const sender = { id: 'b'.repeat(24), name: 'Bình Trần' };
  return { type: 'message', room: roomId(1), seq, id: `e${seq}`, sender, text: `Message ${seq}`, at, ...given };
}

/** Somebody's reaction in a room's log. */
export function reaction(seq: number, to: number, given: Partial<ReactionEntry> = {}): ReactionEntry {
  const { room, id, at, sender: user } = message(seq);
  return { type: 'reaction', room, seq, id, user, to, emoji: '👍', on: true, at, ...given };
}

/** A happening in a room's log. */
export function system(seq: number, given: Partial<SystemEntry> = {}): SystemEntry {
  const { room, id, at, sender: user } = message(seq);
  const told = 'Bình Trần has joined the room Tea.';
  return { type: 'system', event: 'join', message: told, room, seq, id, user, at, ...given };
}

/** The id of the room with a number. */
export function roomId(number: number): string {
  return number.toString(16).padStart(24, '0');
}

/** A room as its member sees it. */
export function myRoom(given: Partial<MyRoom> = {}): MyRoom {
  return {
    id: roomId(1),
    name: 'Tea',
    kind: 'group',
    created_at: '2026-11-22T08:00:00.000Z',
    users: [{ ...ME, role: 'owner', joined_at: '2026-11-22T08:00:00.000Z' }],
    user_count: 1,
    metadata: { description: '', settings: { is_private: true, max_participants: 1_000 } },
    role: 'owner',
    seq: 0,
    last: null,
    read: 0,
    unread: 0,
    ...given,
  };
}

/** The state of a room whose whole log is `entries`. */
export function roomState(entries: readonly LogEntry[] = [], given: Partial<MyRoom> = {}): RoomState {
  const last = entries.at(-1) ?? null;
  const state = openRoom(ME.id, myRoom({ seq: last?.seq ?? 0, last, ...given }));
  return withEntries({ ...state, base: 0, hasOlder: false }, entries);
}

/** The private chat with somebody: the room's number is also theirs. */
export function privateChat(number: number, name: string, entries: readonly LogEntry[] = []): RoomState {
  const other = {
    id: personId(number),
    name,
    phone: '+84 ••• ••• 567',
    role: 'owner',
    joined_at: ME.created_at,
  } as const;
  const me = { ...ME, role: 'owner', joined_at: ME.created_at } as const;
  return roomState(entries, {
    id: roomId(number),
    name: 'private_room_1_2',
    kind: 'private',
    users: [me, other],
    user_count: 2,
  });
}

/** The id of the person with a number. */
export function personId(number: number): string {
  return number.toString(16).padStart(24, 'f');
}
