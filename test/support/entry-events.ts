import type { Events, LogEntry } from '@parley/contract';

/** The events that tell an entry of a log; another kind of entry without its event does not compile. */
const ENTRY_EVENTS = {
  message: 'messagePosted',
  reaction: 'messageReacted',
  system: 'system',
} as const satisfies Record<LogEntry['type'], keyof Events>;

/** An event that tells an entry. */
export type EntryEvent = (typeof ENTRY_EVENTS)[LogEntry['type']];

/** The event that tells an entry of a kind. */
export const entryEvent = (type: LogEntry['type']): EntryEvent => ENTRY_EVENTS[type];

/** Whether an event tells an entry. */
export const isEntryEvent = (event: string): event is EntryEvent => Object.values<string>(ENTRY_EVENTS).includes(event);
