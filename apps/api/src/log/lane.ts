import { Logger } from '@nestjs/common';
import type { Id } from '@parley/contract';
import { DomainError } from '../common/domain-error';
import { metrics } from '../common/metrics';
import { type Hub, type RoomFrame } from '../realtime/hub';
import type { EventDraft, MessageDraft } from './draft';
import type { Entry } from './entry';
import { type EntryRepository } from './entry.repository';
import { roomFrame } from './room-frame';

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

interface Waiting<D, R> {
  draft: D;
  resolve(result: R | Promise<R>): void;
  reject(error: unknown): void;
}

type Waiter =
  ({ kind: 'message' } & Waiting<MessageDraft, Entry>) | ({ kind: 'event' } & Waiting<EventDraft, Entry | undefined>);
type MessageWaiter = Extract<Waiter, { kind: 'message' }>;
type EventWaiter = Extract<Waiter, { kind: 'event' }>;

/** Messages that one insert takes at most: a commit costs about the same for few as for many. */
export const COMMIT_SIZE = 500;

/** From so many waiting messages on, the next commit is written while the last one is being told. */
const OVERLAP_FROM = 32;

/** Drafts that may wait: past that the database is too slow for what is asked, and saying so is kinder than memory. */
const QUEUE_SIZE = 20_000;

/** Entries read at once when catching up. */
const CATCH_UP_PAGE = 500;

const RECOVER_AFTER_MS = 1_000;

/**
 * The logs of some rooms: gives every entry its place, makes it durable, and only then tells anybody.
 *
 * Group commit: what arrives while a commit is in flight waits for it and goes into the next one; nothing waits for a
 * timer. The unique indexes are the referee: a seq that is taken means that another process wrote and this one catches
 * up; a clientId that is taken means that the message is there already and its first entry is the answer.
 */
export class Lane {
  private readonly logger = new Logger('RoomLog');
  private readonly heads = new Map<Id, Head>();
  private readonly loading = new Map<Id, Promise<Head>>();
  /** The newest seq that was given away in each room, where that entry has not been told yet. */
  private readonly assigned = new Map<Id, number>();
  /** The telling of the newest commit: the next one may be written, but not told, before it is done. */
  private telling: Promise<void> = Promise.resolve();
  /** Rooms whose log may have entries on disk that nobody was told of. */
  private readonly stale = new Set<Id>();
  private queue: Waiter[] = [];
  private running: Promise<void> | undefined;
  private stopping = false;
  private recovery: NodeJS.Timeout | undefined;
  private recoveryDue = false;
  /** Rooms with a commit whose outcome nobody knows: what is found there may be this process's own. */
  private readonly unsure = new Set<Id>();
  /** What others wrote behind entries of this process that have not been told yet. */
  private readonly early = new Map<Id, Entry[]>();
  /** Who waits until a room's log has been read. */
  private readonly reading = new Map<Id, PromiseWithResolvers<void>>();
  private onForeignEvent: ForeignListener = (_entry, tell) => tell();
  private onCommitted: CommitListener | undefined;
  private loader: HeadLoader = async (room) => ({ last: await this.repository.last(room) });

  constructor(
    private readonly repository: EntryRepository,
    private readonly hub: Hub,
  ) {}

  /** Appends a message. Resolves once it is on disk, with its entry; for a repeated clientId, with the first one's. */
  post(draft: MessageDraft): Promise<Entry> {
    return new Promise((resolve, reject) => this.add({ kind: 'message', draft, resolve, reject }));
  }

  /**
   * Appends an event together with the change it stands for. Resolves once both are on disk, with the entry; with
   * nothing where the draft says that there is nothing to do.
   */
  record(draft: EventDraft): Promise<Entry | undefined> {
    return new Promise((resolve, reject) => this.add({ kind: 'event', draft, resolve, reject }));
  }

  /** The end of a room's log, from the database where it is not known yet. */
  head(room: Id): Promise<Head> {
    const known = this.heads.get(room);
    return known ? Promise.resolve(known) : this.loadHead(room);
  }

