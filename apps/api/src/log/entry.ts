import type { Author, Id, LogEntry, RoomRole, SystemEntry, SystemEvent } from '@parley/contract';

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
}

/** The entry as `viewer` may see it: the clientId is the author's only. */
export function toWire(entry: Entry, viewer: Id): LogEntry {
  const { id, room, seq, author, text } = entry;
  const at = entry.at.toISOString();
  if (entry.event) return systemEntry(entry, entry.event, at);
  const own = entry.clientId !== undefined && author.id === viewer;
  return { type: 'message', room, seq, id, sender: author, text, at, ...(own && { clientId: entry.clientId }) };
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
