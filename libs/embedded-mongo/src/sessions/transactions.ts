import { decodeDocument } from '../bson/decode';
import type { Doc } from '../bson/values';
import { CommandFailure, TRANSIENT, writeConflict } from '../failure';
import type { Catalog } from '../storage/catalog';
import type { Collection, StorageContext, WriteGuard, WriteRecord } from '../storage/collection';
import { TakesLong } from '../storage/database-file';
import type { IndexDefinition } from '../storage/index-definition';

const LIFETIME_MS = 60_000;
const MOST_REMEMBERED = 50_000;
const MOST_BYTES = 64 * 1024 * 1024;

/** Thrown when a write outside of transactions meets one that is open: it waits until that one has ended. */
export class HeldByTransaction extends Error {
  constructor(readonly holder: Transaction) {
    super('a transaction holds the document');
  }
}

/** Thrown where what is committed does not tell whether a key is free for a transaction: its snapshot has to. */
class NeedsSnapshot extends Error {}

/** An open transaction: its writes wait here, in order, and nobody else sees them. */
export class Transaction {
  readonly writes: WriteRecord[] = [];
  bytes = 0;
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

/** What a transaction sees inside a savepoint. */
interface View {
  transaction: Transaction;
  /** The collections that are as its snapshot has them. */
  shown: Set<string>;
  /** Those that are as committed, but for what it has added since the view began. */
  added: Set<string>;
}

/**
 * Multi-document transactions with snapshot isolation. Commands of one run in a view: inside a savepoint, what others
 * committed since its start is taken back and its own earlier writes are put in, collection by collection, as far as
 * the command looks at it. The view stays until somebody else has a command, then it is rolled back; the commit puts
 * the writes in for good. Whoever only adds documents needs no snapshot, as long as what is committed tells which keys
 * are free: however much a transaction has written, the next insert costs the same. Whoever writes a document or a
 * unique key first holds it; another transaction that wants it gets a write conflict, and so does one that would
 * overwrite what was committed after it began.
 */
export class Transactions {
  private readonly open = new Map<string, Transaction>();
  /** Who holds a document or a unique key. */
  private readonly held = new Map<string, Transaction>();
  private readonly written = new Map<string, number>();
  /** When others last changed or removed a document of a collection: keys may have become free since. */
  private readonly freed = new Map<string, number>();
  private view: View | undefined;
  private committed: Committed[] = [];
  private committedBytes = 0;
  private clock = 0;
  private forgottenUntil = 0;

  /** `elapsed` is in milliseconds. */
  constructor(
    private readonly context: StorageContext,
    private readonly catalog: Catalog,
    private readonly elapsed: () => number,
  ) {}

  /** What watches writes outside of transactions, where there is something to watch for. */
  get outsideGuard(): WriteGuard | undefined {
    return this.open.size === 0 ? undefined : this.guardOutside;
  }

  begin(session: string, number: bigint, connection: number): Transaction {
    this.abort(session);
    const deadline = this.elapsed() + LIFETIME_MS;
    const transaction = new Transaction(session, number, connection, this.clock, this.catalog.layout, deadline);
    this.open.set(session, transaction);
    return transaction;
  }

  /** The open transaction of this number. */
  find(session = '', number = -1n): Transaction {
    const transaction = this.open.get(session);
    if (transaction?.number === number) return transaction;
    const message = `Given transaction number ${number} does not match any in-progress transactions.`;
    throw new CommandFailure(251, message, TRANSIENT);
  }

  isOpen(transaction: Transaction): boolean {
    return this.open.get(transaction.session) === transaction;
  }

  /** Whether a transaction that is open sees of a collection what is committed now: nobody wrote to it since its start. */
  seesWhatIsCommitted(transaction: Transaction, namespace: string): boolean {
    const { writes, startedAfter, layout } = transaction;
    if (!this.isOpen(transaction)) return false;
    if (layout !== this.catalog.layout || startedAfter < this.forgottenUntil) return false;
    return this.othersWrote(startedAfter, namespace).length + writes.filter(isIn(namespace)).length === 0;
  }

