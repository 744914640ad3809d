import type { Synced, ReadMark } from './commands';
import type { WireError } from './errors';
import type { Id, MessageEntry, MyRoom, SystemEntry } from './nouns';

/** You are no longer a member of a room. */
export interface RoomRemoved {
  room: Id;
  reason: 'left' | 'deleted';
}

/** What the gateway tells without being asked: for each event its data. */
export interface Events {
  messagePosted: MessageEntry;
  system: SystemEntry;
  roomAdded: MyRoom;
  roomRemoved: RoomRemoved;
  /** Another session of yours has read on. */
  roomRead: ReadMark;
  /** What was missed: after an `authenticate` with `seen`, one frame or several, a part of the rooms in each. */
  synced: Synced;
  /** About the connection, not about a command that had an id. */
  error: WireError;
}

/** The name of an event. */
export type EventName = keyof Events;
