import { Injectable } from '@nestjs/common';
import { LIMITS, type Id, type LogPage, type SyncedRoom } from '@parley/contract';
import { toWire, typeOf, type Entry } from './entry';
import { EntryRepository } from './entry.repository';
import { LogTails } from './log-tails';
import type { Head } from './room-log';

/** Which page of a log: next to `before` or `after` a seq, the newest where neither is said. */
export interface LogPageRequest {
  before?: number;
  after?: number;
  limit: number;
}

/** How much one `sync` may still bring, in UTF-16 units of text; past it rooms are reset to be read page by page. */
export interface SyncBudget {
  left: number;
  /** A room was read in vain: from then on nothing longer than a page is tried. */
  overrun?: boolean;
}

/** What an entry weighs in a budget beside its text. */
const ENTRY_OVERHEAD = 250;

/** How far back unread messages are counted: one's own and reactions between them do not count, but cost. */
const UNREAD_WINDOW = 2_000;

/** So far back they are counted among entries in memory: in most rooms these hold as many as are ever counted. */
const UNREAD_NEAR = 150;

/** What one `sync` may bring in all. */
export const SYNC_BUDGET = 1_000_000;

/** Reads rooms' logs for one reader. Whether they may read, others have asked. */
@Injectable()
export class LogReader {
  constructor(
    private readonly repository: EntryRepository,
    private readonly tails: LogTails,
  ) {}

  /** A page of the log, in ascending seq. */
  async page(room: Id, reader: Id, { before, after, limit }: LogPageRequest): Promise<LogPage> {
    const found =
      after === undefined
        ? await this.repository.before(room, before ?? Number.MAX_SAFE_INTEGER, limit + 1)
        : await this.repository.after(room, after, limit + 1);
    const more = found.length > limit;
    const entries = after === undefined ? found.slice(-limit) : found.slice(0, limit);
    return { entries: entries.filter(below(before)).map((entry) => toWire(entry, reader)), more };
  }

  /** Every entry after `seen` up to `head`, or an explicit reset: never a part. */
  async missed(room: Id, reader: Id, seen: number, head: Head, budget: SyncBudget): Promise<SyncedRoom> {
    const count = head.seq - seen;
    if (count === 0) return { reset: false, entries: [] };
    if (count < 0 || count > LIMITS.syncEntries) return this.reset(room, reader, head, budget);
    const hopeless = count * ENTRY_OVERHEAD > budget.left || (budget.overrun && count > LIMITS.pageDefault);
    if (hopeless) return this.reset(room, reader, head, budget);
    const entries = await this.tails.between(room, seen, head.seq);
    const whole = entries.length === count && entries.at(-1)!.seq === head.seq;
    if (!whole) return this.reset(room, reader, head, budget);
    if (weight(entries) > budget.left) {
      budget.overrun = true;
      return this.reset(room, reader, head, budget);
    }
    return { reset: false, entries: this.spend(entries, reader, budget) };
  }

  /** The message that its author named `clientId`. */
  messageOf(author: Id, clientId: string): Promise<Entry | undefined> {
    return this.repository.findByClientId(author, clientId);
  }

  /** Messages of others after `read` and not after `upTo`, among the newest, counted up to `LIMITS.unreadCounted`. */
  async unread(room: Id, reader: Id, read: number, upTo: number): Promise<number> {
    if (read >= upTo) return 0;
    const near = Math.max(read, upTo - UNREAD_NEAR);
    const unread = (await this.tails.between(room, near, upTo)).filter(isUnread(reader)).length;
    if (near === read || unread >= LIMITS.unreadCounted) return Math.min(unread, LIMITS.unreadCounted);
    const after = Math.max(read, upTo - UNREAD_WINDOW);
    return this.repository.countUnread(room, { after, upTo }, reader, LIMITS.unreadCounted);
  }

  private async reset(room: Id, reader: Id, head: Head, budget: SyncBudget): Promise<SyncedRoom> {
    if (budget.left <= 0) return { reset: true, entries: [] };
    const newest = await this.tails.between(room, Math.max(0, head.seq - LIMITS.pageDefault), head.seq);
    const fits = weight(newest) <= budget.left;
    // What does not fit is not tried again room by room: whoever missed that much reads page by page.
    if (!fits) budget.left = 0;
    return { reset: true, entries: this.spend(fits ? newest : [], reader, budget) };
  }

  private spend(entries: Entry[], reader: Id, budget: SyncBudget): LogPage['entries'] {
    budget.left -= weight(entries);
    return entries.map((entry) => toWire(entry, reader));
  }
}

function isUnread(reader: Id): (entry: Entry) => boolean {
  return (entry) => typeOf(entry) === 'message' && entry.author.id !== reader;
}

function below(before: number | undefined): (entry: Entry) => boolean {
  return ({ seq }) => before === undefined || seq < before;
}

function weight(entries: readonly Entry[]): number {
  return entries.reduce((sum, { text }) => sum + text.length + ENTRY_OVERHEAD, 0);
}