  /** The end of a room's log if it is known: what has been told up to this very moment. */
  knownHead(room: Id): Head | undefined {
    return this.heads.get(room);
  }

  /** A room has just been made: its log is empty. */
  begin(room: Id): void {
    this.heads.set(room, { seq: 0, last: undefined });
  }

  /** A room is no more. */
  forget(room: Id): void {
    this.heads.delete(room);
    this.assigned.delete(room);
    this.stale.delete(room);
    this.unsure.delete(room);
    this.early.delete(room);
    this.reading.get(room)?.resolve();
    this.reading.delete(room);
  }

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

  /** The rooms whose logs' ends are known. */
  get rooms(): Iterable<Id> {
    return this.heads.keys();
  }

  /** The end of a room's log need not be known any longer; whether that is so depends on what is being written. */
  release(room: Id): boolean {
    return !this.running && !this.stale.has(room) && !this.loading.has(room) && this.heads.delete(room);
  }

  /** Another process has put entries into a log: tells them at once where they are the next ones. */
  heard(room: Id, entries: readonly Entry[]): void {
    const head = this.heads.get(room);
    if (!head) return this.loading.has(room) ? this.refresh(room) : undefined;
    const fresh = entries.filter(({ seq }) => seq > head.seq);
    if (fresh.length === 0) return;
    if (fresh[0]!.seq === head.seq + 1) {
      this.takeIn(room, fresh);
      this.takeEarly(room);
    } else if (this.assigned.has(room)) this.early.set(room, [...(this.early.get(room) ?? []), ...fresh]);
    else this.refresh(room);
  }

  /** Resolves when what others have put into a log has been read, or the database did not answer. */
  async readOn(room: Id): Promise<void> {
    if (this.stopping) return;
    const read = this.reading.get(room) ?? Promise.withResolvers<void>();
    this.reading.set(room, read);
    this.refresh(room);
    return read.promise;
  }

  /** A room's log goes at least up to a seq: reads what is not known of it here. */
  reached(room: Id, seq: number): void {
    const known = this.assigned.get(room) ?? this.heads.get(room)?.seq;
    if (known === undefined ? this.loading.has(room) : seq > known) this.refresh(room);
  }

  /** Takes nothing new, and waits until all that was taken is on disk and told. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  private add(waiter: Waiter): void {
    if (this.stopping) return waiter.reject(new DomainError('UNAVAILABLE', 'The server is stopping.'));
    if (this.queue.length >= QUEUE_SIZE) {
      return waiter.reject(new DomainError('UNAVAILABLE', 'The server has more to store than it can: try again soon.'));
    }
    this.queue.push(waiter);
    this.running ??= this.run();
  }

  private async run(): Promise<void> {
    // What one turn of the event loop brings belongs into one commit.
    await nextTurn();
    while (this.recoveryDue || this.queue.length > 0) {
      if (this.recoveryDue) await this.recover();
      else if (this.queue[0]!.kind === 'event') await this.commitEvent(this.queue.shift() as EventWaiter);
      else await this.commitMessages(this.takeMessages());
      if (this.queue.length === 0) await this.telling;
    }
    this.running = undefined;
  }

  private takeMessages(): MessageWaiter[] {
    const end = this.queue.findIndex(({ kind }, index) => kind === 'event' || index >= COMMIT_SIZE);
    return this.queue.splice(0, end < 0 ? this.queue.length : end) as MessageWaiter[];
  }

  private async commitMessages(waiters: MessageWaiter[]): Promise<void> {
    let rest = waiters.filter(admitted);
    try {
      // Catching up may have brought a leave.
      if (await this.prepare(rest.map(({ draft }) => draft.room))) rest = rest.filter(admitted);
    } catch (error) {
      return this.fail(rest, error);
    }
    while (rest.length > 0) rest = await this.insertSome(rest);
  }

  /** Inserts what the indexes let in, settles it, and returns those that are still to be inserted. */
  private async insertSome(waiters: MessageWaiter[]): Promise<MessageWaiter[]> {
    try {
      const entries = this.number(waiters);
      const written = metrics.commitSeconds.startTimer();
      const { inserted, duplicate } = await this.repository.insert(entries);
      written();
      metrics.commitEntries.observe(inserted);
      metrics.posts.inc(inserted);
      await this.telling;
      this.telling = this.tell(entries.slice(0, inserted), waiters);
      const rest = waiters.slice(inserted);
      if (rest.length > 0 || this.queue.length < OVERLAP_FROM) await this.telling;
      if (rest.length > 0) this.withdraw();
      if (duplicate === 'clientId') return await this.answerRepeat(rest);
      if (duplicate === 'seq') await this.giveWay(entries[inserted]!);
      // Others may have put in that somebody is no longer there.
      return rest.filter(admitted);
    } catch (error) {
      this.fail(waiters, error);
      return [];
    }
  }

