import {
  LIMITS,
  type Id,
  type LogEntry,
  type Member,
  type MessageEntry,
  type MyRoom,
  type SystemEntry,
} from '@parley/contract';

/** A member as far as the log tells: `phone` is there only if a fetch brought it. */
export interface RoomMember extends Omit<Member, 'phone'> {
  phone?: string;
}

/**
 * A room of one's own as it stands after the entry `seq`: what a fresh fetch at that entry would give, but for what no
 * entry tells. `users` are the first of its members in the order in which they joined, up to `LIMITS.membersShown`. Who
 * they are, their roles and their places follow the log; their names and phones are as of the last fetch, or, of
 * somebody who joined since, the name of that moment and no phone. Entries keep the names of their own time for ever.
 */
export interface RoomSummary extends Omit<MyRoom, 'users'> {
  users: readonly RoomMember[];
  /** One of `users` has left, and who moves up has not been shown yet: the list is short until the room is fetched. */
  usersOutdated?: true;
}

type Fold<E extends LogEntry> = (room: RoomSummary, entry: E, me: Id) => Partial<RoomSummary>;

const SYSTEM_FOLDS: Record<SystemEntry['event'], Fold<SystemEntry>> = {
  join: foldJoin,
  leave: foldLeave,
  delete: () => ({}),
};

/** The room after one more entry of its log, which must be the one that follows `room.seq`. */
export function foldEntry(room: RoomSummary, entry: LogEntry, me: Id): RoomSummary {
  return { ...room, ...changeBy(room, entry, me), seq: entry.seq, last: entry };
}

// A server may be newer than this client: an entry that it does not know changes nothing but `seq`.
function changeBy(room: RoomSummary, entry: LogEntry, me: Id): Partial<RoomSummary> {
  if (entry.type === 'message') return foldMessage(room, entry, me);
  return entry.type === 'system' ? foldSystem(room, entry, me) : {};
}

/** How many of `entries` count as unread for `me` after `read`; capped as the server caps it. */
export function countUnread(entries: readonly LogEntry[], read: number, me: Id): number {
  const unread = entries.filter((entry) => isUnread(entry, read, me)).length;
  return Math.min(unread, LIMITS.unreadCounted);
}

function isUnread(entry: LogEntry, read: number, me: Id): boolean {
  return entry.type === 'message' && entry.seq > read && entry.sender.id !== me;
}

function foldMessage(room: RoomSummary, entry: MessageEntry, me: Id): Partial<RoomSummary> {
  const more = isUnread(entry, room.read, me) ? 1 : 0;
  return { unread: Math.min(room.unread + more, LIMITS.unreadCounted) };
}

function foldSystem(room: RoomSummary, entry: SystemEntry, me: Id): Partial<RoomSummary> {
  return SYSTEM_FOLDS[entry.event]?.(room, entry, me) ?? {};
}

function foldJoin(room: RoomSummary, { user, role = 'member', at }: SystemEntry, me: Id): Partial<RoomSummary> {
  const mine = user.id === me ? { role } : {};
  if (room.users.some(({ id }) => id === user.id)) return mine;
  const newcomer: RoomMember = { ...user, role, joined_at: at };
  // Past the known members come others, or as many are shown as ever are: the newcomer is behind them, out of sight.
  const isShown = knowsAll(room) && room.users.length < LIMITS.membersShown;
  const users = isShown ? [...room.users, newcomer] : room.users;
  return { ...mine, users, user_count: room.user_count + 1 };
}

function foldLeave(room: RoomSummary, { user, heir }: SystemEntry, me: Id): Partial<RoomSummary> {
  const users = room.users.filter(({ id }) => id !== user.id).map((member) => inherited(member, heir?.id));
  const wasShown = users.length < room.users.length;
  const hasHidden = !knowsAll(room);
  const mine: Partial<RoomSummary> = heir?.id === me ? { role: 'owner' } : {};
  const gap: Partial<RoomSummary> = wasShown && hasHidden ? { usersOutdated: true } : {};
  return { ...mine, ...gap, users, user_count: room.user_count - (wasShown || hasHidden ? 1 : 0) };
}

function inherited(member: RoomMember, heir?: Id): RoomMember {
  return member.id === heir ? { ...member, role: 'owner' } : member;
}

function knowsAll(room: RoomSummary): boolean {
  return room.users.length === room.user_count;
}
