import type { SQLInputValue } from 'node:sqlite';
import { asBuffer, decodeDocument, decodeFields } from '../bson/decode';
import { Encoded, type Doc } from '../bson/values';
import { CommandFailure } from '../failure';
import { matches } from '../query/match';
import { fieldsIn, type Predicate } from '../query/predicate';
import type { Collection } from '../storage/collection';
import type { SqlRow } from '../storage/database-file';
import type { Plan } from './planner';

const LARGEST_CHUNK = 512;
const CHUNK_BYTES = 2 * 1024 * 1024;
const FIRST_CHUNK = 32;
/** About; a read of more than can be read in time is not even begun. */
const ROWS_READ_IN_A_MS = 500;
/** Below and above every key; all record numbers are above 0. */
const LEAST = Buffer.alloc(0);
const GREATEST = Buffer.from([0xff]);
/** A key with this behind it is the next one. */
const ONE_MORE = Buffer.from([0]);
/** SQLITE_NOMEM and SQLITE_TOOBIG. */
const TOO_MUCH: readonly (number | undefined)[] = [7, 18];

/** A stored document on its way through a query; it is decoded when somebody asks. */
export class Row extends Encoded {
  private decoded: Doc | undefined;

  /** Where a document has several keys in an index, `key` is the one that it was found by. */
  constructor(
    readonly rid: number,
    source: Buffer,
    start = 0,
    end = source.length,
    readonly key?: Buffer,
  ) {
    super(source, start, end);
  }

  get document(): Doc {
    return (this.decoded ??= decodeDocument(this.source, undefined, this.start, this.end));
  }

  /** Some of its fields, or all. */
  only(fields: ReadonlySet<string> | undefined): Doc {
    return fields ? decodeFields(this, fields) : this.document;
  }

  /** The same row, for keeping: without the bytes of others that were read together with it. */
  copy(): Row {
    return new Row(this.rid, Buffer.from(this.bytes), 0, this.length, this.key);
  }
}

/** A filter over rows; of most of them only the fields that it looks at are decoded. */
export function rowFilter(predicate: Predicate | undefined): (row: Row) => boolean {
  if (!predicate) return () => true;
  const fields = new Set(fieldsIn(predicate));
  return (row) => matches(predicate, row.only(fields));
}

/** How many rows are likely to be taken, and how many at most. */
export interface ScanOptions {
  expected?: number;
  most?: number;
}

/**
 * The rows that a plan reads, before what is left of the filter is applied, one by one. It reads ahead in chunks, small
 * at first; between commands it holds nothing of SQLite open and goes on by key.
 */
export class Scan extends Iterator<Row> {
  private rows: readonly Row[] = [];
  private at = 0;
  /** The range of the rows in hand, and the one to read next. */
  private range = 0;
  private upcoming = 0;
  /** The last row that was given away, and its range. */
  private last: Row | undefined;
  private lastRange = 0;
  private chunk: number;
  private left: number;
  private readonly seen: Set<number> | undefined;
  private readonly ranges: Plan['ranges'];

  constructor(
    private readonly collection: Collection,
    private readonly plan: Plan,
    { expected, most = Number.POSITIVE_INFINITY }: ScanOptions = {},
  ) {
    super();
    this.left = most;
    this.chunk = plan.single ? 1 : Math.max(1, Math.min(expected ?? FIRST_CHUNK, LARGEST_CHUNK));
    this.ranges = plan.backward ? [...plan.ranges].reverse() : plan.ranges;
    this.seen = plan.index?.isMultikey ? new Set() : undefined;
    const all = expected === undefined && this.ranges.some(({ low, high }) => !low && !high);
    if (all) collection.file.checkTime(collection.mostDocuments / ROWS_READ_IN_A_MS);
  }

  next(): IteratorResult<Row, undefined> {
    while (this.left > 0 && (this.at < this.rows.length || this.fill())) {
      const row = this.rows[this.at++]!;
      this.last = row;
      this.lastRange = this.range;
      if (this.seen?.has(row.rid)) continue;
      this.seen?.add(row.rid);
      this.left--;
      return { done: false, value: row };
    }
    return { done: true, value: undefined };
  }

  /** Forgets rows read ahead, so that the next one is read as it then is. */
  rewind(): void {
    if (this.at < this.rows.length) this.upcoming = this.lastRange;
    this.last = this.last?.copy();
    this.rows = [];
    this.at = 0;
  }

