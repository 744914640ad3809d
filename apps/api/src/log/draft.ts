import type { Author, Id } from '@parley/contract';
import type { Transaction } from '../database/transaction';
import type { Entry } from './entry';

/** A message that wants its place in a room's log. */
export interface MessageDraft {
  room: Id;
  author: Author;
  text: string;
  clientId: string;
  /** Asked when the message's turn has come: throws where the author may not write there. */
  admit(): void;
}

/**
 * Something that changes more than the log, and is an entry of it. Database, memory and everybody's screens change in
 * that order.
 */
export interface EventDraft {
  room: Id;
  /** Whom it is about. */
  author: Author;
  /**
   * Asked when the event's turn has come: what the entry says; nothing where it is so already; a throw where it may not
   * happen (any more).
   */
  describe(): Promise<Pick<Entry, 'text' | 'event' | 'role' | 'heir' | 'reaction'> | undefined>;
  /** The change in the database, in the transaction that writes the entry. It may run more than once. */
  change(transaction: Transaction, entry: Entry): Promise<void>;
  /** The change in memory, at once after the commit; `tell` sends the entry to whoever listens to the room. */
  settle(entry: Entry, tell: () => void): void;
}
