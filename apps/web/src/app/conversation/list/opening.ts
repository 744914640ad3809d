import { LIMITS, type LogEntry } from '@parley/contract';
import type { RoomState } from '@parley/sdk';
import type { UnreadMark } from './unread-mark';

/** A screenful at least, and what is loaded at most in search of it, and of the first unread message. */
const SCREENFUL = 30;
const SEARCHED = 1_000;

/** Whether a room that is being opened needs a page more before there is something to show. */
export function wantsMore({ entries, hasOlder, base, room }: RoomState, mark: UnreadMark): boolean {
  if (!hasOlder || entries.length >= SEARCHED) return false;
  return shown(entries) < SCREENFUL || (room.unread > 0 && mark !== null && mark < base);
}

/** How large a page is: with a screenful there already somebody waits for what is further up. */
export function pageSize({ entries }: RoomState): number {
  return entries.length < SCREENFUL ? LIMITS.pageDefault : LIMITS.pageMax;
}

/** Whether there are unread messages above all that is loaded: who is at the end has never seen them. */
export function hasUnreadAbove(state: RoomState): boolean {
  const { hasOlder, base, room } = state;
  return hasOlder && room.unread > 0 && room.read < base && !holdsUnread(state);
}

/**
 * Whether so many messages of others are loaded as are unread. Where only so many are counted there may be more. The
 * newest are looked at first, and no more than it takes: a list may hold a hundred thousand.
 */
function holdsUnread({ entries, me, room }: RoomState): boolean {
  let missing = room.unread;
  const isLast = (entry: LogEntry): boolean => entry.type === 'message' && entry.sender.id !== me && --missing === 0;
  return room.unread < LIMITS.unreadCounted && entries.findLast(isLast) !== undefined;
}

/** How many entries have a row. */
function shown(entries: readonly LogEntry[]): number {
  return entries.filter(({ type }) => type !== 'reaction').length;
}
