import type { SQLInputValue } from 'node:sqlite';
import { asBuffer, decodeDocument, decodeFields } from '../bson/decode';
import type { Doc } from '../bson/values';
import { CommandFailure } from '../failure';
import { matches } from '../query/match';
import { fieldsIn, type Predicate } from '../query/predicate';
import type { Collection } from '../storage/collection';
import type { Plan } from './planner';

const LARGEST_CHUNK = 1000;
const CHUNK_BYTES = 2 * 1024 * 1024;
const FIRST_CHUNK = 32;
/** SQLITE_NOMEM and SQLITE_TOOBIG. */
const TOO_MUCH: readonly (number | undefined)[] = [7, 18];

/** A stored document on its way through a query; it is decoded when somebody asks. */
export class Row {
  private decoded: Doc | undefined;

  /** Where a document has several keys in an index, `key` is the one that it was found by. */
  constructor(
    readonly rid: number,
    readonly bytes: Buffer,
    readonly key?: Buffer,
  ) {}

  get document(): Doc {
    return (this.decoded ??= decodeDocument(this.bytes));
  }

  /** The same row, for keeping: without the bytes of others that were read together with it. */
  copy(): Row {
    return new Row(this.rid, Buffer.from(this.bytes), this.key);
  }
}

/** A filter over rows; of most of them only the fields that it looks at are decoded. */
export function rowFilter(predicate: Predicate | undefined): (row: Row) => boolean {
  if (!predicate) return () => true;
  const fields = new Set(fieldsIn(predicate));
  return (row) => matches(predicate, decodeFields(row.bytes, fields));
}

/** How many rows are likely to be taken, and when (by the monotonic clock) reading ends with an error. */
export interface ScanOptions {
  expected?: number;
  deadline?: number;
}

interface Position {
  range: number;
  row: Row;
}

/**
 * The rows that a plan reads, before what is left of the filter is applied, one by one. It reads ahead in chunks, small
 * at first; between commands it holds nothing of SQLite open and goes on by key.
 */
export class Scan {
  private rows: readonly Row[] = [];
  private at = 0;
  /** The range of the rows in hand, and the one to read next. */
  private range = 0;
  private upcoming = 0;
  /** The last row that was given away. */
  private position: Position | undefined;
  private chunk: number;
  private readonly deadline: number;
  private readonly seen: Set<number> | undefined;
  private readonly ranges: Plan['ranges'];

  constructor(
    private readonly collection: Collection,
    private readonly plan: Plan,
    { expected = FIRST_CHUNK, deadline = Number.POSITIVE_INFINITY }: ScanOptions,
  ) {
    this.deadline = deadline;
    this.chunk = Math.max(1, Math.min(expected, LARGEST_CHUNK));
    this.ranges = plan.backward ? [...plan.ranges].reverse() : plan.ranges;
    this.seen = plan.index?.isMultikey ? new Set() : undefined;
  }

  next(): Row | undefined {
    for (;;) {
      if (this.at === this.rows.length && !this.fill()) return undefined;
      const row = this.rows[this.at++]!;
      this.position = { range: this.range, row };
      if (this.seen?.has(row.rid)) continue;
      this.seen?.add(row.rid);
      return row;
    }
  }

  /** Forgets rows read ahead, so that the next one is read as it then is. */
  rewind(): void {
    if (this.at < this.rows.length) this.upcoming = this.position?.range ?? 0;
    if (this.position) this.position.row = this.position.row.copy();
    this.rows = [];
    this.at = 0;
  }