  /** Runs a command about a collection inside a transaction; a failure ends it, unless it is to be run elsewhere. */
  run(transaction: Transaction, namespace: string, command: () => Doc): Doc {
    return this.orEnd(transaction, () => this.inSnapshot(transaction, namespace, command));
  }

  /** As `run`, for a command that only adds documents: with the snapshot only where that has to tell which keys are free. */
  add(transaction: Transaction, namespace: string, command: () => Doc): Doc {
    return this.orEnd(
      transaction,
      () => this.withoutSnapshot(transaction, namespace, command) ?? this.inSnapshot(transaction, namespace, command),
    );
  }

  private orEnd(transaction: Transaction, command: () => Doc): Doc {
    this.context.guard = undefined;
    try {
      this.checkSnapshot(transaction);
      const reply = command();
      if (reply.has('writeErrors')) this.end(transaction);
      return reply;
    } catch (error) {
      if (!(error instanceof TakesLong)) this.end(transaction);
      throw error;
    }
  }

  private inSnapshot(transaction: Transaction, namespace: string, command: () => Doc): Doc {
    this.enterSnapshot(transaction, namespace);
    this.context.guard = this.guardInside(transaction);
    return command();
  }

  /**
   * A key is free in the snapshot where it is free in what is committed, nobody has freed any since the start, and the
   * transaction itself has not claimed it. Otherwise nothing has happened.
   */
  private withoutSnapshot(transaction: Transaction, namespace: string, command: () => Doc): Doc | undefined {
    if ((this.freed.get(namespace) ?? 0) > transaction.startedAfter) return undefined;
    const view = this.enterView(transaction);
    if (view.shown.has(namespace)) return undefined;
    view.added.add(namespace);
    const { bytes, writes } = transaction;
    const before = writes.length;
    this.context.guard = this.guardAdding(transaction);
    try {
      const reply = command();
      if (!reply.has('writeErrors')) return reply;
    } catch (error) {
      if (!(error instanceof NeedsSnapshot)) throw error;
    }
    this.context.guard = undefined;
    this.leaveView();
    writes.length = before;
    transaction.bytes = bytes;
    return undefined;
  }

  /** Puts the writes of a transaction into the tables for good: all, or a failure that the caller undoes. */
  commit(transaction: Transaction): void {
    this.context.guard = undefined;
    try {
      this.checkSnapshot(transaction);
      transaction.writes.forEach(replay);
      for (const write of transaction.writes) this.remember(write);
    } catch (error) {
      throw error instanceof CommandFailure ? writeConflict() : error;
    } finally {
      this.end(transaction);
    }
  }

  /** Forgets the open transaction of a session, if there is one. */
  abort(session: string): void {
    const transaction = this.open.get(session);
    if (transaction) this.end(transaction);
  }

  /** Forgets an open transaction: whoever waits for it goes on. */
  end(transaction: Transaction): void {
    if (this.view?.transaction === transaction) this.leaveView();
    if (this.isOpen(transaction)) this.open.delete(transaction.session);
    for (const [key, holder] of this.held) if (holder === transaction) this.held.delete(key);
    if (this.open.size === 0) this.forget();
    for (const goOn of transaction.waiting) goOn();
  }

  /** Forgets the transactions that a closed connection left open. */
  abortOf(connection: number): void {
    for (const transaction of this.open.values()) if (transaction.connection === connection) this.end(transaction);
  }

  /** Forgets transactions that have been open for too long. */
  expire(): void {
    for (const transaction of this.open.values()) if (this.elapsed() > transaction.deadline) this.end(transaction);
  }

  /** Shows the tables as they are committed again; before any command that is not of the transaction in view. */
  leaveView(): void {
    if (!this.view) return;
    this.view = undefined;
    this.context.file.undoTo('transaction_view');
    this.context.file.release('transaction_view');
  }

  private enterView(transaction: Transaction): View {
    if (this.view?.transaction !== transaction) this.leaveView();
    if (!this.view) {
      this.context.file.savepoint('transaction_view');
      this.view = { transaction, shown: new Set(), added: new Set() };
    }
    return this.view;
  }

  private enterSnapshot(transaction: Transaction, namespace: string): void {
    // What was added is among the writes that the snapshot is made with.
    if (this.view?.added.has(namespace)) this.leaveView();
    const { shown } = this.enterView(transaction);
    if (shown.has(namespace)) return;
    this.showSnapshot(transaction, namespace);
    shown.add(namespace);
  }

