import { Injectable } from '@nestjs/common';
import type { Id } from '@parley/contract';
import { LRUCache } from 'lru-cache';
import type { Entry } from './entry';
import { EntryRepository } from './entry.repository';

/** A stretch of a log without a gap: every entry after one seq and up to another. */
interface Tail {
  after: number;
  upTo: number;
  entries: Entry[];
  /** In UTF-16 units, about. */
  size: number;
}

/** What all tails may hold, in UTF-16 units of text. */
const TAILS_SIZE = 16_000_000;

/** What an entry takes beside its text. */
const ENTRY_SIZE = 400;

/** Who comes back after the same break comes within this time. */
const KEEP_MS = 30_000;

/** Who comes back to a room at the same time has seen about the same of it: so much more is read than is asked for. */
const MARGIN = 50;

/**
 * The newest entries of rooms that were asked for just now. When a server is lost, everybody comes back at once and
 * asks for nearly the same: what the first one has read does for all the others. Entries never change, so nothing in
 * here can be out of date; whoever is served from it has been found to be a member as ever.
 */
@Injectable()
export class LogTails {
  private readonly tails = new LRUCache<Id, Tail>({ maxSize: TAILS_SIZE, sizeCalculation: ({ size }) => size });
  private readonly reading = new Map<Id, Promise<Tail | undefined>>();

  constructor(private readonly repository: EntryRepository) {}

  /** The newest entry in the database, read together with what most of those ask for who want to know it. */
  async newest(room: Id): Promise<Entry | undefined> {
    const entries = await this.repository.before(room, Number.MAX_SAFE_INTEGER, MARGIN);
    const last = entries.at(-1);
    if (last && !this.tails.has(room)) this.keep(room, { after: last.seq - entries.length, upTo: last.seq, entries });
    return last;
  }

  /** The entries after a seq and up to another, ascending: fewer where the log does not have them all. */
  async between(room: Id, after: number, upTo: number): Promise<Entry[]> {
    for (;;) {
      const known = this.tails.get(room);
      if (known && covers(known, after, upTo)) return part(known, after, upTo);
      const underWay = this.reading.get(room);
      if (!underWay) return part(await this.read(room, known, after, upTo), after, upTo);
      const come = await underWay.catch(() => undefined);
      if (come && covers(come, after, upTo)) return part(come, after, upTo);
    }
  }

  private read(room: Id, known: Tail | undefined, after: number, upTo: number): Promise<Tail> {
    const reading = known && known.after <= after ? this.grown(room, known, upTo) : this.fresh(room, after, upTo);
    this.reading.set(room, reading);
    return reading.finally(() => this.reading.delete(room));
  }

  private async fresh(room: Id, asked: number, upTo: number): Promise<Tail> {
    const after = Math.max(0, asked - MARGIN);
    const entries = await this.repository.after(room, after, upTo - after);
    return this.keep(room, { after, upTo, entries });
  }

  private async grown(room: Id, known: Tail, upTo: number): Promise<Tail> {
    const more = await this.repository.after(room, known.upTo, upTo - known.upTo);
    if (!follows(more, known.upTo, upTo)) return { ...known, upTo, entries: [...known.entries, ...more] };
    known.entries.push(...more);
    known.upTo = upTo;
    known.size += sizeOf(more);
    if (this.tails.peek(room) === known) this.tails.set(room, known);
    return known;
  }

  /** Keeps a stretch for a while, but for one with a gap. */
  private keep(room: Id, { after, upTo, entries }: Omit<Tail, 'size'>): Tail {
    const tail = { after, upTo, entries, size: sizeOf(entries) };
    if (!follows(entries, after, upTo)) return tail;
    this.tails.set(room, tail);
    setTimeout(() => this.forget(room, tail), KEEP_MS).unref();
    return tail;
  }

  private forget(room: Id, tail: Tail): void {
    if (this.tails.peek(room) === tail) this.tails.delete(room);
  }
}

function sizeOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { text }) => sum + text.length + ENTRY_SIZE, ENTRY_SIZE);
}

/** Whether these are all entries after one seq and up to another. */
function follows(entries: readonly Entry[], after: number, upTo: number): boolean {
  return entries.length === upTo - after && entries.every(({ seq }, index) => seq === after + 1 + index);
}

function covers(tail: Tail, after: number, upTo: number): boolean {
  return tail.after <= after && tail.upTo >= upTo;
}

function part({ entries }: Tail, after: number, upTo: number): Entry[] {
  return entries.filter(({ seq }) => seq > after && seq <= upTo);
}