  private fill(): boolean {
    while (this.upcoming < this.ranges.length) {
      // Whatever held up its beginning, a read of one chunk is not one that lasts.
      if (this.last) this.collection.file.checkTime();
      this.range = this.upcoming;
      this.rows = this.read();
      this.at = 0;
      const { length, [0]: first } = this.rows;
      if (length < this.chunk || this.plan.single) this.upcoming++;
      if (!first) continue;
      if (this.plan.single) return true;
      // They stand in one buffer.
      const fitting = Math.max(1, Math.floor((CHUNK_BYTES * length) / first.source.length));
      this.chunk = Math.min(this.chunk * 4, LARGEST_CHUNK, 2 ** Math.floor(Math.log2(fitting)));
      return true;
    }
    return false;
  }

  /** The next rows of the range. Where they are more than SQLite can hold in one value, the chunk becomes smaller. */
  private read(): Row[] {
    const { index, backward, single } = this.plan;
    const { low = LEAST, high = GREATEST } = this.ranges[this.range]!;
    const last = this.lastRange === this.range ? this.last : undefined;
    const at = last && { key: last.key ?? index?.keysOf(last.document)[0] ?? LEAST, rid: last.rid };
    const from = (!backward && at) || { key: low, rid: 0 };
    const to = (backward && at) || { key: high, rid: 0 };
    let values: SQLInputValue[] = [from.key, from.rid, to.key, to.rid];
    if (!index) values = [from.rid, to.rid || Number.MAX_SAFE_INTEGER];
    else if (single) values = [low];
    else if (index.unique) values = [from.rid > 0 ? Buffer.concat([from.key, ONE_MORE]) : from.key, to.key];
    try {
      return rowsIn(this.collection.file.get(this.sql(), ...values));
    } catch (error) {
      if (!TOO_MUCH.includes((error as { errcode?: number }).errcode) || this.chunk === 1) throw error;
      this.chunk = Math.ceil(this.chunk / 4);
      return this.read();
    }
  }

  /** The text of the statement: an index keeps those of its own, as to put one together takes as long as to run it. */
  private sql(): string {
    const { index, backward, single } = this.plan;
    if (!index) return this.compose();
    const shape = (single ? 0 : this.chunk * 4 + (backward ? 2 : 0)) + (index.isMultikey ? 1 : 0);
    const known = index.sql.reads.get(shape);
    if (known) return known;
    const composed = this.compose();
    index.sql.reads.set(shape, composed);
    return composed;
  }

  /**
   * One statement that gives all rows of a chunk in a single one: each value on its way from SQLite to here has its price.
   * Its limit is part of the text: SQLite would prepare it anew for each limit that is bound to it.
   */
  private compose(): string {
    const { table } = this.collection;
    const { index, backward, single } = this.plan;
    const way = backward ? 'DESC' : 'ASC';
    const key = index?.isMultikey ? ', k' : '';
    const limit = `LIMIT ${this.chunk}`;
    const joined = index && `SELECT doc, r${key} FROM ${index.table} CROSS JOIN ${table} ON rid = r`;
    let rows = `SELECT doc, rid AS r FROM ${table} WHERE rid > ? AND rid < ? ORDER BY rid ${way} ${limit}`;
    if (single) rows = `${joined} WHERE k = ?`;
    // No two entries of a unique index have the same key.
    else if (index?.unique) rows = `${joined} WHERE k >= ? AND k < ? ORDER BY k ${way} ${limit}`;
    else if (index) rows = `${joined} WHERE (k, r) > (?, ?) AND (k, r) < (?, ?) ORDER BY k ${way}, r ${way} ${limit}`;
    if (this.chunk === 1) return rows;
    return `SELECT CAST(group_concat(doc, '') AS BLOB), group_concat(r)${key && ', group_concat(hex(k))'} FROM (${rows})`;
  }
}

/** Rows from what a statement gave: documents that stand one behind the other, with their record numbers and keys. */
function rowsIn(found: SqlRow | undefined): Row[] {
  if (!found || found[0] === null) return [];
  const docs = asBuffer(found[0] as Uint8Array);
  const [, rids, keys] = found;
  if (typeof rids === 'number') return [rowAt(docs, 0, rids, keys ? asBuffer(keys as Uint8Array) : undefined)];
  const keyOf = (keys as string | undefined)?.split(',');
  let at = 0;
  const rows = (rids as string).split(',').map((rid, i) => {
    const row = rowAt(docs, at, Number(rid), keyOf && Buffer.from(keyOf[i]!, 'hex'));
    at += row.length;
    return row;
  });
  if (at !== docs.length) throw damaged();
  return rows;
}

function rowAt(docs: Buffer, start: number, rid: number, key: Buffer | undefined): Row {
  const length = start + 4 > docs.length ? 0 : docs.readInt32LE(start);
  if (length <= 0 || start + length > docs.length) throw damaged();
  return new Row(rid, docs, start, start + length, key);
}

const damaged = (): CommandFailure => new CommandFailure(269, 'A stored document is damaged; restore a backup');