  private fill(): boolean {
    while (this.upcoming < this.ranges.length) {
      if (performance.now() > this.deadline) throw new CommandFailure(50, 'operation exceeded time limit');
      // Whatever held up its beginning, a read of one chunk is not one that lasts.
      if (this.position) this.collection.file.checkTime();
      this.range = this.upcoming;
      this.rows = this.read();
      this.at = 0;
      const wanted = this.chunk;
      const bytes = this.rows.reduce((sum, row) => sum + row.bytes.length, 1);
      const fitting = Math.floor((CHUNK_BYTES * Math.max(1, this.rows.length)) / bytes);
      this.chunk = Math.min(wanted * 4, LARGEST_CHUNK, 2 ** Math.floor(Math.log2(Math.max(1, fitting))));
      if (this.rows.length < wanted) this.upcoming++;
      if (this.rows.length > 0) return true;
    }
    return false;
  }

  /**
   * The next rows, from one statement that gives them in a single row: each value on its way from SQLite to here has its
   * price. Its limit is part of the text: SQLite would prepare it anew for each limit that is bound to it. Where that is
   * more than SQLite can hold, the chunk becomes smaller.
   */
  private read(): Row[] {
    const { where, values } = this.condition();
    try {
      const [docs, rids, keys] = this.collection.file.get(this.sql(where, this.chunk), ...values)!;
      return docs === null ? [] : rowsIn(asBuffer(docs as Uint8Array), rids as string, keys as string | undefined);
    } catch (error) {
      if (!TOO_MUCH.includes((error as { errcode?: number }).errcode) || this.chunk === 1) throw error;
      this.chunk = Math.ceil(this.chunk / 4);
      return this.read();
    }
  }

  private sql(where: string, limit: number): string {
    const { table } = this.collection;
    const { index, backward } = this.plan;
    const way = backward ? 'DESC' : 'ASC';
    const key = index?.isMultikey ? ', k' : '';
    const rows = index
      ? `SELECT doc, r${key} FROM ${index.table} i CROSS JOIN ${table} c ON c.rid = i.r WHERE ${where} ORDER BY i.k ${way}${index.unique ? '' : `, i.r ${way}`}`
      : `SELECT doc, rid AS r FROM ${table} WHERE ${where} ORDER BY rid ${way}`;
    const joined = `CAST(group_concat(doc, '') AS BLOB), group_concat(r)${key && ', group_concat(hex(k))'}`;
    return `SELECT ${joined} FROM (${rows} LIMIT ${limit})`;
  }

  /** Within the range, and behind the last row where there was one in it. */
  private condition(): { where: string; values: SQLInputValue[] } {
    const { index, backward } = this.plan;
    const { low, high } = this.ranges[this.range]!;
    const last = this.position?.range === this.range ? this.position : undefined;
    const beyond = backward ? '<' : '>';
    const parts: [string, SQLInputValue[]][] = [];
    if (low && (backward || !last)) parts.push(['i.k >= ?', [low]]);
    if (high && (!backward || !last)) parts.push(['i.k < ?', [high]]);
    if (last && !index) parts.push([`rid ${beyond} ?`, [last.row.rid]]);
    else if (last) {
      const key = last.row.key ?? index!.keysOf(last.row.document)[0]!;
      if (index!.unique) parts.push([`i.k ${beyond} ?`, [key]]);
      else parts.push([`(i.k, i.r) ${beyond} (?, ?)`, [key, last.row.rid]]);
    }
    return { where: parts.map(([text]) => text).join(' AND ') || '1', values: parts.flatMap(([, items]) => items) };
  }
}

/** Takes documents apart that stand one behind the other, with their record numbers and keys. */
function rowsIn(docs: Buffer, rids: string, keys: string | undefined): Row[] {
  const keyOf = keys?.split(',');
  let at = 0;
  const rows = rids.split(',').map((rid, i) => {
    const start = at;
    at += start + 4 > docs.length ? 0 : docs.readInt32LE(start);
    if (at <= start || at > docs.length) throw damaged();
    return new Row(Number(rid), docs.subarray(start, at), keyOf && Buffer.from(keyOf[i]!, 'hex'));
  });
  if (at !== docs.length) throw damaged();
  return rows;
}

const damaged = (): CommandFailure => new CommandFailure(269, 'A stored document is damaged; restore a backup');
