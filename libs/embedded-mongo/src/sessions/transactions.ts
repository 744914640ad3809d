import { decodeDocument } from '../bson/decode';
import { CommandFailure, writeConflict } from '../failure';
import type { Catalog } from '../storage/catalog';
import type { Collection, StorageContext, WriteGuard, WriteRecord } from '../storage/collection';
import type { DatabaseFile } from '../storage/database-file';
import type { IndexDefinition } from '../storage/index-definition';

const LIFETIME_MS = 60_000;
const MOST_REMEMBERED = 5_000;
const MOST_REMEMBERED_BYTES = 64 * 1024 * 1024;

/** Thrown when a write outside of transactions meets one that is open: it waits until that one has ended. */
export class HeldByTransaction extends Error {
  constructor(readonly holder: Transaction) {
    super('a transaction holds the document');
  }
}

/** An open transaction: its writes wait here, in order, and nobody else sees them. */
export class Transaction {
  writes: WriteRecord[] = [];
  /** Writes of others that wait for the end of this one. */
  readonly waiting: (() => void)[] = [];

  constructor(
    readonly session: string,
    readonly number: bigint,
    /** The connection that its last command came by: closed, it ends the transaction. */
    public connection: number,
    readonly startedAfter: number,
    readonly layout: number,
    readonly deadline: number,
  ) {}
}

/** A write that others committed while a transaction was open. */
interface Committed {
  at: number;
  write: WriteRecord;
}

/**
 * Multi-document transactions with snapshot isolation. Each command of one runs in a view: inside a savepoint, what
 * others committed since its start is taken back, its own earlier writes are put in, the command runs, and the
 * savepoint is rolled back; the commit puts its writes in for good. Whoever writes a document or a unique key first
 * holds it; another transaction that wants it gets a write conflict, and so does one that would overwrite what was
 * committed after it began.
 */
export class Transactions {
  private readonly open = new Map<string, Transaction>();
  private readonly records = new Map<string, Transaction>();
  private readonly keys = new Map<string, Transaction>();
  private readonly written = new Map<string, number>();
  private committed: Committed[] = [];
  private committedBytes = 0;
  private clock = 0;
  private forgottenUntil = 0;

  constructor(
    private readonly context: StorageContext & { file: DatabaseFile },
    private readonly catalog: Catalog,
    private readonly now: () => number,
  ) {}

  /** What watches writes outside of transactions, where there is something to watch for. */
  get outsideGuard(): WriteGuard | undefined {
    return this.open.size === 0 ? undefined : this.guardOutside;
  }

  begin(session: string, number: bigint, connection: number): Transaction {
    this.abort(session);
    const transaction = new Transaction(
      session,
      number,
      connection,
      this.clock,
      this.catalog.layout,
      this.now() + LIFETIME_MS,
    );
    this.open.set(session, transaction);
    return transaction;
  }

  /** The open transaction of this number. */
  find(session: string, number: bigint): Transaction {
    const transaction = this.open.get(session);
    if (transaction?.number === number) return transaction;
    throw new CommandFailure(251, `Given transaction number ${number} does not match any in-progress transactions.`, [
      'TransientTransactionError',
    ]);
  }

  isOpen(session: string, number: bigint): boolean {
    return this.open.get(session)?.number === number;
  }

  /** Runs a command inside a transaction; a failure ends it. A command that reads one collection names it. */
  run<T>(transaction: Transaction, only: string | undefined, work: () => T): T {
    const fresh: WriteRecord[] = [];
    try {
      this.checkSnapshot(transaction);
      const result = this.inSavepoint(() => {
        this.takeBack(transaction, only);
        this.replay(transaction);
        this.context.guard = this.guardInside(transaction, fresh);
        return work();
      });
      transaction.writes.push(...fresh);
      return result;
    } catch (error) {
      this.end(transaction);
      throw error;
    }
  }

  /** Puts the writes of a transaction into the tables for good. */
  commit(transaction: Transaction): void {
    const { file } = this.context;
    file.exec('SAVEPOINT commit_transaction');
    try {
      this.checkSnapshot(transaction);
      this.replay(transaction);
      for (const write of transaction.writes) this.remember(write);
    } catch (error) {
      file.exec('ROLLBACK TO commit_transaction');
      throw error instanceof CommandFailure ? writeConflict() : error;
    } finally {
      if (file.inTransaction) file.exec('RELEASE commit_transaction');
      this.end(transaction);
    }
  }

