/** A document's id: 24 hexadecimal digits. */
export type Id = string;

/** A moment: ISO 8601 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export type Timestamp = string;

/** What a person may do on the whole server. The first one to sign up is the administrator. */
export type UserRole = 'user' | 'administrator';

/** What a member may do in a room; `ROLE_PERMISSIONS` says what each role allows. */
export type RoomRole = 'owner' | 'member';

/** What a room's role can allow. */
export type RoomPermission = 'read' | 'post' | 'react' | 'addMembers' | 'deleteRoom';

/** The one table of roles: adding a role or a permission is a line here. */
export const ROLE_PERMISSIONS: Readonly<Record<RoomRole, readonly RoomPermission[]>> = {
  owner: ['read', 'post', 'react', 'addMembers', 'deleteRoom'],
  member: ['read', 'post', 'react', 'addMembers'],
};

/** A person as others see them. `phone` is E.164, or masked (`+84 ••• ••• 567`) where the caller may not see it. */
export interface User {
  id: Id;
  name: string;
  phone: string;
}

/** What people can say of themselves, for as long as they are connected. */
export const PERSON_STATUSES = ['available', 'away', 'busy'] as const;

/** What a person says of themselves; it is kept until they say something else. */
export type PersonStatus = (typeof PERSON_STATUSES)[number];

/** How a person appears to others: `offline` without a connection, otherwise by their status; `online` is `available`. */
export type Presence = 'online' | 'away' | 'busy' | 'offline';

/** Whether somebody is there. */
export interface PersonPresence {
  user: Id;
  presence: Presence;
  /** With `offline`: until when they were there, where that is known. */
  since?: Timestamp;
}

/** The signed-in person's own account; `phone` is never masked. */
export interface Me extends User {
  role: UserRole;
  status: PersonStatus;
  created_at: Timestamp;
}

/** Where somebody is signed in. The token itself is shown once, by sign-in. */
export interface Session {
  id: Id;
  /** The User-Agent that signed in, as sent, at most 200 characters; empty when none was sent. */
  device: string;
  created_at: Timestamp;
  last_seen_at: Timestamp;
  expires_at: Timestamp;
  /** Whether this is the session that asks. */
  current: boolean;
}

/** All kinds of rooms. */
export const ROOM_KINDS = ['room', 'group', 'private'] as const;

/**
 * `room`: made by `createRoom`, its name unique. `group`: made by `createGroup`, private, its name free.
 * `private`: two people, named after their phone numbers.
 */
export type RoomKind = (typeof ROOM_KINDS)[number];

/** What its creator says of a room. */
export interface RoomMetadata {
  description: string;
  settings: {
    /** Not found and not joined by strangers: members are added by members. */
    is_private: boolean;
    max_participants: number;
  };
}

/** A person's place in a room. */
export interface Member extends User {
  role: RoomRole;
  joined_at: Timestamp;
}

/** A room as anybody who may see it sees it. */
export interface Room {
  id: Id;
  name: string;
  kind: RoomKind;
  created_at: Timestamp;
  /** The first members, up to `LIMITS.membersShown`, in the order in which they joined; nobody where you are not one. */
  users: Member[];
  /** How many members there are in all. */
  user_count: number;
  metadata: RoomMetadata;
}

/** A room as one of its members sees it. */
export interface MyRoom extends Room {
  role: RoomRole;
  /** The `seq` of the newest entry of the log; 0 while there is none. */
  seq: number;
  /** The newest entry, for a preview. */
  last: LogEntry | null;
  /** The `seq` up to which this person has read. */
  read: number;
  /** Messages of others after `read`, counted up to `LIMITS.unreadCounted`. */
  unread: number;
}

/** Who wrote or did something, under the name they had then. */
export interface Author {
  id: Id;
  name: string;
}

/** A message in a room's log. */
export interface MessageEntry {
  type: 'message';
  room: Id;
  seq: number;
  id: Id;
  sender: Author;
  text: string;
  at: Timestamp;
  /** The author's own name for the message; only the author's sessions get it. */
  clientId?: string;
}

/**
 * Somebody's reaction to a message, as an entry of its room's log. Of all that a person said of one message with one
 * emoji, the newest counts. Reactions are not unread, and are no messages.
 */
export interface ReactionEntry {
  type: 'reaction';
  room: Id;
  seq: number;
  id: Id;
  user: Author;
  /** The `seq` of the message. */
  to: number;
  emoji: string;
  /** Whether it was set, or taken back. */
  on: boolean;
  at: Timestamp;
}

/** What can happen to a room. */
export type SystemEvent = 'join' | 'leave' | 'delete';

/**
 * Something that happened to a room, as an entry of its log.
 * `join` carries the role that the newcomer has; `leave` names the heir when the last owner left.
 */
export interface SystemEntry {
  type: 'system';
  event: SystemEvent;
  /** The sentence to show: `NAME has joined the room ROOM.` */
  message: string;
  room: Id;
  seq: number;
  id: Id;
  user: Author;
  at: Timestamp;
  role?: RoomRole;
  heir?: Author;
}

/** One entry of a room's log. Entries of a room are numbered 1, 2, 3, … without a gap. */
export type LogEntry = MessageEntry | ReactionEntry | SystemEntry;

/** A page of a room's log, in ascending `seq`. */
export interface LogPage {
  entries: LogEntry[];
  /** Whether there is more in the direction that was asked for. */
  more: boolean;
}

/** A page of anything else; `next` is the cursor for `after`, null at the end. */
export interface Page<T> {
  items: T[];
  next: string | null;
}