  /** Takes back what others committed to a collection since the start, and puts the transaction's own writes in. */
  private showSnapshot(transaction: Transaction, namespace: string): void {
    this.othersWrote(transaction.startedAfter, namespace).reverse().forEach(takeBack);
    transaction.writes.filter(isIn(namespace)).forEach(replay);
  }

  private othersWrote(after: number, namespace: string): WriteRecord[] {
    const since = this.committed.findLastIndex(({ at }) => at <= after) + 1;
    return this.committed
      .slice(since)
      .map(({ write }) => write)
      .filter(isIn(namespace));
  }

  /** Collections and indexes that changed, or a past that was forgotten, leave nothing to stand on. */
  private checkSnapshot(transaction: Transaction): void {
    if (transaction.layout !== this.catalog.layout) throw writeConflict();
    if (transaction.startedAfter < this.forgottenUntil)
      throw new CommandFailure(246, 'The snapshot is too old: too much was written since', TRANSIENT);
  }

  private forget(): void {
    this.written.clear();
    this.freed.clear();
    this.committed = [];
    this.committedBytes = 0;
  }

  private remember(write: WriteRecord): void {
    this.committedBytes += sizeOf(write);
    if (this.committed.length >= MOST_REMEMBERED || this.committedBytes > MOST_BYTES) {
      this.forget();
      this.forgottenUntil = this.clock;
    }
    const at = ++this.clock;
    this.written.set(recordKey(write.collection, write.rid), at);
    if (write.before) this.freed.set(write.collection.namespace, at);
    this.committed.push({ at, write });
  }

  private readonly guardOutside: WriteGuard = {
    claimRecord: (collection, rid) => this.waitFor(recordKey(collection, rid)),
    claimKey: (index, key) => this.waitFor(uniqueKey(index, key)),
    record: (write) => this.remember(kept(write)),
  };

  private guardInside(transaction: Transaction): WriteGuard {
    return {
      claimRecord: (collection, rid) => {
        const key = recordKey(collection, rid);
        if ((this.written.get(key) ?? 0) > transaction.startedAfter) throw writeConflict();
        this.hold(key, transaction);
      },
      claimKey: (index, key) => this.hold(uniqueKey(index, key), transaction),
      record: (write) => {
        transaction.writes.push(kept(write));
        transaction.bytes += sizeOf(write);
        if (transaction.bytes > MOST_BYTES) throw new CommandFailure(257, 'The transaction is too large');
      },
    };
  }

  private guardAdding(transaction: Transaction): WriteGuard {
    const guard = this.guardInside(transaction);
    return {
      ...guard,
      claimKey: (index, key) => {
        if (this.held.get(uniqueKey(index, key)) === transaction) throw new NeedsSnapshot();
        guard.claimKey(index, key);
      },
    };
  }

  private waitFor(key: string): void {
    const holder = this.held.get(key);
    if (holder) throw new HeldByTransaction(holder);
  }

  private hold(key: string, transaction: Transaction): void {
    const holder = this.held.get(key) ?? transaction;
    if (holder !== transaction) throw writeConflict();
    this.held.set(key, transaction);
  }
}

const isIn =
  (namespace: string) =>
  ({ collection }: WriteRecord): boolean =>
    collection.namespace === namespace;

const replay = ({ collection, rid, before, after }: WriteRecord): void =>
  collection.change(rid, before, after && { document: decodeDocument(after), bytes: after });

const takeBack = (write: WriteRecord): void => replay({ ...write, before: write.after, after: write.before });

/** The same write without the frame that its document came in, which may be far larger. */
const kept = (write: WriteRecord): WriteRecord => ({ ...write, after: write.after && Buffer.from(write.after) });

const sizeOf = ({ before, after }: WriteRecord): number => 100 + (before?.length ?? 0) + (after?.length ?? 0);
const recordKey = (collection: Collection, rid: number): string => `document ${collection.id}:${rid}`;
const uniqueKey = (index: IndexDefinition, key: Buffer): string => `key ${index.id}:${key.toString('latin1')}`;