  /** The numbers that were given away count no longer. */
  private withdraw(): void {
    this.assigned.clear();
    for (const room of [...this.early.keys()]) this.takeEarly(room);
  }

  /** Another process has written what this entry was to be; it may even have been heard by now. */
  private async giveWay({ room, seq }: Entry): Promise<void> {
    if ((this.heads.get(room)?.seq ?? 0) < seq) await this.catchUp(room);
  }

  private number(waiters: MessageWaiter[]): Entry[] {
    const at = new Date();
    return waiters.map(({ draft: { room, author, text, clientId } }) => {
      const seq = (this.assigned.get(room) ?? this.heads.get(room)!.seq) + 1;
      this.assigned.set(room, seq);
      const { id, name } = author;
      return { id: this.repository.newId(), room, seq, author: { id, name }, at, text, clientId };
    });
  }

  private async answerRepeat([repeat, ...rest]: MessageWaiter[]): Promise<MessageWaiter[]> {
    const { author, clientId } = repeat!.draft;
    const first = await this.repository.findByClientId(author.id, clientId);
    if (!first) return [repeat!, ...rest];
    repeat!.resolve(first);
    return rest;
  }

  private async commitEvent(waiter: EventWaiter): Promise<void> {
    await this.telling;
    try {
      for (let written = false; !written;) {
        await this.prepare([waiter.draft.room]);
        written = await this.tryEvent(waiter);
        if (!written) this.stale.add(waiter.draft.room);
      }
    } catch (error) {
      if (error instanceof DomainError) waiter.reject(error);
      else this.fail([waiter], error);
    }
  }

  private async tryEvent({ draft, resolve }: EventWaiter): Promise<boolean> {
    const { room, event } = draft;
    const { id, name } = draft.author;
    // Before it is asked what the entry says: what comes in between takes this seq.
    const seq = (this.heads.get(room)?.seq ?? 0) + 1;
    const described = await draft.describe();
    if (!described) return settled(resolve, undefined);
    const author = { id, name };
    const entry: Entry = { id: this.repository.newId(), room, seq, author, at: new Date(), event, ...described };
    if (!(await this.repository.insertWith(entry, (session) => draft.change(session, entry)))) return false;
    this.heads.set(room, { seq, last: entry });
    draft.settle(entry, () => this.hub.publish([roomFrame(room, [entry])]));
    return settled(resolve, this.onCommitted?.(room, [entry])?.then(() => entry) ?? entry);
  }

  /** Sees to it that the heads of rooms are known and nothing of their logs is untold; whether that had to be read. */
  private async prepare(rooms: readonly Id[]): Promise<boolean> {
    let read = false;
    for (const room of new Set(rooms)) {
      read ||= !this.heads.has(room) || this.stale.has(room);
      if (!this.heads.has(room)) await this.loadHead(room);
      if (this.stale.has(room)) await this.catchUp(room);
    }
    return read;
  }

  private loadHead(room: Id): Promise<Head> {
    const loading = this.loading.get(room) ?? this.readHead(room).finally(() => this.loading.delete(room));
    this.loading.set(room, loading);
    return loading;
  }

  private async readHead(room: Id): Promise<Head> {
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
    await this.telling;
    this.assigned.delete(room);
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
    if (this.unsure.has(room) && missed.length > 0) void this.onCommitted?.(room, missed);
    return missed.length === CATCH_UP_PAGE;
  }

