import { randomBytes } from 'node:crypto';
import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { DirectoryInUse, DirectoryUnusable } from '../failure';
import { prepareDirectory } from './directory';
import { bringUpToDate } from './format';
import { Journal } from './journal';

const FILE_NAME = 'data.sqlite';
const JOURNAL_NAME = 'data.journal';
const STATEMENTS_KEPT = 1000;
/** Mapping the file instead (mmap_size) reads no faster, and what is mapped counts as memory. */
const PAGE_CACHE_KIB = 32 * 1024;
const BUSY = 5;
const ROOM_AHEAD = 32 * 1024 * 1024;
const ZEROS = Buffer.alloc(1024 * 1024);
const ROWS_AT_ONCE = [32, 8, 1];
const BREATH_EVERY_MS = 1;
/** The shortest sleep there is. */
const BREATH_MS = 0.001;
const SLEEPING = new Int32Array(new SharedArrayBuffer(4));

/** An insert of rows of two values, put together for so many rows at a time. */
export type PairInsert = readonly { rows: number; sql: string }[];

/** For a statement up to its `VALUES`. */
export const insertOfPairs = (insert: string): PairInsert =>
  ROWS_AT_ONCE.map((rows) => ({ rows, sql: `${insert} VALUES (?, ?)${', (?, ?)'.repeat(rows - 1)}` }));

/** A read that takes longer than the one who asked can let others wait: it is to be run elsewhere, from its start. */
export class TakesLong extends Error {}

/** A row as SQLite gives it. */
export type SqlRow = readonly (number | string | Uint8Array | null)[];

/**
 * A connection to the SQLite file. The first one holds the directory for its process (the operating system lets go of
 * the lock when the process ends, however it ends) and commits to a journal. Other connections, which only read, see
 * what was settled.
 */
export class DatabaseFile {
  /** Reads beyond this moment of `performance.now()` end in `TakesLong`. */
  deadline = Number.POSITIVE_INFINITY;
  /** When a reader that gives way to others does so next. */
  private nextBreath = Number.POSITIVE_INFINITY;
  private readonly statements = new Map<string, StatementSync>();
  private readonly marks = new Map<string, number>();
  /** Tables came or went: no journal takes that. */
  private redefined = false;
  /** A COMMIT failed, and may be found to have happened after a crash: then the journal counts no more. */
  private doubtful = false;

  private constructor(
    private readonly database: DatabaseSync,
    private readonly directory: string,
    private readonly lock?: DatabaseSync,
    private readonly journal?: Journal,
  ) {}

