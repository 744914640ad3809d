import type { DatabaseSync } from 'node:sqlite';
import { DirectoryUnusable } from '../failure';

/** The layout of the tables; a file with a higher number is refused, one with a lower number is upgraded. */
export const FORMAT_VERSION = 3;
/** Marks a SQLite file as one of these, from format 2 on. */
const APPLICATION_ID = 0x454d6f6e;

/** Of which generation the records in the journal have to be to count. */
const JOURNAL = 'CREATE TABLE journal (generation INTEGER NOT NULL); INSERT INTO journal VALUES (0)';

/** `pending` has no meaning any more; it once marked collections of transactions that were not committed yet. */
const LAYOUT = `
  CREATE TABLE collections (id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT NOT NULL, name TEXT NOT NULL, uuid BLOB NOT NULL,
    pending INTEGER NOT NULL DEFAULT 0, UNIQUE (db, name));
  CREATE TABLE indexes (id INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL, spec BLOB NOT NULL, multikey TEXT NOT NULL);
  CREATE TABLE sessions (id BLOB PRIMARY KEY, txn INTEGER NOT NULL, at INTEGER NOT NULL, reply BLOB NOT NULL) WITHOUT ROWID;
  ${JOURNAL};
`;

/** What leads from each format to the next. */
const UPGRADES: Readonly<Record<number, string>> = {
  1: 'ALTER TABLE collections ADD COLUMN pending INTEGER NOT NULL DEFAULT 0',
  2: JOURNAL,
};

/** Lays out a new file, upgrades an older one; throws `DirectoryUnusable` for a newer one and for another program's. */
export function bringUpToDate(database: DatabaseSync, directory: string): void {
  const format = pragma(database, 'user_version');
  if (!isOurs(database, format)) throw new DirectoryUnusable(directory, 'its data.sqlite belongs to another program');
  if (format > FORMAT_VERSION) {
    const known = `this version knows formats up to ${FORMAT_VERSION}`;
    throw new DirectoryUnusable(directory, `it is of format ${format}, ${known}`);
  }
  if (format === 0) database.exec(LAYOUT);
  else for (let step = format; step < FORMAT_VERSION; step++) database.exec(UPGRADES[step]!);
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT_VERSION}`);
}

function isOurs(database: DatabaseSync, format: number): boolean {
  const tables = tablesOf(database);
  if (format === 0) return tables.length === 0;
  if (format === 1) return ['collections', 'indexes', 'sessions'].every((name) => tables.includes(name));
  return pragma(database, 'application_id') === APPLICATION_ID;
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
}

function tablesOf(database: DatabaseSync): unknown[] {
  return database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map(({ name }) => name);
}
