import { accessSync, chmodSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { DirectoryInUse, DirectoryUnusable } from '../failure';

/** The layout of the tables; a file with a higher number is refused. */
export const FORMAT_VERSION = 1;
const FILE_NAME = 'data.sqlite';
const STATEMENTS_KEPT = 1000;
const PAGE_CACHE_KIB = 32 * 1024;
const BUSY = 5;

const LAYOUT = `
  CREATE TABLE collections (id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT NOT NULL, name TEXT NOT NULL, uuid BLOB NOT NULL, UNIQUE (db, name));
  CREATE TABLE indexes (id INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL, spec BLOB NOT NULL, multikey TEXT NOT NULL);
  CREATE TABLE sessions (id BLOB PRIMARY KEY, txn INTEGER NOT NULL, at INTEGER NOT NULL, reply BLOB NOT NULL) WITHOUT ROWID;
`;

/**
 * The one SQLite connection. It holds the file exclusively (the operating system lets go of the lock when the process
 * ends, however it ends), writes ahead and syncs at each commit.
 */
export class DatabaseFile {
  private readonly statements = new Map<string, StatementSync>();

  private constructor(private readonly database: DatabaseSync) {}

  /** Opens, or creates, the database of a directory; without a directory it lives in memory. */
  static open(directory: string | undefined): DatabaseFile {
    if (directory === undefined) return DatabaseFile.ready(new DatabaseSync(':memory:'), 'in memory');
    prepareDirectory(directory);
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(join(directory, FILE_NAME));
      return DatabaseFile.ready(database, directory);
    } catch (error) {
      database?.close();
      throw openingFailure(error, directory);
    }
  }

  private static ready(database: DatabaseSync, directory: string): DatabaseFile {
    database.exec(`PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA cache_size = -${PAGE_CACHE_KIB}; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY`);
    const file = new DatabaseFile(database);
    database.exec('BEGIN IMMEDIATE');
    const version = Number(file.all('PRAGMA user_version')[0]?.[0] ?? 0);
    if (version > FORMAT_VERSION) {
      throw new DirectoryUnusable(
        directory,
        `it is of format ${version}, this version knows formats up to ${FORMAT_VERSION}`,
      );
    }
    if (version === 0) database.exec(`${LAYOUT} PRAGMA user_version = ${FORMAT_VERSION}`);
    database.exec('COMMIT');
    return file;
  }

  /** Runs statements that take no values and give no rows. */
  exec(sql: string): void {
    this.database.exec(sql);
  }

  /** Runs one statement and answers the number of rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.statement(sql).run(...values).changes);
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

  get inTransaction(): boolean {
    return this.database.isTransaction;
  }

  /** Moves what was written ahead into the database and lets go of the file. */
  close(): void {
    this.statements.clear();
    this.database.close();
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

/** A row as SQLite gives it. */
export type SqlRow = readonly (number | string | Uint8Array | null)[];

function prepareDirectory(directory: string): void {
  try {
    makeDirectory(resolve(directory));
    chmodSync(directory, 0o700);
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new DirectoryUnusable(directory, (error as Error).message);
  }
}

/** Node's own recursive mkdir never comes back from places such as /proc, where nothing can be made. */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  makeDirectory(dirname(directory));
  mkdirSync(directory, { mode: 0o700 });
}

function openingFailure(error: unknown, directory: string): Error {
  if (error instanceof DirectoryUnusable) return error;
  const { errcode, message } = error as Error & { errcode?: number };
  return errcode === BUSY ? new DirectoryInUse(directory) : new DirectoryUnusable(directory, message);
}
