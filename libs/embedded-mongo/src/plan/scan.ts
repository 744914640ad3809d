import type { SQLInputValue } from 'node:sqlite';
import { asBuffer, decodeDocument } from '../bson/decode';
import type { Doc } from '../bson/values';
import { CommandFailure } from '../failure';
import type { Collection } from '../storage/collection';
import type { SqlRow } from '../storage/database-file';
import type { Plan } from './planner';

const LARGEST_CHUNK = 1000;
const CHUNK_BYTES = 2 * 1024 * 1024;
const FIRST_CHUNK = 32;

/** A stored document on its way through a query; it is decoded when somebody asks. */
export class Row {
  private decoded: Doc | undefined;

  constructor(
    readonly rid: number,
    readonly bytes: Buffer,
  ) {}

  get document(): Doc {
    return (this.decoded ??= decodeDocument(this.bytes));
  }
}

/** How many rows are likely to be taken, and when (by the monotonic clock) reading ends with an error. */
export interface ScanOptions {
  expected?: number;
  deadline?: number;
}

interface Position {
  range: number;
  row: Row;
  key: Uint8Array | undefined;
}

/**
 * The rows that a plan reads, before what is left of the filter is applied, one by one. It reads ahead in chunks, small
 * at first; between commands it holds nothing of SQLite open and goes on by key.
 */
export class Scan {
  private rows: readonly SqlRow[] = [];
  private at = 0;
  /** The range of the rows in hand, and the one to read next. */
  private range = 0;
  private upcoming = 0;
  /** The last row that was given away, and where it has several keys the one that it was found by. */
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
      const [doc, id, key] = this.rows[this.at++] as [Uint8Array, number, Uint8Array | undefined];
      const row = new Row(Number(id), asBuffer(doc));
      this.position = { range: this.range, row, key };
      if (this.seen?.has(row.rid)) continue;
      this.seen?.add(row.rid);
      return row;
    }
  }

  /** Forgets rows read ahead, so that the next one is read as it then is. */
  rewind(): void {
    if (this.at < this.rows.length) this.upcoming = this.position?.range ?? 0;
    this.rows = [];
    this.at = 0;
  }

  private fill(): boolean {
    while (this.upcoming < this.ranges.length) {
      if (performance.now() > this.deadline) throw new CommandFailure(50, 'operation exceeded time limit');
      // Whatever held up its beginning, a read of one chunk is not one that lasts.
      if (this.position) this.collection.file.checkTime();
      const wanted = this.chunk;
      this.range = this.upcoming;
      this.rows = this.read(wanted);
      this.at = 0;
      const bytes = this.rows.reduce((sum, row) => sum + (row[0] as Uint8Array).length, 1);
      const fitting = Math.floor((CHUNK_BYTES * Math.max(1, this.rows.length)) / bytes);
      this.chunk = Math.min(wanted * 4, LARGEST_CHUNK, 2 ** Math.floor(Math.log2(Math.max(1, fitting))));
      if (this.rows.length < wanted) this.upcoming++;
      if (this.rows.length > 0) return true;
    }
    return false;
  }

  /** The limit is part of the text: SQLite would prepare a statement anew for each limit that is bound to it. */
  private read(limit: number): SqlRow[] {
    const { file, table } = this.collection;
    const { index, backward } = this.plan;
    const { where, values } = this.condition();
    const way = backward ? 'DESC' : 'ASC';
    const sql = index
      ? `SELECT c.doc, i.r${index.isMultikey ? ', i.k' : ''} FROM ${index.table} i CROSS JOIN ${table} c ON c.rid = i.r WHERE ${where} ORDER BY i.k ${way}${index.unique ? '' : `, i.r ${way}`}`
      : `SELECT doc, rid FROM ${table} WHERE ${where} ORDER BY rid ${way}`;
    return file.all(`${sql} LIMIT ${limit}`, ...values);
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
      const key = last.key ?? index!.keysOf(last.row.document)[0]!;
      if (index!.unique) parts.push([`i.k ${beyond} ?`, [key]]);
      else parts.push([`(i.k, i.r) ${beyond} (?, ?)`, [key, last.row.rid]]);
    }
    return { where: parts.map(([text]) => text).join(' AND ') || '1', values: parts.flatMap(([, items]) => items) };
  }
}
