import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { DirectoryInUse, DirectoryUnusable } from '../failure';
import { prepareDirectory } from './directory';
import { bringUpToDate } from './format';

const FILE_NAME = 'data.sqlite';
const STATEMENTS_KEPT = 1000;
const PAGE_CACHE_KIB = 32 * 1024;
const BUSY = 5;
const ROOM_AHEAD = 32 * 1024 * 1024;
const ZEROS = Buffer.alloc(1024 * 1024);
const ROWS_AT_ONCE = [32, 8, 1];

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
 * the lock when the process ends, however it ends), writes ahead and syncs at each commit.
 */
export class DatabaseFile {
  /** Reads beyond this moment of `performance.now()` end in `TakesLong`. */
  deadline = Number.POSITIVE_INFINITY;
  private readonly statements = new Map<string, StatementSync>();

  private constructor(
    private readonly database: DatabaseSync,
    private readonly directory: string,
    private readonly lock?: DatabaseSync,
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
    return new DatabaseFile(database, directory);
  }

  private static ready(database: DatabaseSync, directory: string, lock?: DatabaseSync): DatabaseFile {
    database.exec(`PRAGMA busy_timeout = 1000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON;
      PRAGMA cache_size = -${PAGE_CACHE_KIB}; PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY; BEGIN IMMEDIATE`);
    bringUpToDate(database, directory);
    database.exec('COMMIT');
    if (lock) makeRoomAhead(join(directory, `${FILE_NAME}-wal`));
    return new DatabaseFile(database, directory, lock);
  }

  /** Reads what has to be known from the start; where that fails, the file is closed and its directory is unusable. */
  whileOpening<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      this.close();
      throw openingFailure(error, this.directory);
    }
  }

  /** Runs statements that take no values and give no rows. */
  exec(sql: string): void {
    this.database.exec(sql);
  }

  /** Runs one statement and answers the number of rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.statement(sql).run(...values).changes);
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

  /** Throws `TakesLong` where the time for a read is used up; `needed` is what the next step is sure to take, in ms. */
  checkTime(needed = 0): void {
    if (performance.now() + needed > this.deadline) throw new TakesLong();
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
    this.lock?.close();
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
