import { DirectoryUnusable } from '../failure';
import type { DatabaseFile } from './database-file';

/** The layout of the tables; a file with a higher number is refused, one with a lower number is upgraded. */
export const FORMAT_VERSION = 2;
/** Marks a SQLite file as one of these, from format 2 on. */
const APPLICATION_ID = 0x454d6f6e;

const LAYOUT = `
  CREATE TABLE collections (id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT NOT NULL, name TEXT NOT NULL, uuid BLOB NOT NULL,
    pending INTEGER NOT NULL DEFAULT 0, UNIQUE (db, name));
  CREATE TABLE indexes (id INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL, spec BLOB NOT NULL, multikey TEXT NOT NULL);
  CREATE TABLE sessions (id BLOB PRIMARY KEY, txn INTEGER NOT NULL, at INTEGER NOT NULL, reply BLOB NOT NULL) WITHOUT ROWID;
`;

/** What leads from each format to the next. 2: collections of transactions that are not committed yet. */
const UPGRADES: Readonly<Record<number, string>> = {
  1: 'ALTER TABLE collections ADD COLUMN pending INTEGER NOT NULL DEFAULT 0',
};

/** Lays out a new file, upgrades an older one; throws `DirectoryUnusable` for a newer one and for another program's. */
export function bringUpToDate(file: DatabaseFile, directory: string): void {
  const format = pragma(file, 'user_version');
  if (!isOurs(file, format)) throw new DirectoryUnusable(directory, 'its data.sqlite belongs to another program');
  if (format > FORMAT_VERSION) {
    const known = `this version knows formats up to ${FORMAT_VERSION}`;
    throw new DirectoryUnusable(directory, `it is of format ${format}, ${known}`);
  }
  if (format === 0) file.exec(LAYOUT);
  else for (let step = format; step < FORMAT_VERSION; step++) file.exec(UPGRADES[step]!);
  file.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FORMAT_VERSION}`);
}

function isOurs(file: DatabaseFile, format: number): boolean {
  const tables = file.all("SELECT name FROM sqlite_schema WHERE type = 'table'").map(([name]) => name);
  if (format === 0) return tables.length === 0;
  if (format === 1) return ['collections', 'indexes', 'sessions'].every((name) => tables.includes(name));
  return pragma(file, 'application_id') === APPLICATION_ID;
}

function pragma(file: DatabaseFile, name: string): number {
  return Number(file.get(`PRAGMA ${name}`)?.[0] ?? 0);
}
