import { closeSync, constants, fdatasyncSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SQLInputValue } from 'node:sqlite';
import { crc32 } from 'node:zlib';

/** So much is written between two commits of SQLite. */
const ROOM = 2 * 1024 * 1024;
/** Commits from this size on are better written into SQLite's pages at once than into the journal first. */
const LARGE = 256 * 1024;
/** Before each record: the generation, its number, its length and the checksum of all of that and of the record. */
const HEAD = 20;
const [NULL, NUMBER, BIGINT, TEXT, BLOB] = [0, 1, 2, 3, 4];

/** A statement that changed something, to be run again. */
export interface Change {
  sql: string;
  values: SQLInputValue[];
}

/**
 * What was committed since SQLite's last commit, statement by statement, in a file of a fixed size: one write and one
 * sync a commit, however many pages it changed. Each commit is a record with a checksum. SQLite's own commit makes all
 * of it void at once by a new generation, and the next record is written over the first.
 */
export class Journal {
  private readonly pending = Buffer.allocUnsafe(LARGE);
  /** Of what is pending; infinite where it is too much to be kept. */
  private length = HEAD;
  private end = 0;
  private records = 0;
  private generation = 0n;

  private constructor(private readonly file: number) {}

  /** Opens the journal of a database, or makes one. What is written to it is on disk when the write comes back. */
  static open(path: string): Journal {
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_DSYNC, 0o600);
    const zeros = Buffer.alloc(ROOM);
    for (let size = fstatSync(file).size; size < ROOM;) size += writeSync(file, zeros, 0, ROOM - size, size);
    // What a process that was killed had not synced is still to be read, and is to stay.
    fdatasyncSync(file);
    syncDirectory(dirname(path));
    return new Journal(file);
  }

  /** True where something was committed that SQLite has not. */
  get holdsCommits(): boolean {
    return this.records > 0;
  }

  /** True where something was changed since the last commit. */
  get isPending(): boolean {
    return this.length > HEAD;
  }

  /** True where there is room for what is pending, and it is small enough to be worth it. */
  get takesPending(): boolean {
    return this.end + this.length <= ROOM;
  }

  /** Where what is pending ends now, for `truncate`. */
  get mark(): number {
    return this.length;
  }

  /** Forgets what was changed after a mark; without one, all that is pending. */
  truncate(mark = HEAD): void {
    this.length = mark;
  }

  /** Takes note of how much is about to be changed: what is too large is not kept at all. */
  expect(bytes: number): void {
    if (this.length + bytes > LARGE) this.length = Number.POSITIVE_INFINITY;
  }

  /** Takes note of a change. */
  add(sql: string, values: readonly SQLInputValue[]): void {
    if (this.length > LARGE) return;
    let bytes = sizeOf(sql) + 4;
    for (const value of values) bytes += sizeOf(value);
    this.expect(bytes);
    if (this.length > LARGE) return;
    this.addValue(sql);
    this.length = this.pending.writeUInt32LE(values.length, this.length);
    for (const value of values) this.addValue(value);
  }

  /** Writes what is pending, and comes back when it is on disk. */
  write(): void {
    const { pending, length, end } = this;
    pending.writeBigInt64LE(this.generation, 0);
    pending.writeUInt32LE(this.records, 8);
    pending.writeUInt32LE(length, 12);
    pending.writeUInt32LE(checksum(pending.subarray(0, length)), 16);
    try {
      for (let done = 0; done < length;) done += writeSync(this.file, pending, done, length - done, end + done);
    } catch (error) {
      this.spoil(end);
      throw error;
    }
    this.end += length;
    this.records++;
    this.length = HEAD;
  }

  /** Goes on with what stands in the file for a generation; what is of another is void. */
  resume(generation: bigint): void {
    this.begin(generation);
    const bytes = this.read();
    for (let next = this.recordAt(bytes, 0); next; next = this.recordAt(bytes, this.end)) {
      this.end += next.length;
      this.records++;
    }
    if (this.hasLater(bytes)) throw new Error('its journal is damaged');
  }

  /** Begins anew, at the beginning of the file. */
  begin(generation: bigint): void {
    this.generation = generation;
    this.end = this.records = 0;
    this.length = HEAD;
  }

  /** What was committed, in order. */
  *changes(): Iterable<Change> {
    if (this.end === 0) return;
    const bytes = this.read().subarray(0, this.end);
    for (let at = 0; at < bytes.length;) {
      const record = bytes.subarray(at, (at += bytes.readUInt32LE(at + 12)));
      const reader = new Reader(record);
      while (reader.at < record.length) yield reader.change();
    }
  }

  close(): void {
    closeSync(this.file);
  }

  private addValue(value: SQLInputValue): void {
    const { pending } = this;
    let at = this.length;
    if (value === null) at = pending.writeUInt8(NULL, at);
    else if (typeof value === 'number') at = pending.writeDoubleLE(value, pending.writeUInt8(NUMBER, at));
    else if (typeof value === 'bigint') at = pending.writeBigInt64LE(value, pending.writeUInt8(BIGINT, at));
    else if (typeof value === 'string') {
      const bytes = pending.write(value, at + 5);
      at = pending.writeUInt32LE(bytes, pending.writeUInt8(TEXT, at)) + bytes;
    } else {
      pending.set(value as Uint8Array, at + 5);
      at = pending.writeUInt32LE(value.byteLength, pending.writeUInt8(BLOB, at)) + value.byteLength;
    }
    this.length = at;
  }

  /** What was not acknowledged is not to come back: as well as that can be done where writing fails. */
  private spoil(at: number): void {
    try {
      writeSync(this.file, Buffer.alloc(HEAD), 0, HEAD, at);
    } catch {
      // Its sync was not seen to succeed, and whoever asked for it was told of the failure.
    }
  }

  private read(): Buffer {
    const bytes = Buffer.alloc(ROOM);
    for (let at = 0, got = 1; got > 0 && at < ROOM; at += got) got = readSync(this.file, bytes, at, ROOM - at, at);
    return bytes;
  }

  /** The record that begins there, where one of this generation and of the next number does. */
  private recordAt(bytes: Buffer, at: number, number = this.records): Buffer | undefined {
    if (at + HEAD > bytes.length || bytes.readBigInt64LE(at) !== this.generation) return undefined;
    if (bytes.readUInt32LE(at + 8) !== number) return undefined;
    const length = bytes.readUInt32LE(at + 12);
    if (length <= HEAD || at + length > bytes.length) return undefined;
    const record = bytes.subarray(at, at + length);
    return checksum(record) === record.readUInt32LE(16) ? record : undefined;
  }

  /** A record that was torn is the last one: what comes after another was synced first. */
  private hasLater(bytes: Buffer): boolean {
    const mark = Buffer.alloc(8);
    mark.writeBigInt64LE(this.generation);
    for (let at = bytes.indexOf(mark, this.end); at >= 0; at = bytes.indexOf(mark, at + 1))
      if (at + HEAD <= bytes.length && this.recordAt(bytes, at, bytes.readUInt32LE(at + 8))) return true;
    return false;
  }
}