  /** Tells what was written elsewhere, as far as it is new here. An event may be the end of the room. */
  private takeIn(room: Id, entries: readonly Entry[]): void {
    for (const run of runsOf(entries)) {
      const seq = this.heads.get(room)?.seq;
      const fresh = seq === undefined ? [] : run.filter((entry) => entry.seq > seq);
      if (fresh.length === 0) continue;
      if (fresh[0]!.event) this.onForeignEvent(fresh[0]!, () => this.told(fresh));
      else this.told(fresh);
    }
  }

  private takeEarly(room: Id): void {
    const early = this.early.get(room);
    this.early.delete(room);
    if (early) this.heard(room, early);
  }

  /** Reads what is new in a room's log, soon. */
  private refresh(room: Id): void {
    this.stale.add(room);
    this.recoveryDue = true;
    if (!this.stopping) this.running ??= this.run();
  }

  /**
   * Tells the authors first, replies included: while the others are told, the authors' next messages are on their way
   * and go into the next commit. Nobody's head moves before the room is told, so that who comes in meanwhile finds the
   * log as those who are there know it.
   */
  private async tell(entries: readonly Entry[], waiters: readonly MessageWaiter[]): Promise<void> {
    const frames = framesOf(entries);
    if (this.onCommitted) for (const { frame, ofRoom } of frames) void this.onCommitted(frame.room, ofRoom);
    const told = frames.map(({ frame }) => frame);
    const served = this.hub.publishToAuthors(told);
    entries.forEach((entry, index) => waiters[index]!.resolve(entry));
    await nextTurn();
    for (const { frame, last } of frames) {
      this.heads.set(frame.room, { seq: last.seq, last });
      if (this.assigned.get(frame.room) === last.seq) this.assigned.delete(frame.room);
    }
    this.hub.publish(told, served);
    if (this.early.size > 0) for (const { frame } of frames) this.takeEarly(frame.room);
    await nextTurn();
  }

  private told(entries: readonly Entry[]): void {
    const frames = framesOf(entries);
    for (const { frame, last } of frames) this.heads.set(frame.room, { seq: last.seq, last });
    this.hub.publish(frames.map(({ frame }) => frame));
  }

  /** Nobody knows whether it got to the disk: the caller may repeat it, and the room's log is read again. */
  private fail(waiters: readonly Waiter[], error: unknown): void {
    this.logger.error(error, 'a commit failed');
    this.assigned.clear();
    const refusal = new DomainError(
      'UNAVAILABLE',
      'The message could not be stored for certain: send it again as it is.',
    );
    for (const { draft, reject } of waiters) {
      this.stale.add(draft.room);
      this.unsure.add(draft.room);
      reject(refusal);
    }
    this.recoverSoon();
  }

  /** Rooms whose log may hold something untold are read again, soon, and as long as it takes. */
  private recoverSoon(): void {
    if (this.recovery || this.stopping || this.stale.size === 0) return;
    this.recovery = setTimeout(() => {
      this.recovery = undefined;
      this.recoveryDue = true;
      this.running ??= this.run();
    }, RECOVER_AFTER_MS);
    this.recovery.unref();
  }

  /** Between two commits, however many are waiting: a busy room must not keep another one's entries from sight. */
  private async recover(): Promise<void> {
    this.recoveryDue = false;
    for (const room of [...this.stale]) await this.prepare([room]).catch(() => undefined);
    this.recoverSoon();
  }
}

/** What a commit has for each room, with the room's newest entry. */
function framesOf(entries: readonly Entry[]): { frame: RoomFrame; ofRoom: Entry[]; last: Entry }[] {
  const byRoom = [...Map.groupBy(entries, ({ room }) => room)];
  return byRoom.map(([room, ofRoom]) => ({ frame: roomFrame(room, ofRoom), ofRoom, last: ofRoom.at(-1)! }));
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

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function settled<T>(resolve: (result: T | Promise<T>) => void, result: T | Promise<T>): true {
  resolve(result);
  return true;
}

function admitted({ draft, reject }: MessageWaiter): boolean {
  try {
    draft.admit();
    return true;
  } catch (error) {
    reject(error);
    return false;
  }
}
