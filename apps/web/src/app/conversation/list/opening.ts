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
export function hasUnreadAbove({ hasOlder, base, room }: RoomState): boolean {
  return hasOlder && room.unread > 0 && room.read < base;
}

/** How many entries have a row. */
function shown(entries: readonly LogEntry[]): number {
  return entries.filter(({ type }) => type !== 'reaction').length;
}
