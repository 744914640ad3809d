import { Background } from './background/background';
import { doc, type Doc } from './bson/values';
import type { Command, CommandContext, Steps } from './commands/command';
import type { CommandBody } from './commands/command-body';
import { CommandFailure, failureReply, writeConflict } from './failure';
import { sessionCommands } from './commands/session-commands';
import { prepare, type Prepared } from './prepared';
import { Cursors } from './sessions/cursors';
import type { SessionOptions } from './sessions/session-options';
import { HeldByTransaction, Transactions, type Transaction } from './sessions/transactions';
import { WriteHistory } from './sessions/write-history';
import { Catalog } from './storage/catalog';
import type { StorageContext, WriteRecord } from './storage/collection';
import { DatabaseFile, TakesLong } from './storage/database-file';
import { removeExpired } from './plan/expiry';
import { Checkpoints } from './storage/checkpoints';
import type { RequestHandler } from './wire/connection';
import type { Reply, Request } from './wire/frames';

/** How an engine is set up. */
export interface EngineOptions {
  directory: string | undefined;
  /** Its address is known when it listens. */
  server: { readonly address: string };
  /** The clock on the wall: TTL indexes, `$$NOW`. */
  now: () => number;
  /** Milliseconds since some moment, whatever is done to the clock on the wall: everything that times out. */
  elapsed: () => number;
}

interface Job {
  request: Request;
  connection: number;
  answer: (reply: Reply) => void;
  /** Absent as long as there is something left to do. */
  reply?: Doc;
  /** Where it was begun and lasts: what is left of it. */
  steps?: Steps<Doc>;
  /** For a read that may go to the background though it is part of a transaction: as of when. */
  snapshot?: { transaction: Transaction; namespace: string };
  /** How often that was tried and others wrote just then. */
  tries?: number;
}

const LONGEST_GROUP_MS = 10;
const LONGEST_READ_MS = 3;
const LONGEST_STEPS_MS = 3;
const MOST_TRIES = 3;
/** What goes through all of a collection, or of the file, and what is about a cursor: those that stay open are there. */
const ALWAYS_LONG: ReadonlySet<string> = new Set(['validate', 'backup', 'getMore', 'killCursors']);

/**
 * Runs commands, one at a time. What came in together is committed together, and answered after the commit: one sync
 * to disk serves every write that was waiting. A read that takes long, or leaves a cursor open, is run anew in the
 * background, where there is one.
 */
export class Engine implements RequestHandler {
  private readonly file: DatabaseFile;
  private readonly storage: StorageContext;
  private readonly catalog: Catalog;
  private readonly cursors: Cursors;
  private readonly transactions: Transactions;
  private readonly history: WriteHistory;
  private readonly background: Background | undefined;
  private readonly checkpoints: Checkpoints;
  private readonly sessionCommands: ReadonlyMap<string, Command>;
  private queue: Job[] = [];
  private scheduled = false;
  private closed = false;
  /** The group has changed something. */
  private dirty = false;
  /** Something was settled since the last look at what is written ahead. */
  private settled = false;
  /** What is in memory is not what is stored, since a group was undone. */
  private stale = false;
  /** Reads that last, for the background. */
  private long: Job[] = [];

  constructor(private readonly options: EngineOptions) {
    const { directory, elapsed } = options;
    this.file = DatabaseFile.open(directory);
    this.storage = { file: this.file, guard: undefined };
    this.catalog = this.file.whileOpening(() => new Catalog(this.storage));
    this.cursors = new Cursors(elapsed);
    this.transactions = new Transactions(this.storage, this.catalog, elapsed);
    this.history = this.file.whileOpening(() => new WriteHistory(this.file, elapsed));
    this.background = Background.start(directory);
    this.checkpoints = new Checkpoints(this.file, this.background);
    this.sessionCommands = sessionCommands(this.transactions, this.cursors, this.background);
  }

  submit(request: Request, connection: number, answer: (reply: Reply) => void): void {
    if (this.closed) return answer(failureReply(new CommandFailure(91, 'The server is shutting down')));
    this.enqueue({ request, connection, answer });
  }

  disconnected(connection: number): void {
    if (!this.closed) this.transactions.abortOf(connection);
  }

  /** Removes documents, cursors, transactions, replies and collections whose time is over. */
  sweep(): void {
    this.cursors.expire();
    this.transactions.expire();
    this.group(() => {
      this.beginWrite();
      this.catalog.removeUnfinished();
      removeExpired(this.catalog, this.options.now());
      this.history.expire();
    });
    this.tidy();
  }

