import {
  HEARTBEAT_MS,
  LIMITS,
  type MessageEntry,
  type MyRoom,
  type ReactionEntry,
  type SystemEntry,
  type Welcome,
} from '@parley/contract';

/** A moment, `seconds` into the tests' day. */
export function moment(seconds: number): string {
  return new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString();
}

export const ME = { id: 'me', name: 'An' };
export const OTHER = { id: 'other', name: 'Binh' };

export function message(seq: number, more: Partial<MessageEntry> = {}): MessageEntry {
  return {
    type: 'message',
    room: 'r1',
    seq,
    id: `e${seq}`,
    sender: OTHER,
    text: `Text ${seq}`,
    at: moment(seq),
    ...more,
  };
}

export function reaction(seq: number, to: number, more: Partial<ReactionEntry> = {}): ReactionEntry {
  const at = moment(seq);
  return { type: 'reaction', room: 'r1', seq, id: `e${seq}`, user: OTHER, to, emoji: '👍', on: true, at, ...more };
}

export function system(seq: number, event: SystemEntry['event'], more: Partial<SystemEntry> = {}): SystemEntry {
  const told = `${OTHER.name}: ${event}`;
  return {
    type: 'system',
    event,
    message: told,
    room: 'r1',
    seq,
    id: `e${seq}`,
    user: OTHER,
    at: moment(seq),
    ...more,
  };
}

/** A room of mine whose log is as long as `seq` says. */
export function myRoom(seq: number, more: Partial<MyRoom> = {}): MyRoom {
  return {
    id: 'r1',
    name: 'Kitchen',
    kind: 'room',
    created_at: moment(0),
    users: [
      { ...ME, phone: '+84901234567', role: 'owner', joined_at: moment(0) },
      { ...OTHER, phone: '+84 ••• ••• 111', role: 'member', joined_at: moment(0) },
    ],
    user_count: 2,
    metadata: { description: '', settings: { is_private: false, max_participants: 1_000 } },
    role: 'owner',
    seq,
    last: seq > 0 ? message(seq) : null,
    read: seq,
    unread: 0,
    ...more,
  };
}

export function welcome(rooms: MyRoom[] = [], more: Partial<Welcome> = {}): Welcome {
  return {
    user: { ...ME, phone: '+84901234567', role: 'user', status: 'available', created_at: moment(0) },
    session: {
      id: 's1',
      device: 'test',
      created_at: moment(0),
      last_seen_at: moment(0),
      expires_at: moment(86_400),
      current: true,
    },
    rooms,
    heartbeatMs: HEARTBEAT_MS,
    limits: LIMITS,
    ...more,
  };
}
