import type { Id } from '@parley/contract';
import { metrics } from '../common/metrics';
import type { Hub } from '../realtime/hub';
import type { Entry } from './entry';
import type { EntryRepository } from './entry.repository';
import type { LogTails } from './log-tails';
import { framesOf } from './room-frame';

/** The end of a room's log as everybody has been told it. */
export interface Head {
  seq: number;
  last: Entry | undefined;
}

/** Makes memory what an event says, and tells the room by `tell`, in the right order of the two. */
export type ForeignListener = (entry: Entry, tell: () => void) => void;

/** Passes on what this process has put into a log. An event is answered when the promise is resolved. */
export type CommitListener = (room: Id, entries: readonly Entry[]) => Promise<unknown> | undefined;

/** Reads the newest entry of a room's log; `adopt` is called where the log's end was not known by then. */
export type HeadLoader = (room: Id) => Promise<{ last: Entry | undefined; adopt?: (head: Head) => void }>;

/** Who writes to these logs, and has the turn to read them too. */
export interface Writer {
  /** Resolves when all that has been written is told. */
  told(): Promise<void>;
  /** Has the writer call `readDue`, soon. */
  wake(): void;
}

/** Entries read at once when catching up. */
const CATCH_UP_PAGE = 500;

const READ_AGAIN_AFTER_MS = 1_000;

/**
 * Where some rooms' logs end, in three senses: what has been told (`heads`), what was given away and is not told yet
 * (`given`), and what is on disk, which others may have put there. Reads what is missing and tells it.
 */
export class LogEnds {
  private readonly heads = new Map<Id, Head>();
  private readonly loading = new Map<Id, Promise<Head>>();
  /** The newest seq that was given away in each room, where that entry has not been told yet. */
  private readonly given = new Map<Id, number>();
  /** Rooms whose log may have entries on disk that nobody was told of. */
  private readonly stale = new Set<Id>();
  /** Rooms with a commit whose outcome nobody knows: what is found there may be this process's own. */
  private readonly unsure = new Set<Id>();
  /** What others wrote behind entries of this process that have not been told yet. */
  private readonly early = new Map<Id, Entry[]>();
  /** Who waits until a room's log has been read. */
  private readonly reading = new Map<Id, PromiseWithResolvers<void>>();
  private again: NodeJS.Timeout | undefined;
  private due = false;
  private stopping = false;
  private onForeignEvent: ForeignListener = (_entry, tell) => tell();
  private onCommitted: CommitListener | undefined;
  private loader: HeadLoader = async (room) => ({ last: await this.tails.newest(room) });

  constructor(
    private readonly repository: EntryRepository,
    private readonly tails: LogTails,
    private readonly hub: Hub,
    private readonly writer: Writer,
  ) {}

  /** Registers who sees to an event that another process, or a commit of unknown outcome, put into a log. */
  whenForeign(listener: ForeignListener): void {
    this.onForeignEvent = listener;
  }

  /** Registers who passes on what this process has written, for other processes to hear it. */
  whenCommitted(listener: CommitListener): void {
    this.onCommitted = listener;
  }

  /** Names who finds out where a room's log ends. */
  loadBy(loader: HeadLoader): void {
    this.loader = loader;
  }

  /** The end of a room's log, from the database where it is not known yet. */
  head(room: Id): Promise<Head> {
    const known = this.heads.get(room);
    return known ? Promise.resolve(known) : this.load(room);
  }

  /** The end of a room's log if it is known: what has been told up to this very moment. */
  known(room: Id): Head | undefined {
    return this.heads.get(room);
  }

  /** The rooms whose logs' ends are known. */
  get rooms(): Iterable<Id> {
    return this.heads.keys();
  }

  /** A room has just been made: its log is empty. */
  begin(room: Id): void {
    this.heads.set(room, { seq: 0, last: undefined });
  }

  /** A room is no more. */
  forget(room: Id): void {
    this.heads.delete(room);
    this.given.delete(room);
    this.stale.delete(room);
    this.unsure.delete(room);
    this.early.delete(room);
    this.reading.get(room)?.resolve();
    this.reading.delete(room);
  }

  /** The end of a room's log need not be known any longer. To be asked while nothing is being written. */
  release(room: Id): boolean {
    return !this.stale.has(room) && !this.loading.has(room) && this.heads.delete(room);
  }

  /** Nothing is read any more of its own accord. */
  stop(): void {
    this.stopping = true;
  }

  /** The next seq of a room, given away. */
  next(room: Id): number {
    const seq = (this.given.get(room) ?? this.heads.get(room)!.seq) + 1;
    this.given.set(room, seq);
    return seq;
  }

  /** The numbers that were given away count no longer. */
  withdraw(): void {
    this.given.clear();
    this.takeEarly([...this.early.keys()]);
  }

  /** Everybody is being told a room's log up to this entry, in this turn. */
  advance(last: Entry): void {
    const { room, seq } = last;
    this.heads.set(room, { seq, last });
    if (this.given.get(room) === seq) this.given.delete(room);
  }

  /** Passes on to other processes what this one has written. */
  pass(room: Id, entries: readonly Entry[]): Promise<unknown> | undefined {
    return this.onCommitted?.(room, entries);
  }

  /** Sees to it that the heads of rooms are known and nothing of their logs is untold; whether that had to be read. */
  async prepare(rooms: Iterable<Id>): Promise<boolean> {
    let read = false;
    for (const room of new Set(rooms)) {
      read ||= !this.heads.has(room) || this.stale.has(room);
      if (!this.heads.has(room)) await this.load(room);
      if (this.stale.has(room)) await this.catchUp(room);
    }
    return read;
  }