  /** Finishes what was submitted, then closes the database. */
  async close(): Promise<void> {
    while (this.queue.length > 0) this.drain();
    this.closed = true;
    this.group(() => undefined);
    this.settle();
    if (this.background) await this.background.stop();
    this.file.close();
  }

  private enqueue(job: Job): void {
    this.queue.push(job);
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.drain());
  }

  private drain(): void {
    this.scheduled = false;
    if (this.closed) return;
    this.transactions.expire();
    const jobs = this.queue;
    this.queue = [];
    const ran: Job[] = [];
    const end = performance.now() + LONGEST_GROUP_MS;
    let done = 0;
    const failure = this.group(() => {
      while (done < jobs.length && (done === 0 || performance.now() < end)) this.runJob(jobs[done++]!, ran);
    });
    if (failure && done === 0) ran.push(...jobs.splice(0));
    this.queue = jobs.slice(done).concat(this.queue);
    if (failure) this.undone(new Set(ran), failure);
    else for (const { answer, reply } of ran) if (reply) answer(reply);
    this.sendLong();
    this.tidy();
    if (this.queue.length > 0) this.schedule();
  }

  /** The background sees what is settled: all that was answered before. */
  private sendLong(): void {
    const jobs = this.long;
    if (jobs.length === 0) return;
    this.long = [];
    const failure = this.settle();
    for (const job of jobs)
      if (failure) job.answer(failureReply(failure));
      else this.runElsewhere(job);
  }

  private settle(): Error | undefined {
    this.transactions.leaveView();
    return this.orUndone(() => (this.settled = this.file.settle() || this.settled));
  }

  /** Nobody waits for this. */
  private tidy(): void {
    if (this.settled) this.checkpoints.committed();
    this.settled = false;
  }

  private undone(jobs: ReadonlySet<Job>, failure: Error): void {
    this.queue = this.queue.filter((job) => !jobs.has(job));
    for (const { steps, answer } of jobs) {
      steps?.return(doc({}));
      answer(failureReply(failure));
    }
  }

  /** Runs work that is committed as a whole; where SQLite itself fails, all of it is undone and the error is the answer. */
  private group(work: () => void): Error | undefined {
    const failure = this.orUndone(() => {
      this.begin();
      work();
      if (this.dirty) this.commitGroup();
    });
    this.dirty = false;
    return failure;
  }

  private orUndone(work: () => void): Error | undefined {
    try {
      work();
      return undefined;
    } catch (error) {
      this.file.undo();
      this.transactions.leaveView();
      this.stale = true;
      return error as Error;
    }
  }

  private begin(): void {
    this.file.begin();
    if (!this.stale) return;
    this.catalog.reload();
    this.history.reload();
    this.stale = false;
  }

  /** To be called before each write that is no part of a transaction: it waits for what those hold. */
  private beginWrite(): void {
    this.transactions.leaveView();
    this.storage.guard = this.transactions.outsideGuard;
    this.dirty = true;
  }

  private commitGroup(): void {
    this.transactions.leaveView();
    this.catalog.saveMultikey();
    this.settled = this.file.commit() || this.settled;
  }

  private runJob(job: Job, ran: Job[]): void {
    ran.push(job);
    try {
      job.reply = this.run(job);
      // What SQLite gave up in a read that failed, or was tried again, is what all in this group have read or written.
      if (!this.file.inTransaction) throw new Error('SQLite has given up the transaction');
    } catch (error) {
      if (error instanceof TakesLong || error instanceof HeldByTransaction) ran.pop();
      if (error instanceof TakesLong) this.long.push(job);
      else if (error instanceof HeldByTransaction)
        error.holder.waiting.push(() => this.submit(job.request, job.connection, job.answer));
      else throw error;
    }
  }

  /**
   * What the background reads is what the transaction of a job sees as long as nobody wrote to its collection before it
   * began. Where somebody did, or a cursor of it is to stay open, the job is run again.
   */
  private runElsewhere(job: Job): void {
    const { request, connection, snapshot, tries = 0 } = job;
    let isTrue = !snapshot;
    this.background!.run(request.frame, connection, {
      begun: () => (isTrue ||= this.transactions.seesWhatIsCommitted(snapshot!.transaction, snapshot!.namespace)),
      answer: (reply) => {
        if (reply && isTrue) job.answer(reply);
        else if (this.transactions.isOpen(snapshot!.transaction))
          this.enqueue({ ...job, tries: reply ? tries + 1 : MOST_TRIES });
        else job.answer(failureReply(writeConflict()));
      },
    });
  }

  /** The reply, unless the job lasts. */
  private run(job: Job): Doc | undefined {
    let writes = true;
    try {
      if (job.steps) return this.goOn(job, job.steps);
      const prepared = prepare(job.request, this.sessionCommands);
      writes = prepared.command.writes;
      return this.runPrepared(prepared, job);
    } catch (error) {
      const passedOn = writes || error instanceof TakesLong || error instanceof HeldByTransaction;
      if (error instanceof CommandFailure || !passedOn) return failureReply(error);
      throw error;
    }
  }

  private runPrepared(prepared: Prepared, job: Job): Doc | undefined {
    const { name, command, body, session } = prepared;
    const context = this.contextOf(body, session, job.connection);
    if (session.inTransaction && command.inTransaction !== 'end') return this.runInTransaction(prepared, context, job);
    if (!command.writes) return this.read(name, () => command.run(context, body));
    // What may be sent again happens as a whole, together with its reply.
    if (command.steps && session.number === undefined) return this.goOn(job, command.steps(context, body));
    const earlier = session.number === undefined ? undefined : this.history.replyTo(session.key!, session.number);
    if (earlier) return earlier;
    this.beginWrite();
    const reply = this.asAWhole(() => command.run(context, body));
    if (session.number !== undefined) this.history.keep(session.key!, session.number, reply);
    return reply;
  }

  /** Takes steps as long as others can wait; then what is left queues up again. */
  private goOn(job: Job, steps: Steps<Doc>): Doc | undefined {
    this.beginWrite();
    const end = performance.now() + LONGEST_STEPS_MS;
    for (let othersRan = true; ; othersRan = false) {
      const step = steps.next(othersRan);
      if (step.done) return step.value;
      job.steps = steps;
      if (step.value) step.value.waiting.push(() => this.enqueue(job));
      else if (performance.now() > end) this.queue.push(job);
      else continue;
      return undefined;
    }
  }

  private contextOf(body: CommandBody, session: SessionOptions, connection: number): CommandContext {
    const { catalog, file, cursors } = this;
    const { server, now } = this.options;
    return { db: body.text('$db'), address: server.address, connection, session, catalog, file, cursors, now };
  }

  private read(name: string, run: () => Doc): Doc {
    this.transactions.leaveView();
    if (!this.background) return run();
    if (ALWAYS_LONG.has(name)) throw new TakesLong();
    this.cursors.mayStayOpen = false;
    try {
      return this.inTime(run);
    } finally {
      this.cursors.mayStayOpen = true;
    }
  }

  /** Ends in `TakesLong` where others would have to wait for long. */
  private inTime(run: () => Doc): Doc {
    this.file.deadline = performance.now() + LONGEST_READ_MS;
    try {
      return run();
    } finally {
      this.file.deadline = Number.POSITIVE_INFINITY;
    }
  }

  /**
   * While transactions are open a write may have to wait for one, or be the commit of one: what fails leaves nothing,
   * nor do transactions take it for written.
   */
  private asAWhole(work: () => Doc): Doc {
    const { guard } = this.storage;
    if (!guard) return work();
    const { changes } = this.catalog;
    const written: WriteRecord[] = [];
    this.storage.guard = { ...guard, record: (write) => written.push(write) };
    this.file.savepoint('whole');
    try {
      const reply = work();
      for (const write of written) guard.record(write);
      return reply;
    } catch (error) {
      this.file.undoTo('whole');
      if (this.catalog.changes !== changes) this.catalog.reload();
      throw error;
    } finally {
      this.file.release('whole');
    }
  }

  private runInTransaction({ name, command, body, session }: Prepared, context: CommandContext, job: Job): Doc {
    const transaction = this.transactionOf(session, context.connection);
    if (command.inTransaction === 'refused') {
      this.transactions.end(transaction);
      throw new CommandFailure(263, `Cannot run '${name}' in a multi-document transaction.`);
    }
    const namespace = `${context.db}.${name === 'getMore' ? body.text('collection') : body.collection}`;
    const run = (): Doc => command.run(context, body);
    if (command.addsOnly) return this.transactions.add(transaction, namespace, run);
    const here = command.writes || name === 'getMore' || !this.background || (job.tries ?? 0) >= MOST_TRIES;
    if (here || !this.transactions.seesWhatIsCommitted(transaction, namespace))
      return this.transactions.run(transaction, namespace, run);
    job.snapshot = { transaction, namespace };
    return this.transactions.run(transaction, namespace, () => this.inTime(run));
  }

  private transactionOf({ key = '', number = -1n, starts }: SessionOptions, connection: number): Transaction {
    if (starts) {
      if (this.history.replyTo(key, number)) throw new CommandFailure(256, `Transaction ${number} has been committed`);
      this.history.begin(key, number);
      this.transactions.begin(key, number, connection);
    }
    const transaction = this.transactions.find(key, number);
    transaction.connection = connection;
    return transaction;
  }
}
