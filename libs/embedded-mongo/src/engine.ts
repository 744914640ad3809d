import { randomBytes } from 'node:crypto';
import { Binary, doc, isDoc, type Doc } from './bson/values';
import { CommandBody, checkConcerns } from './commands/command-body';
import type { Command, CommandContext, ServerFacts } from './commands/command';
import { COMMANDS } from './commands/commands';
import { CommandFailure } from './failure';
import { Cursors } from './sessions/cursors';
import { sessionKey, sessionOptions, type SessionOptions } from './sessions/session-options';
import { HeldByTransaction, Transactions } from './sessions/transactions';
import { WriteHistory } from './sessions/write-history';
import { Catalog } from './storage/catalog';
import type { StorageContext } from './storage/collection';
import { DatabaseFile } from './storage/database-file';
import { removeExpired } from './storage/expiry';
import { failureReply } from './wire/failure-reply';
import type { RequestHandler } from './wire/connection';
import type { Request } from './wire/frames';

/** How an engine is set up. */
export interface EngineOptions {
  directory: string | undefined;
  server: ServerFacts;
  now: () => number;
}

interface Job {
  request: Request;
  connection: number;
  answer: (reply: Doc) => void;
}

const LONGEST_GROUP_MS = 10;
const SESSION_COMMANDS = [
  'startSession',
  'endSessions',
  'killSessions',
  'refreshSessions',
  'commitTransaction',
  'abortTransaction',
];

/**
 * Runs commands, one at a time. What came in together is committed together, and answered after the commit: one sync
 * to disk serves every write that was waiting.
 */
export class Engine implements RequestHandler {
  private readonly file: DatabaseFile;
  private readonly storage: StorageContext & { file: DatabaseFile };
  private readonly catalog: Catalog;
  private readonly cursors: Cursors;
  private readonly transactions: Transactions;
  private readonly history: WriteHistory;
  private queue: Job[] = [];
  private scheduled = false;
  private closed = false;

  constructor(private readonly options: EngineOptions) {
    this.file = DatabaseFile.open(options.directory);
    this.storage = { file: this.file, guard: undefined };
    this.catalog = new Catalog(this.storage);
    this.cursors = new Cursors(options.now);
    this.transactions = new Transactions(this.storage, this.catalog, options.now);
    this.history = new WriteHistory(this.file, options.now);
  }

  submit(request: Request, connection: number, answer: (reply: Doc) => void): void {
    if (this.closed) return answer(failureReply(new CommandFailure(91, 'The server is shutting down')));
    this.queue.push({ request, connection, answer });
    this.schedule();
  }

  disconnected(connection: number): void {
    if (!this.closed) this.transactions.abortOf(connection);
  }

  /** Removes documents, cursors, transactions and replies whose time is over. */
  sweep(): void {
    this.cursors.expire();
    this.transactions.expire();
    this.group(() => {
      this.storage.guard = this.transactions.outsideGuard;
      removeExpired(this.catalog, this.options.now());
      this.history.expire();
    });
  }

  /** Finishes what was submitted, then closes the database. */
  close(): void {
    while (this.queue.length > 0) this.drain();
    this.closed = true;
    this.file.close();
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
    const replies: (() => void)[] = [];
    const end = performance.now() + LONGEST_GROUP_MS;
    let done = 0;
    const failure = this.group(() => {
      while (done < jobs.length && (done === 0 || performance.now() < end)) this.runJob(jobs[done++]!, replies);
    });
    this.queue = jobs.slice(done).concat(this.queue);
    if (failure === undefined) for (const reply of replies) reply();
    else for (const job of jobs.slice(0, done)) job.answer(failureReply(failure));
    if (this.queue.length > 0) this.schedule();
  }

  /** Runs work in one SQLite transaction; where SQLite itself fails, all of it is undone and the error is the answer. */
  private group(work: () => void): Error | undefined {
    try {
      work();
      if (this.file.inTransaction) {
        this.catalog.saveMultikey();
        this.file.exec('COMMIT');
      }
      return undefined;
    } catch (error) {
      if (this.file.inTransaction) this.file.exec('ROLLBACK');
      this.catalog.reload();
      this.history.reload();
      return error as Error;
    } finally {
      this.storage.guard = undefined;
    }
  }

  private runJob(job: Job, replies: (() => void)[]): void {
    try {
      const reply = this.run(job);
      replies.push(() => job.answer(reply));
    } catch (error) {
      if (!(error instanceof HeldByTransaction)) throw error;
      error.holder.waiting.push(() => this.submit(job.request, job.connection, job.answer));
    }
  }