  /** Opens, or creates, the database of a directory; without a directory it lives in memory. */
  static open(directory: string | undefined): DatabaseFile {
    if (directory === undefined) return DatabaseFile.ready(new DatabaseSync(':memory:'), 'in memory');
    prepareDirectory(directory);
    const lock = lockDirectory(directory);
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(join(directory, FILE_NAME));
      return DatabaseFile.ready(database, directory, lock);
    } catch (error) {
      database?.close();
      lock.close();
      throw openingFailure(error, directory);
    }
  }

  /** A further connection to a directory that this process has open, for reads and for moving what was written ahead. */
  static openAgain(directory: string): DatabaseFile {
    const database = new DatabaseSync(join(directory, FILE_NAME), { timeout: 5000 });
    database.exec(
      `PRAGMA cache_size = -${PAGE_CACHE_KIB / 4}; PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY`,
    );
    const file = new DatabaseFile(database, directory);
    file.nextBreath = 0;
    return file;
  }

  private static ready(database: DatabaseSync, directory: string, lock?: DatabaseSync): DatabaseFile {
    database.exec(`PRAGMA busy_timeout = 1000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON;
      PRAGMA cache_size = -${PAGE_CACHE_KIB}; PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY; BEGIN IMMEDIATE`);
    bringUpToDate(database, directory);
    database.exec('COMMIT');
    if (!lock) return new DatabaseFile(database, directory);
    makeRoomAhead(join(directory, `${FILE_NAME}-wal`));
    const journal = Journal.open(join(directory, JOURNAL_NAME));
    const row = database.prepare('SELECT generation FROM journal', { returnArrays: true, readBigInts: true }).get();
    journal.resume((row as unknown as [bigint])[0]);
    return new DatabaseFile(database, directory, lock, journal);
  }

  /** Reads what has to be known from the start; where that fails, the file is closed and its directory is unusable. */
  whileOpening<T>(read: () => T): T {
    try {
      this.begin();
      return read();
    } catch (error) {
      this.close();
      throw openingFailure(error, this.directory);
    }
  }

  /** Begins what is to be committed as a whole, where it has not begun; all that is committed is there then. */
  begin(): void {
    if (this.database.isTransaction) return;
    this.database.exec('BEGIN IMMEDIATE');
    this.redefined = false;
    this.journal?.truncate();
    try {
      for (const { sql, values } of this.journal?.changes() ?? []) this.statement(sql).run(...values);
    } catch (error) {
      this.undo();
      throw error;
    }
  }

  /** Makes what was changed since `begin` last, on disk before it comes back; true where it was settled along with it. */
  commit(): boolean {
    const { journal } = this;
    this.checkOpen();
    if (!journal || this.redefined || this.doubtful || !journal.takesPending) return this.settle();
    if (journal.isPending) journal.write();
    return false;
  }

  /** Puts what was committed where other connections see it, along with what was changed since; true if there was any. */
  settle(): boolean {
    const { database, journal } = this;
    if (journal?.holdsCommits) this.begin();
    if (!database.isTransaction) return false;
    if (journal && !journal.holdsCommits && !journal.isPending && !this.redefined) return false;
    const generation = randomBytes(8).readBigInt64LE();
    if (journal) this.statement('UPDATE journal SET generation = ?').run(generation);
    this.doubtful = true;
    this.statement('COMMIT').run();
    this.doubtful = false;
    journal?.begin(generation);
    this.redefined = false;
    return true;
  }

  /** Takes back what was changed since the last commit. */
  undo(): void {
    if (this.database.isTransaction) this.database.exec('ROLLBACK');
  }

  /** Begins a part that can be undone on its own, or `release`d into what it is a part of. */
  savepoint(name: string): void {
    this.checkOpen();
    this.database.exec(`SAVEPOINT ${name}`);
    if (this.journal) this.marks.set(name, this.journal.mark);
  }

  /** Takes back what was changed since a savepoint, which stays; nothing where SQLite has given up the whole. */
  undoTo(name: string): void {
    if (!this.database.isTransaction) return;
    this.database.exec(`ROLLBACK TO ${name}`);
    this.journal?.truncate(this.marks.get(name));
  }

  /** Ends a savepoint; nothing where SQLite has given up the whole. */
  release(name: string): void {
    if (this.database.isTransaction) this.database.exec(`RELEASE ${name}`);
  }

  /** Makes tables, or removes some. */
  define(sql: string): void {
    this.checkOpen();
    this.redefined = true;
    this.database.exec(sql);
  }

  /** Begins and ends a read that sees one state, on a connection that only reads. */
  inSnapshot<T>(read: () => T): T {
    this.database.exec('BEGIN');
    try {
      return read();
    } finally {
      this.database.exec('COMMIT');
    }
  }

  /** Runs one statement that changes rows, and answers how many. */
  run(sql: string, ...values: SQLInputValue[]): number {
    this.checkOpen();
    this.journal?.add(sql, values);
    return Number(this.statement(sql).run(...values).changes);
  }

  /** Writes a copy of all that is committed into a new file. */
  copyTo(path: string): void {
    const open = this.database.isTransaction;
    if (open && !this.settle()) this.database.exec('COMMIT');
    this.statement('VACUUM INTO ?').run(path);
    if (open) this.begin();
  }

  /** To be told of more bytes than a few before they are changed. */
  expect(bytes: number): void {
    this.journal?.expect(bytes);
  }

  /** Inserts rows of two values, several with each statement; answers how many there are now that were not. */
  insertPairs(insert: PairInsert, pairs: readonly SQLInputValue[]): number {
    let changes = 0;
    for (let at = 0; at < pairs.length;) {
      const { rows, sql } = insert.find((one) => one.rows * 2 <= pairs.length - at)!;
      changes += this.run(sql, ...pairs.slice(at, (at += rows * 2)));
    }
    return changes;
  }

  /** All rows, each an array. */
  all(sql: string, ...values: SQLInputValue[]): SqlRow[] {
    return this.statement(sql).all(...values) as unknown as SqlRow[];
  }

  /** The first row, an array. */
  get(sql: string, ...values: SQLInputValue[]): SqlRow | undefined {
    return this.statement(sql).get(...values) as unknown as SqlRow | undefined;
  }

  /** Rows one by one, on a statement of its own. */
  iterate(sql: string): Iterable<SqlRow> {
    const statement = this.database.prepare(sql);
    statement.setReturnArrays(true);
    return statement.iterate() as unknown as Iterable<SqlRow>;
  }

  /**
   * To be called between the steps of a read. Throws `TakesLong` where the time for it is used up; `needed` is what the
   * next step is sure to take, in ms. A reader that gives way lets go of its core for a moment: a thread of any priority
   * that woke up meanwhile would wait for the kernel's next tick, 4 ms.
   */
  checkTime(needed = 0): void {
    const now = performance.now();
    if (now + needed > this.deadline) throw new TakesLong();
    if (now < this.nextBreath) return;
    Atomics.wait(SLEEPING, 0, 0, BREATH_MS);
    this.nextBreath = performance.now() + BREATH_EVERY_MS;
  }

  get inTransaction(): boolean {
    return this.database.isTransaction;
  }

  /** Pages written ahead, and how many of them have been moved into the database. */
  writtenAhead(): { pages: number; moved: number } {
    const [, pages, moved] = this.get('PRAGMA wal_checkpoint(NOOP)')!;
    return { pages: Number(pages), moved: Number(moved) };
  }

  /**
   * Moves what was written ahead into the database, as far as readers allow; waits for nobody. Where that fails (a full
   * disk), nothing is lost: it stays where it is, and is tried again after a later commit.
   */
  moveWrittenAhead(): void {
    try {
      this.get('PRAGMA wal_checkpoint(PASSIVE)');
    } catch (error) {
      if ((error as { errcode?: number }).errcode === undefined) throw error;
    }
  }

  /** Lets go of the file, and of the directory. */
  close(): void {
    this.statements.clear();
    this.database.close();
    this.journal?.close();
    this.lock?.close();
  }

  /** Where SQLite itself fails it gives up all of a transaction, and would go on with each statement for good. */
  private checkOpen(): void {
    if (!this.database.isTransaction) throw new Error('SQLite has given up the transaction');
  }

  private statement(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known) return known;
    const statement = this.database.prepare(sql);
    statement.setReturnArrays(true);
    if (this.statements.size >= STATEMENTS_KEPT) this.statements.delete(this.statements.keys().next().value!);
    this.statements.set(sql, statement);
    return statement;
  }
}

/**
 * Fills up the file that is written ahead (the WAL) with zeros, which SQLite takes for nothing: a sync of what is written
 * over what was there takes a fraction of one that makes a file longer. Where there is no room on the disk, it goes without.
 */
function makeRoomAhead(path: string): void {
  const file = openSync(path, 'r+');
  const before = fstatSync(file).size;
  try {
    for (let size = before; size < ROOM_AHEAD;) size += writeSync(file, ZEROS, 0, ZEROS.length, size);
    fdatasyncSync(file);
  } catch {
    ftruncateSync(file, before);
  } finally {
    closeSync(file);
  }
}

/** An empty database beside the data, held with an exclusive lock: the data itself is open in several threads. */
function lockDirectory(directory: string): DatabaseSync {
  const lock = new DatabaseSync(join(directory, 'lock'));
  try {
    lock.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw openingFailure(error, directory);
  }
}

function openingFailure(error: unknown, directory: string): Error {
  if (error instanceof DirectoryUnusable) return error;
  const { errcode, message } = error as Error & { errcode?: number };
  return errcode === BUSY ? new DirectoryInUse(directory) : new DirectoryUnusable(directory, message);
}
