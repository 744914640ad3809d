import { Logger } from '@nestjs/common';
import type { Id } from '@parley/contract';
import { DomainError } from '../common/domain-error';
import { metrics } from '../common/metrics';
import type { Hub } from '../realtime/hub';
import type { EventDraft, MessageDraft } from './draft';
import type { Entry } from './entry';
import type { EntryRepository } from './entry.repository';
import { LogEnds } from './log-ends';
import type { LogTails } from './log-tails';
import { framesOf, roomFrame } from './room-frame';

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

/** … and their text at most, in UTF-16 units: what is told at once must not fill a queue that a fast reader keeps empty. */
export const COMMIT_TEXT = 256 * 1024;

/** From so many waiting messages on, the next commit is written while the last one is being told. */
const OVERLAP_FROM = 32;

/** Drafts that may wait: past that the database is too slow for what is asked, and saying so is kinder than memory. */
const QUEUE_SIZE = 20_000;

/**
 * The logs of some rooms: gives every entry its place, makes it durable, and only then tells anybody.
 *
 * Group commit: what arrives while a commit is in flight waits for it and goes into the next one; nothing waits for a
 * timer. The unique indexes are the referee: a seq that is taken means that another process wrote and this one catches
 * up; a clientId that is taken means that the message is there already and its first entry is the answer.
 */
export class Lane {
  /** Where the logs end. */
  readonly ends: LogEnds;
  private readonly logger = new Logger('RoomLog');
  /** The telling of the newest commit: the next one may be written, but not told, before it is done. */
  private telling: Promise<void> = Promise.resolve();
  private queue: Waiter[] = [];
  private running: Promise<void> | undefined;
  private stopping = false;

  constructor(
    private readonly repository: EntryRepository,
    tails: LogTails,
    private readonly hub: Hub,
  ) {
    this.ends = new LogEnds(repository, tails, hub, { told: () => this.telling, wake: () => this.wake() });
  }

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

  /** The end of a room's log need not be known any longer: whether that could be so at this moment. */
  release(room: Id): boolean {
    return !this.running && this.ends.release(room);
  }

  /** Takes nothing new, and waits until all that was taken is on disk and told. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.ends.stop();
    await this.running;
  }

  private add(waiter: Waiter): void {
    if (this.stopping) return waiter.reject(new DomainError('UNAVAILABLE', 'The server is stopping.'));
    if (this.queue.length >= QUEUE_SIZE) {
      return waiter.reject(new DomainError('UNAVAILABLE', 'The server has more to store than it can: try again soon.'));
    }
    this.queue.push(waiter);
    this.wake();
  }

  private wake(): void {
    this.running ??= this.run();
  }

  private async run(): Promise<void> {
    // What one turn of the event loop brings belongs into one commit.
    await nextTurn();
    while (this.ends.isDue || this.queue.length > 0) {
      // However many are waiting: a busy room must not keep another one's entries from sight.
      if (this.ends.isDue) await this.ends.readDue();
      else if (this.queue[0]!.kind === 'event') await this.commitEvent(this.queue.shift() as EventWaiter);
      else await this.commitMessages(this.takeMessages());
      if (this.queue.length === 0) await this.telling;
    }
    this.running = undefined;
  }

  private takeMessages(): MessageWaiter[] {
    let text = 0;
    const end = this.queue.findIndex(
      ({ kind, draft }, index) =>
        kind === 'event' || index >= COMMIT_SIZE || ((text += draft.text.length) > COMMIT_TEXT && index > 0),
    );
    return this.queue.splice(0, end < 0 ? this.queue.length : end) as MessageWaiter[];
  }

  private async commitMessages(waiters: MessageWaiter[]): Promise<void> {
    let rest = waiters.filter(admitted);
    try {
      // Catching up may have brought a leave.
      if (await this.ends.prepare(rest.map(({ draft }) => draft.room))) rest = rest.filter(admitted);
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
      if (rest.length > 0) this.ends.withdraw();
      if (duplicate === 'clientId') return await this.answerRepeat(rest);
      if (duplicate === 'seq') await this.ends.giveWay(entries[inserted]!);
      // Others may have put in that somebody is no longer there.
      return rest.filter(admitted);
    } catch (error) {
      this.fail(waiters, error);
      return [];
    }
  }

  private number(waiters: MessageWaiter[]): Entry[] {
    const at = new Date();
    return waiters.map(({ draft: { room, author, text, clientId } }) => {
      const { id, name } = author;
      return { id: this.repository.newId(), room, seq: this.ends.next(room), author: { id, name }, at, text, clientId };
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
        await this.ends.prepare([waiter.draft.room]);
        written = await this.tryEvent(waiter);
        if (!written) this.ends.doubt(waiter.draft.room);
      }
    } catch (error) {
      if (error instanceof DomainError) waiter.reject(error);
      else this.fail([waiter], error);
    }
  }

  private async tryEvent({ draft, resolve }: EventWaiter): Promise<boolean> {
    const { room } = draft;
    const { id, name } = draft.author;
    // Before it is asked what the entry says: what comes in between takes this seq.
    const seq = (this.ends.known(room)?.seq ?? 0) + 1;
    const described = await draft.describe();
    if (!described) return settled(resolve, undefined);
    const author = { id, name };
    const entry: Entry = { id: this.repository.newId(), room, seq, author, at: new Date(), ...described };
    if (!(await this.repository.insertWith(entry, (session) => draft.change(session, entry)))) return false;
    this.ends.advance(entry);
    draft.settle(entry, () => this.hub.publish([roomFrame(room, [entry])]));
    return settled(resolve, this.ends.pass(room, [entry])?.then(() => entry) ?? entry);
  }

  /**
   * Tells the authors first, replies included: while the others are told, the authors' next messages are on their way
   * and go into the next commit. Nobody's head moves before the room is told, so that who comes in meanwhile finds the
   * log as those who are there know it.
   */
  private async tell(entries: readonly Entry[], waiters: readonly MessageWaiter[]): Promise<void> {
    const parts = framesOf(entries);
    for (const { frame, ofRoom } of parts) void this.ends.pass(frame.room, ofRoom);
    const frames = parts.map(({ frame }) => frame);
    const served = this.hub.publishToAuthors(frames);
    entries.forEach((entry, index) => waiters[index]!.resolve(entry));
    await nextTurn();
    for (const { last } of parts) this.ends.advance(last);
    this.hub.publish(frames, served);
    this.ends.takeEarly(frames.map(({ room }) => room));
    await nextTurn();
  }

  /** Nobody knows whether it got to the disk: the caller may repeat it, and the room's log is read again. */
  private fail(waiters: readonly Waiter[], error: unknown): void {
    this.logger.error(error, 'a commit failed');
    const refusal = new DomainError(
      'UNAVAILABLE',
      'The message could not be stored for certain: send it again as it is.',
    );
    for (const { reject } of waiters) reject(refusal);
    this.ends.lost(waiters.map(({ draft }) => draft.room));
  }
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
