import type { Synced, ReadMark } from './commands';
import type { WireError } from './errors';
import type { Id, MessageEntry, MyRoom, ReactionEntry, SystemEntry } from './nouns';

/** You are no longer a member of a room. */
export interface RoomRemoved {
  room: Id;
  reason: 'left' | 'deleted';
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
  /** What was missed, right after the reply to an `authenticate` with `seen`. */
  synced: Synced;
  /** About the connection, not about a command that had an id. */
  error: WireError;
}

/** The name of an event. */
export type EventName = keyof Events;