  private run({ request, connection }: Job): Doc {
    const name = request.body.keys().next().value ?? '';
    try {
      const session = sessionOptions(request.body);
      const body = new CommandBody(name, request.body);
      checkConcerns(body, session.inTransaction);
      if (SESSION_COMMANDS.includes(name)) return this.runSessionCommand(body, session);
      const command = COMMANDS.get(name);
      if (!command) throw new CommandFailure(59, `no such command: '${name}'`);
      body.allow(command.options);
      return this.runCommand(command, body, session, this.contextOf(body, session, connection));
    } catch (error) {
      const spoilsGroup = error instanceof HeldByTransaction || COMMANDS.get(name)?.writes !== false;
      if (error instanceof CommandFailure || !spoilsGroup) return failureReply(error);
      throw error;
    }
  }

  private contextOf(body: CommandBody, { session, inTransaction }: SessionOptions, connection: number): CommandContext {
    const { catalog, file, cursors } = this;
    const { server, now } = this.options;
    return { db: body.text('$db'), connection, session, inTransaction, catalog, file, cursors, server, now };
  }

  private runCommand(command: Command, body: CommandBody, session: SessionOptions, context: CommandContext): Doc {
    if (session.inTransaction) return this.runInTransaction(command, body, session, context);
    if (!command.writes) return command.run(context, body);
    const earlier = session.number === undefined ? undefined : this.history.replyTo(session.session!, session.number);
    if (earlier) return earlier;
    this.beginGroup();
    const reply = this.runGuarded(() => command.run(context, body));
    if (session.number !== undefined) this.history.keep(session.session!, session.number, reply);
    return reply;
  }

  private beginGroup(): void {
    if (!this.file.inTransaction) this.file.exec('BEGIN');
  }

  /** While transactions are open a write may have to wait for one: then nothing of it may stay. */
  private runGuarded(work: () => Doc): Doc {
    const guard = this.transactions.outsideGuard;
    if (!guard) return work();
    const changes = this.catalog.changes;
    this.file.exec('SAVEPOINT guarded');
    this.storage.guard = guard;
    try {
      return work();
    } catch (error) {
      if (error instanceof HeldByTransaction) {
        this.file.exec('ROLLBACK TO guarded');
        if (this.catalog.changes !== changes) this.catalog.reload();
      }
      throw error;
    } finally {
      this.storage.guard = undefined;
      if (this.file.inTransaction) this.file.exec('RELEASE guarded');
    }
  }

  private runInTransaction(
    command: Command,
    body: CommandBody,
    { session, number, starts }: SessionOptions,
    context: CommandContext,
  ): Doc {
    if (starts) {
      if (this.history.replyTo(session!, number!))
        throw new CommandFailure(256, `Transaction ${number} has been committed`);
      this.history.begin(session!, number!);
      this.transactions.begin(session!, number!, context.connection);
    }
    const transaction = this.transactions.find(session!, number!);
    transaction.connection = context.connection;
    if (!command.transactional) {
      this.transactions.abort(session!);
      throw new CommandFailure(263, `Cannot run '${body.name}' in a multi-document transaction.`);
    }
    this.createImplicitly(command, body, context);
    const name = body.get(body.name);
    const only = body.name === 'aggregate' || body.name === 'getMore' ? undefined : `${context.db}.${String(name)}`;
    return this.transactions.run(transaction, only, () => command.run(context, body));
  }

  /** A collection that a transaction writes to is created at once, and stays if the transaction is aborted. */
  private createImplicitly(command: Command, body: CommandBody, context: CommandContext): void {
    const name = body.get(body.name);
    if (!command.writes || body.name === 'create' || typeof name !== 'string' || context.catalog.find(context.db, name))
      return;
    this.beginGroup();
    context.catalog.ensure(context.db, name);
  }

  private runSessionCommand(body: CommandBody, session: SessionOptions): Doc {
    switch (body.name) {
      case 'startSession':
        return doc({ id: { id: new Binary(randomBytes(16), 4) }, timeoutMinutes: 30, ok: 1 });
      case 'commitTransaction':
        return this.commit(body.allow(['recoveryToken']), session);
      case 'abortTransaction':
        this.transactions.find(session.session ?? '', session.number ?? -1n);
        this.transactions.abort(session.session!);
        return doc({ ok: 1 });
      case 'refreshSessions':
        return doc({ ok: 1 });
      default:
        return this.endSessions(body);
    }
  }

  private commit(_body: CommandBody, { session = '', number = -1n }: SessionOptions): Doc {
    if (!this.transactions.isOpen(session, number)) {
      const earlier = this.history.replyTo(session, number);
      if (earlier) return earlier;
    }
    const transaction = this.transactions.find(session, number);
    const reply = doc({ ok: 1 });
    this.beginGroup();
    this.transactions.commit(transaction);
    this.history.keep(session, number, reply);
    return reply;
  }

  private endSessions(body: CommandBody): Doc {
    for (const lsid of body.documents(body.name)) {
      if (!isDoc(lsid)) continue;
      const session = sessionKey(lsid);
      this.transactions.abort(session);
      this.cursors.killAll({ session });
    }
    return doc({ ok: 1 });
  }
}
