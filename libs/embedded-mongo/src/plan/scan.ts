import type { SQLInputValue } from 'node:sqlite';
import { asBuffer, decodeDocument } from '../bson/decode';
import type { Doc } from '../bson/values';
import type { Collection } from '../storage/collection';
import type { SqlRow } from '../storage/database-file';
import type { Interval } from './bounds';
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

/** Gives rows one by one; between commands it holds nothing of SQLite open and goes on by key. */
export interface RowSource {
  next(): Row | undefined;
  /** Forgets rows read ahead, so that the next one is read as it then is. */
  rewind(): void;
}

/** The rows that a plan reads, before what is left of the filter is applied. */
export function openScan(collection: Collection, plan: Plan, expected = FIRST_CHUNK): RowSource {
  if (plan.branches) return new Union(plan.branches.map((branch) => openScan(collection, branch)));
  return plan.index ? new IndexScan(collection, plan, expected) : new TableScan(collection, plan.backward, expected);
}

/** Reads ahead in chunks, small at first, bounded by the size of the documents. */
abstract class ChunkedScan implements RowSource {
  private rows: SqlRow[] = [];
  private at = 0;
  private ended = false;

  constructor(private chunk: number) {
    this.chunk = Math.max(1, Math.min(chunk, LARGEST_CHUNK));
  }

  next(): Row | undefined {
    while (this.at >= this.rows.length) {
      if (this.ended) return undefined;
      this.fill();
    }
    return this.take(this.rows[this.at++]!);
  }

  rewind(): void {
    if (this.at < this.rows.length) this.ended = false;
    this.rows = [];
    this.at = 0;
  }

  private fill(): void {
    this.rows = this.read(this.chunk);
    this.at = 0;
    if (this.rows.length < this.chunk && !this.advance()) this.ended = true;
    const bytes = this.rows.reduce((sum, row) => sum + (row[0] as Uint8Array).length, 1);
    const fitting = Math.floor((CHUNK_BYTES * Math.max(1, this.rows.length)) / bytes);
    this.chunk = Math.max(1, Math.min(this.chunk * 4, LARGEST_CHUNK, fitting));
  }

  /** Rows behind the position: document, record number, key. */
  protected abstract read(limit: number): SqlRow[];
  /** Goes to the next range, if there is one. */
  protected abstract advance(): boolean;
  protected abstract take(row: SqlRow): Row;
}

class TableScan extends ChunkedScan {
  private position: number | undefined;

  constructor(
    private readonly collection: Collection,
    private readonly backward: boolean,
    expected: number,
  ) {
    super(expected);
  }

  protected read(limit: number): SqlRow[] {
    const [compare, order, start] = this.backward ? ['<', 'DESC', Number.MAX_SAFE_INTEGER] : ['>', 'ASC', 0];
    return this.collection.file.all(
      `SELECT doc, rid FROM ${this.collection.table} WHERE rid ${compare} ? ORDER BY rid ${order} LIMIT ?`,
      this.position ?? start!,
      limit,
    );
  }

  protected advance(): boolean {
    return false;
  }

  protected take(row: SqlRow): Row {
    this.position = Number(row[1]);
    return new Row(this.position, asBuffer(row[0] as Uint8Array));
  }
}

class IndexScan extends ChunkedScan {
  private range = 0;
  private readonly ranges: readonly Interval[];
  private position: { key: Uint8Array; rid: number; range: number } | undefined;
  private readRange = 0;
  private readonly seen: Set<number> | undefined;

  constructor(
    private readonly collection: Collection,
    private readonly plan: Plan,
    expected: number,
  ) {
    super(expected);
    this.ranges = plan.backward ? [...plan.ranges].reverse() : plan.ranges;
    this.seen = plan.index!.isMultikey ? new Set() : undefined;
  }

  override next(): Row | undefined {
    for (let row = super.next(); row; row = super.next()) {
      if (!this.seen) return row;
      if (this.seen.has(row.rid)) continue;
      this.seen.add(row.rid);
      return row;
    }
    return undefined;
  }

  override rewind(): void {
    super.rewind();
    this.range = this.position?.range ?? 0;
  }

  protected read(limit: number): SqlRow[] {
    const range = this.ranges[this.range];
    if (!range) return [];
    this.readRange = this.range;
    const { where, values } = this.condition(range);
    const direction = this.plan.backward ? 'DESC' : 'ASC';
    const { table, unique } = this.plan.index!;
    const order = unique ? `i.k ${direction}` : `i.k ${direction}, i.r ${direction}`;
    const sql = `SELECT c.doc, i.r, i.k FROM ${table} i CROSS JOIN ${this.collection.table} c ON c.rid = i.r WHERE ${where} ORDER BY ${order} LIMIT ?`;
    return this.collection.file.all(sql, ...values, limit);
  }

  /** Within the range, and behind the last row where there was one in it. */
  private condition({ low, high }: Interval): { where: string; values: SQLInputValue[] } {
    const backward = this.plan.backward;
    const behind = this.position?.range === this.range ? this.position : undefined;
    const parts: [string, SQLInputValue[]][] = [];
    if (low && (backward || !behind)) parts.push(['i.k >= ?', [low]]);
    if (high && (!backward || !behind)) parts.push(['i.k < ?', [high]]);
    if (behind && this.plan.index!.unique) parts.push([`i.k ${backward ? '<' : '>'} ?`, [behind.key]]);
    else if (behind) parts.push([`(i.k, i.r) ${backward ? '<' : '>'} (?, ?)`, [behind.key, behind.rid]]);
    return { where: parts.map(([text]) => text).join(' AND ') || '1', values: parts.flatMap(([, items]) => items) };
  }

  protected advance(): boolean {
    return ++this.range < this.ranges.length;
  }

  protected take(row: SqlRow): Row {
    this.position = { key: row[2] as Uint8Array, rid: Number(row[1]), range: this.readRange };
    return new Row(this.position.rid, asBuffer(row[0] as Uint8Array));
  }
}

/** One source after the other, each row once. */
class Union implements RowSource {
  private readonly seen = new Set<number>();
  private at = 0;

  constructor(private readonly sources: readonly RowSource[]) {}

  next(): Row | undefined {
    for (; this.at < this.sources.length; this.at++) {
      for (let row = this.sources[this.at]!.next(); row; row = this.sources[this.at]!.next()) {
        if (this.seen.has(row.rid)) continue;
        this.seen.add(row.rid);
        return row;
      }
    }
    return undefined;
  }

  rewind(): void {
    this.sources[this.at]?.rewind();
  }
}
