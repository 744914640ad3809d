import type { Synced, ReadMark } from './commands';
import type { WireError } from './errors';
import type { Author, Id, Me, MessageEntry, MyRoom, PersonPresence, ReactionEntry, SystemEntry } from './nouns';

/** You are no longer a member of a room. */
export interface RoomRemoved {
  room: Id;
  reason: 'left' | 'deleted';
}

/** Somebody else is typing in a room. It is no entry of the log, and may get lost. */
export interface Typing {
  room: Id;
  user: Author;
}

/** What the gateway tells without being asked: for each event its data. */
export interface Events {
  messagePosted: MessageEntry;
  messageReacted: ReactionEntry;
  system: SystemEntry;
  roomAdded: MyRoom;
  roomRemoved: RoomRemoved;
  /** You have read on: to all of your connections, the one that said so included. */
  roomRead: ReadMark;
  /** Your name or status is another, whichever session changed it: to all of your connections. */
  meChanged: Me;
  /** Somebody whom this connection watches came, went, or has another status. */
  presenceChanged: PersonPresence;
  typing: Typing;
  /** What was missed, right after the reply to an `authenticate` with `seen`. */
  synced: Synced;
  /** About the connection, not about a command that had an id. */
  error: WireError;
}

/** The name of an event. */
export type EventName = keyof Events;
