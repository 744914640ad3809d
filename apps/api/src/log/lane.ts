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
export type ForeignListener = (entry: Entry, tell: () => void) => Promise<void>;

interface Waiting<D, R> {
  draft: D;
  resolve(result: R): void;
  reject(error: unknown): void;
}

type Waiter =
  ({ kind: 'message' } & Waiting<MessageDraft, Entry>) | ({ kind: 'event' } & Waiting<EventDraft, Entry | undefined>);
type MessageWaiter = Extract<Waiter, { kind: 'message' }>;
type EventWaiter = Extract<Waiter, { kind: 'event' }>;

/** Messages that one insert takes: few enough that, under load, one commit is written while another is told. */
export const COMMIT_SIZE = 96;

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
  private onForeignEvent: ForeignListener = async (_entry, tell) => tell();

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
  }

  /** Registers who sees to an event that another process, or a commit of unknown outcome, put into a log. */
  whenForeign(listener: ForeignListener): void {
    this.onForeignEvent = listener;
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
      await this.prepare(rest.map(({ draft }) => draft.room));
    } catch (error) {
      return this.fail(rest, error);
    }
    // Catching up may have brought a leave.
    rest = rest.filter(admitted);
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
      if (rest.length > 0) this.assigned.clear();
      if (duplicate === 'clientId') return await this.answerRepeat(rest);
      if (duplicate === 'seq') await this.catchUp(rest[0]!.draft.room);
      return rest;
    } catch (error) {
      this.fail(waiters, error);
      return [];
    }
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
    const described = await draft.describe();
    if (!described) return settled(resolve, undefined);
    const seq = this.heads.get(room)!.seq + 1;
    const author = { id, name };
    const entry: Entry = { id: this.repository.newId(), room, seq, author, at: new Date(), event, ...described };
    if (!(await this.repository.insertWith(entry, (session) => draft.change(session, entry)))) return false;
    this.heads.set(room, { seq, last: entry });
    draft.settle(entry, () => this.hub.publish(roomFrame(room, [entry])));
    return settled(resolve, entry);
  }

  /** The heads of these rooms are known, and nothing of their logs is untold. */
  private async prepare(rooms: readonly Id[]): Promise<void> {
    for (const room of new Set(rooms)) {
      if (!this.heads.has(room)) await this.loadHead(room);
      if (this.stale.has(room)) await this.catchUp(room);
    }
  }

  private loadHead(room: Id): Promise<Head> {
    const loading = this.loading.get(room) ?? this.readHead(room).finally(() => this.loading.delete(room));
    this.loading.set(room, loading);
    return loading;
  }

  private async readHead(room: Id): Promise<Head> {
    const last = await this.repository.last(room);
    const head = this.heads.get(room) ?? { seq: last?.seq ?? 0, last };
    this.heads.set(room, head);
    return head;
  }

  /** Tells what is on disk and was not told by this process. */
  private async catchUp(room: Id): Promise<void> {
    await this.telling;
    this.assigned.delete(room);
    for (let more = true; more;) {
      const missed = await this.repository.after(room, this.heads.get(room)?.seq ?? 0, CATCH_UP_PAGE);
      for (const entry of missed) {
        if (entry.event) await this.onForeignEvent(entry, () => this.told([entry]));
        else this.told([entry]);
      }
      more = missed.length === CATCH_UP_PAGE;
    }
    this.stale.delete(room);
  }

  /**
   * Tells the authors first, replies included: while the others are told, the authors' next messages are on their way
   * and go into the next commit. Nobody's head moves before the room is told, so that who comes in meanwhile finds the
   * log as those who are there know it.
   */
  private async tell(entries: readonly Entry[], waiters: readonly MessageWaiter[]): Promise<void> {
    const frames = framesOf(entries);
    const served = frames.map(({ frame }) => this.hub.publishToAuthors(frame));
    entries.forEach((entry, index) => waiters[index]!.resolve(entry));
    await nextTurn();
    frames.forEach(({ frame, last }, index) => {
      this.heads.set(frame.room, { seq: last.seq, last });
      if (this.assigned.get(frame.room) === last.seq) this.assigned.delete(frame.room);
      this.hub.publish(frame, served[index]);
    });
    await nextTurn();
  }

  private told(entries: readonly Entry[]): void {
    for (const { frame, last } of framesOf(entries)) {
      this.heads.set(frame.room, { seq: last.seq, last });
      this.hub.publish(frame);
    }
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
function framesOf(entries: readonly Entry[]): { frame: RoomFrame; last: Entry }[] {
  const byRoom = [...Map.groupBy(entries, ({ room }) => room)];
  return byRoom.map(([room, ofRoom]) => ({ frame: roomFrame(room, ofRoom), last: ofRoom.at(-1)! }));
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function settled<T>(resolve: (result: T) => void, result: T): true {
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
