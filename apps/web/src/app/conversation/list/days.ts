import type { Timestamp } from '@parley/contract';

/** Whether two moments are on the same day where the reader is. */
export function isSameDay(a: Timestamp, b: Timestamp): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