  /** Forgets the open transaction of a session, if there is one. */
  abort(session: string): void {
    const transaction = this.open.get(session);
    if (transaction) this.end(transaction);
  }

  /** Forgets the transactions that a closed connection left open. */
  abortOf(connection: number): void {
    for (const transaction of this.open.values()) if (transaction.connection === connection) this.end(transaction);
  }

  /** Forgets transactions that have been open for too long. */
  expire(): void {
    for (const transaction of this.open.values()) if (this.now() > transaction.deadline) this.end(transaction);
  }

  private inSavepoint<T>(work: () => T): T {
    const { file } = this.context;
    file.exec('SAVEPOINT transaction_view');
    try {
      return work();
    } finally {
      this.context.guard = undefined;
      if (file.inTransaction) file.exec('ROLLBACK TO transaction_view; RELEASE transaction_view');
    }
  }

  /** Collections and indexes that changed, or a past that was forgotten, leave nothing to stand on. */
  private checkSnapshot(transaction: Transaction): void {
    if (transaction.layout !== this.catalog.layout) throw writeConflict();
    if (transaction.startedAfter < this.forgottenUntil) {
      throw new CommandFailure(246, 'The snapshot of the transaction is too old: too much was written since', [
        'TransientTransactionError',
      ]);
    }
  }

  private takeBack(transaction: Transaction, only: string | undefined): void {
    for (let i = this.committed.length - 1; i >= 0 && this.committed[i]!.at > transaction.startedAfter; i--) {
      const { collection, rid, before, after } = this.committed[i]!.write;
      if (only !== undefined && collection.namespace !== only) continue;
      if (!after) collection.put(rid, decodeDocument(before!), before!);
      else if (before) collection.replace(rid, after, decodeDocument(before), before);
      else collection.remove(rid, after);
    }
  }

  private replay(transaction: Transaction): void {
    for (const { collection, rid, before, after } of transaction.writes) {
      if (!after) collection.remove(rid, before!);
      else if (before) collection.replace(rid, before, decodeDocument(after), after);
      else collection.put(rid, decodeDocument(after), after);
    }
  }

  private end(transaction: Transaction): void {
    if (this.open.get(transaction.session) === transaction) this.open.delete(transaction.session);
    for (const [key, holder] of this.records) if (holder === transaction) this.records.delete(key);
    for (const [key, holder] of this.keys) if (holder === transaction) this.keys.delete(key);
    if (this.open.size === 0) this.forget();
    for (const goOn of transaction.waiting) goOn();
  }

  private forget(): void {
    this.written.clear();
    this.committed = [];
    this.committedBytes = 0;
  }

  private remember(write: WriteRecord): void {
    this.committedBytes += (write.before?.length ?? 0) + (write.after?.length ?? 0);
    if (this.committed.length >= MOST_REMEMBERED || this.committedBytes > MOST_REMEMBERED_BYTES) {
      this.forget();
      this.forgottenUntil = this.clock;
    }
    const at = ++this.clock;
    this.written.set(recordKey(write.collection, write.rid), at);
    this.committed.push({ at, write });
  }

  private readonly guardOutside: WriteGuard = {
    claimRecord: (collection, rid) => letGo(this.records.get(recordKey(collection, rid))),
    claimKey: (index, key) => letGo(this.keys.get(uniqueKey(index, key))),
    record: (write) => this.remember(write),
  };

  private guardInside(transaction: Transaction, fresh: WriteRecord[]): WriteGuard {
    return {
      claimRecord: (collection, rid) => {
        const key = recordKey(collection, rid);
        this.hold(this.records, key, transaction, (this.written.get(key) ?? 0) > transaction.startedAfter);
      },
      claimKey: (index, key) => this.hold(this.keys, uniqueKey(index, key), transaction, false),
      record: (write) => fresh.push(write),
    };
  }

  private hold(held: Map<string, Transaction>, key: string, transaction: Transaction, stale: boolean): void {
    const holder = held.get(key);
    if (stale || (holder && holder !== transaction)) throw writeConflict();
    held.set(key, transaction);
  }
}

function letGo(holder: Transaction | undefined): void {
  if (holder) throw new HeldByTransaction(holder);
}

const recordKey = (collection: Collection, rid: number): string => `${collection.id}:${rid}`;
const uniqueKey = (index: IndexDefinition, key: Buffer): string => `${index.id}:${key.toString('latin1')}`;