/** That there is such a file is on disk then, too. */
function syncDirectory(path: string): void {
  const directory = openSync(path, constants.O_RDONLY);
  fsyncSync(directory);
  closeSync(directory);
}

/** Of a record, without the place of the checksum itself. */
const checksum = (record: Buffer): number => crc32(record.subarray(HEAD), crc32(record.subarray(0, 16)));

/** At most so many bytes a value takes. */
function sizeOf(value: SQLInputValue): number {
  if (typeof value === 'string') return 5 + 3 * value.length;
  return typeof value === 'object' && value !== null ? 5 + value.byteLength : 9;
}

class Reader {
  at = HEAD;

  constructor(private readonly bytes: Buffer) {}

  change(): Change {
    const sql = this.value() as string;
    const values = Array.from({ length: this.bytes.readUInt32LE(this.at) }, () => undefined);
    this.at += 4;
    return { sql, values: values.map(() => this.value()) };
  }

  private value(): SQLInputValue {
    const { bytes } = this;
    const type = bytes[this.at++];
    if (type === NULL) return null;
    if (type === NUMBER) return bytes.readDoubleLE((this.at += 8) - 8);
    if (type === BIGINT) return bytes.readBigInt64LE((this.at += 8) - 8);
    const length = bytes.readUInt32LE(this.at);
    const from = (this.at += 4);
    this.at += length;
    return type === TEXT ? bytes.toString('utf8', from, this.at) : bytes.subarray(from, this.at);
  }
}
