import type { LogEntry } from '@parley/contract';
import type { RoomState } from '@parley/sdk';
import type { UnreadMark } from './unread-mark';

/** A screenful at least, and what is loaded at most in search of it, and of the first unread message. */
const SCREENFUL = 30;
const SEARCHED_FOR_SCREENFUL = 1_000;
const SEARCHED = 200;

/** Whether a room that is being opened needs a page more before there is something to show. */
export function wantsMore({ entries, hasOlder, base, room }: RoomState, mark: UnreadMark): boolean {
  if (!hasOlder) return false;
  if (entries.length < SEARCHED_FOR_SCREENFUL && shown(entries) < SCREENFUL) return true;
  return room.unread > 0 && mark !== null && mark < base && entries.length < SEARCHED;
}

/** How many entries have a row. */
function shown(entries: readonly LogEntry[]): number {
  return entries.filter(({ type }) => type !== 'reaction').length;
}
