import {
  ROLE_PERMISSIONS,
  type Id,
  type RoomKind,
  type RoomMetadata,
  type RoomPermission,
  type RoomRole,
} from '@parley/contract';

/** A person's place in a room. */
export interface Membership {
  user: Id;
  role: RoomRole;
  joinedAt: Date;
  /** The entry of the room's log by which they came; none for those who were there from the beginning. */
  joinedSeq?: number;
  /** The seq up to which they have read. */
  read: number;
}

/** A room as the server keeps it in memory: all of its members, and nothing of its log. */
export interface RoomRecord {
  id: Id;
  name: string;
  kind: RoomKind;
  createdAt: Date;
  metadata: RoomMetadata;
  /** For private chats: the two who can ever be in it. */
  pair?: readonly [Id, Id];
  /** The seq of the newest entry that changed who is in it, as far as is known here. */
  changedSeq: number;
  /** By user id, in the order in which they joined. */
  members: Map<Id, Membership>;
}

/** Which rooms are looked for. */
export interface RoomSearch {
  /** The beginnings of words of their names; all rooms without it. */
  q?: string;
  /** Only those of this kind. */
  kind?: RoomKind;
}

/** Whether a role allows something. */
export function allows(role: RoomRole, permission: RoomPermission): boolean {
  return ROLE_PERMISSIONS[role].includes(permission);
}

/** Whether somebody who is not in the room may know of it. */
export function isOpen(room: RoomRecord): boolean {
  return !room.metadata.settings.is_private;
}

/** Whether there is nobody left who owns the room: the next one to come then does. */
export function lacksOwner(room: RoomRecord): boolean {
  return ![...room.members.values()].some(({ role }) => role === 'owner');
}

/** Whether nobody could come back once the last one has left: such a room is deleted then. */
export function isLeftForGood(room: RoomRecord): boolean {
  return room.members.size <= 1 && !isOpen(room) && !room.pair;
}

/** Who is to own the room when `leaver` goes: nobody new while another owner stays, else whoever is there longest. */
export function heirOf(room: RoomRecord, leaver: Id): Membership | undefined {
  const others = [...room.members.values()].filter(({ user }) => user !== leaver);
  return others.some(({ role }) => role === 'owner') ? undefined : others[0];
}
