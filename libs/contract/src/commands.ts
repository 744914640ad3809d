import type { Limits } from './limits';
import type { Id, LogEntry, Me, MyRoom, PersonPresence, RoomMetadata, Session, Timestamp } from './nouns';

/** For each room, the `seq` of the newest entry that the client has; 0 for none. */
export type Seen = Record<Id, number>;

/** The first frame of a connection. */
export interface Authenticate {
  token: string;
  /** What the client has already: the server then sends `synced` with the rest. */
  seen?: Seen;
}

/** The reply to `authenticate`. */
export interface Welcome {
  user: Me;
  session: Session;
  rooms: MyRoom[];
  heartbeatMs: number;
  limits: Limits;
}

/** A new room: unique name, public unless it says otherwise. Its creator is a member and the owner. */
export interface CreateRoom {
  name: string;
  /** Ids or phone numbers of its first members. */
  users?: string[];
  metadata?: {
    description?: string;
    settings?: Partial<RoomMetadata['settings']>;
  };
}

/** A new private group of the caller and `users` (ids or phone numbers; an unknown one fails the call). */
export interface CreateGroup {
  name: string;
  users: string[];
}

/** The other person of a private chat: by phone number or by id, exactly one of them. */
export interface OpenPrivateRoom {
  phone?: string;
  user?: Id;
}

/** A room to join: by id or by its unique name, exactly one of them. */
export interface JoinRoom {
  room?: Id;
  name?: string;
}

/** Names a room. */
export interface RoomRef {
  room: Id;
}

/** People to add to a room that the caller is in: ids or phone numbers. */
export interface AddMembers {
  room: Id;
  users: string[];
}

/** A message to a room. A repeat with the same `clientId` returns the first one's reply and posts nothing. */
export interface PostMessage {
  room: Id;
  clientId: string;
  text: string;
}

/** The message is on disk: its place in the room's log. */
export interface Posted {
  room: Id;
  seq: number;
  id: Id;
  at: Timestamp;
}

/** How one wants one's reaction to a message to be: there or not. A repeat changes nothing. */
export interface React {
  room: Id;
  /** The `seq` of the message. */
  to: number;
  /** One emoji, as Unicode recommends it for interchange (RGI). */
  emoji: string;
  on: boolean;
}

/** Asks for what was missed. */
export interface Sync {
  seen: Seen;
}

/**
 * What a client missed in one room. Whole: with `reset` false, `entries` is every entry after the `seq` that the client
 * has seen. With `reset` true too much was missed: forget what you have, here is the newest page.
 * `gone`: the caller is not (or no longer) a member, or the room does not exist.
 */
export type SyncedRoom = { reset: boolean; entries: LogEntry[] } | { gone: true };

/** The reply to `sync`, and the data of `synced`. */
export interface Synced {
  rooms: Record<Id, SyncedRoom>;
}

/** How far the caller has read a room. The mark never moves back. */
export interface MarkRead {
  room: Id;
  seq: number;
}

/** The mark as it stands, and what is unread after it. */
export interface ReadMark {
  room: Id;
  read: number;
  unread: number;
}

/** The people whose presence this connection wants to know, instead of those that it named before. */
export interface WatchPresence {
  users: Id[];
}

/** How those of them are who share a room with the caller. */
export interface WatchedPresence {
  people: PersonPresence[];
}

/** What a client can ask of the gateway: for each command its data and the data of its reply. */
export interface Commands {
  authenticate: { data: Authenticate; reply: Welcome };
  createRoom: { data: CreateRoom; reply: MyRoom };
  createGroup: { data: CreateGroup; reply: MyRoom };
  openPrivateRoom: { data: OpenPrivateRoom; reply: MyRoom };
  joinRoom: { data: JoinRoom; reply: MyRoom };
  addMembers: { data: AddMembers; reply: MyRoom };
  leaveRoom: { data: RoomRef; reply: RoomRef };
  deleteRoom: { data: RoomRef; reply: RoomRef };
  postMessage: { data: PostMessage; reply: Posted };
  /** The reply says how it is now, on disk. */
  react: { data: React; reply: React };
  markRead: { data: MarkRead; reply: ReadMark };
  sync: { data: Sync; reply: Synced };
  watchPresence: { data: WatchPresence; reply: WatchedPresence };
  typing: { data: RoomRef; reply: RoomRef };
  ping: { data: Record<string, never>; reply: { at: Timestamp } };
}

/** The name of a command; it is also the name of the method that handles it. */
export type CommandName = keyof Commands;
