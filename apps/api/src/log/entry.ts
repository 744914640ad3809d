import type { Author, Id, LogEntry, ReactionEntry, RoomRole, SystemEntry, SystemEvent } from '@parley/contract';

/** An entry of a room's log as the server handles it: ids are hexadecimal, `author` is the one it is from or about. */
export interface Entry {
  id: Id;
  room: Id;
  seq: number;
  author: Author;
  at: Date;
  text: string;
  clientId?: string;
  event?: SystemEvent;
  role?: RoomRole;
  heir?: Author;
  reaction?: Reaction;
}

/** What makes an entry a reaction: to which `seq`, and whether it was set or taken back. Its text is the emoji. */
export interface Reaction {
  to: number;
  on: boolean;
}

/** Which kind of entry it is on the wire and in the database. */
export function typeOf({ event, reaction }: Entry): LogEntry['type'] {
  if (event) return 'system';
  return reaction ? 'reaction' : 'message';
}

let written = { at: new Date(0), text: new Date(0).toISOString() };

/** An entry's time as the wire has it. The entries of a commit share their Date: its text is made once for them all. */
export function wireTime({ at }: Entry): string {
  if (written.at !== at) written = { at, text: at.toISOString() };
  return written.text;
}

/** The entry as `viewer` may see it: the clientId is the author's only. */
export function toWire(entry: Entry, viewer: Id): LogEntry {
  const { id, room, seq, author, text } = entry;
  const at = wireTime(entry);
  if (entry.event) return systemEntry(entry, entry.event, at);
  if (entry.reaction) return reactionEntry(entry, entry.reaction, at);
  const own = entry.clientId !== undefined && author.id === viewer;
  return { type: 'message', room, seq, id, sender: author, text, at, ...(own && { clientId: entry.clientId }) };
}

function reactionEntry({ id, room, seq, author, text }: Entry, { to, on }: Reaction, at: string): ReactionEntry {
  return { type: 'reaction', room, seq, id, user: author, to, emoji: text, on, at };
}

function systemEntry(entry: Entry, event: SystemEvent, at: string): SystemEntry {
  const { id, room, seq, author, text, role, heir } = entry;
  return {
    type: 'system',
    event,
    message: text,
    room,
    seq,
    id,
    user: author,
    at,
    ...(role && { role }),
    ...(heir && { heir }),
  };
}