  /** Another process has written what an entry was to be; it may even have been heard by now. */
  async giveWay({ room, seq }: Entry): Promise<void> {
    if ((this.heads.get(room)?.seq ?? 0) < seq) await this.catchUp(room);
  }

  /** A room's log holds something that is not known here. */
  doubt(room: Id): void {
    this.stale.add(room);
  }

  /** Nobody knows what of a commit has got to the disk: its rooms' logs are read again. */
  lost(rooms: Iterable<Id>): void {
    this.given.clear();
    for (const room of rooms) {
      this.stale.add(room);
      this.unsure.add(room);
    }
    this.readAgainSoon();
  }

  /** Another process has put entries into a log: tells them at once where they are the next ones. */
  heard(room: Id, entries: readonly Entry[]): void {
    const head = this.heads.get(room);
    if (!head) return this.loading.has(room) ? this.refresh(room) : undefined;
    const fresh = entries.filter(({ seq }) => seq > head.seq);
    if (fresh.length === 0) return;
    if (fresh[0]!.seq === head.seq + 1) {
      this.takeIn(room, fresh);
      this.takeEarly([room]);
    } else if (this.given.has(room)) this.early.set(room, [...(this.early.get(room) ?? []), ...fresh]);
    else this.refresh(room);
  }

  /** Takes in what others wrote behind entries that have been told by now. */
  takeEarly(rooms: Iterable<Id>): void {
    if (this.early.size === 0) return;
    for (const room of rooms) {
      const early = this.early.get(room);
      this.early.delete(room);
      if (early) this.heard(room, early);
    }
  }

  /** Resolves when what others have put into a log has been read, or the database did not answer. */
  async readOn(room: Id): Promise<void> {
    if (this.stopping) return;
    const read = this.reading.get(room) ?? Promise.withResolvers<void>();
    this.reading.set(room, read);
    this.refresh(room);
    return read.promise;
  }

  /** Whether a room's log was told up to a seq, or is no more. A number that was given away may turn out another's. */
  isKnown(room: Id, seq: number): boolean {
    const head = this.heads.get(room);
    return !head || seq <= head.seq;
  }

  /** A room's log goes at least up to a seq: reads what is not known of it here. */
  reached(room: Id, seq: number): void {
    const known = this.given.get(room) ?? this.heads.get(room)?.seq;
    if (known === undefined ? this.loading.has(room) : seq > known) this.refresh(room);
  }

  /** Whether `readDue` has something to do. */
  get isDue(): boolean {
    return this.due;
  }

  /** Reads the logs that may hold something untold; what cannot be read now is tried again later. */
  async readDue(): Promise<void> {
    this.due = false;
    for (const room of [...this.stale]) await this.prepare([room]).catch(() => undefined);
    this.readAgainSoon();
  }

  private readAgainSoon(): void {
    if (this.again || this.stopping || this.stale.size === 0) return;
    this.again = setTimeout(() => {
      this.again = undefined;
      this.due = true;
      this.writer.wake();
    }, READ_AGAIN_AFTER_MS);
    this.again.unref();
  }

  /** Reads what is new in a room's log, soon. */
  private refresh(room: Id): void {
    this.stale.add(room);
    this.due = true;
    if (!this.stopping) this.writer.wake();
  }

  private load(room: Id): Promise<Head> {
    const loading = this.loading.get(room) ?? this.read(room).finally(() => this.loading.delete(room));
    this.loading.set(room, loading);
    return loading;
  }

  private async read(room: Id): Promise<Head> {
    const { last, adopt } = await this.loader(room);
    const known = this.heads.get(room);
    if (known) return known;
    const head = { seq: last?.seq ?? 0, last };
    this.heads.set(room, head);
    adopt?.(head);
    return head;
  }

  /** Tells what is on disk and was not told by this process. */
  private async catchUp(room: Id): Promise<void> {
    await this.writer.told();
    this.given.delete(room);
    this.early.delete(room);
    this.stale.delete(room);
    metrics.catchUps.inc();
    const asked = this.reading.get(room);
    this.reading.delete(room);
    try {
      while (this.heads.has(room) && (await this.readPage(room)));
    } catch (error) {
      this.stale.add(room);
      throw error;
    } finally {
      asked?.resolve();
    }
    this.unsure.delete(room);
  }

  /** Tells the next page of a room's log; whether there may be another. */
  private async readPage(room: Id): Promise<boolean> {
    const missed = await this.repository.after(room, this.heads.get(room)!.seq, CATCH_UP_PAGE);
    this.takeIn(room, missed);
    if (this.unsure.has(room) && missed.length > 0) void this.pass(room, missed);
    return missed.length === CATCH_UP_PAGE;
  }

  /** Tells what was written elsewhere, as far as it is new here. An event may be the end of the room. */
  private takeIn(room: Id, entries: readonly Entry[]): void {
    for (const run of runsOf(entries)) {
      const seq = this.heads.get(room)?.seq;
      const fresh = seq === undefined ? [] : run.filter((entry) => entry.seq > seq);
      if (fresh.length === 0) continue;
      if (fresh[0]!.event) this.onForeignEvent(fresh[0]!, () => this.tell(fresh));
      else this.tell(fresh);
    }
  }

  private tell(entries: readonly Entry[]): void {
    const frames = framesOf(entries);
    for (const { last } of frames) this.heads.set(last.room, { seq: last.seq, last });
    this.hub.publish(frames.map(({ frame }) => frame));
  }
}

/** Each event by itself, and the messages between two of them together. */
function runsOf(entries: readonly Entry[]): Entry[][] {
  const runs: Entry[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    if (run && !entry.event && !run[0]!.event) run.push(entry);
    else runs.push([entry]);
  }
  return runs;
}
