import { CommandFailure } from '../failure';
import { matches } from '../query/match';
import type { Predicate } from '../query/predicate';
import type { Collection } from '../storage/collection';
import type { IndexField } from '../storage/index-keys';
import { planFor, type Plan } from './planner';
import { openScan, type Row, type RowSource } from './scan';
import { sortKey, type SortOrder } from './sort-order';

/** What is asked of a collection. */
export interface Query {
  predicate: Predicate;
  sort?: SortOrder;
  skip?: number;
  limit?: number;
  /** How many rows are likely to be taken. */
  expected?: number;
}

/** The rows of a query, and the scan below them, which is rewound between commands. */
export interface QueryRows {
  rows: Iterable<Row>;
  source: RowSource;
}

const SORT_MEMORY = 100 * 1024 * 1024;

/** Plans a query and opens it; nothing is read before the first row is asked for. */
export function openQuery(collection: Collection, query: Query): QueryRows {
  const plan = planFor(collection, query.predicate, query.sort);
  const wanted = query.limit === undefined ? undefined : query.limit + (query.skip ?? 0);
  const expected = plan.sorted && !plan.residual ? (wanted ?? query.expected) : undefined;
  const source = openScan(collection, plan, expected);
  let rows: Iterable<Row> = filtered(source, plan.residual);
  if (!plan.sorted && query.sort && 'fields' in query.sort) rows = sorted(rows, query.sort.fields, wanted);
  return { rows: window(rows, query.skip ?? 0, query.limit), source };
}

function* filtered(source: RowSource, residual: Predicate | undefined): Iterable<Row> {
  for (let row = source.next(); row; row = source.next()) if (!residual || matches(residual, row.document)) yield row;
}

function* window(rows: Iterable<Row>, skip: number, limit = Number.POSITIVE_INFINITY): Iterable<Row> {
  if (limit <= 0) return;
  let seen = 0;
  for (const row of rows) {
    if (++seen <= skip) continue;
    yield row;
    if (seen >= skip + limit) return;
  }
}

function* sorted(rows: Iterable<Row>, fields: readonly IndexField[], wanted = Number.POSITIVE_INFINITY): Iterable<Row> {
  const sorter = new Sorter<Row>(wanted);
  for (const row of rows) sorter.add(sortKey(fields, row.document), row, row.bytes.length);
  yield* sorter.finish();
}

/** Keeps the first `wanted` items by key, in bounded memory. */
export class Sorter<Item> {
  private entries: { key: Buffer; item: Item; order: number; size: number }[] = [];
  private bytes = 0;
  private added = 0;

  constructor(private readonly wanted: number) {}

  add(key: Buffer, item: Item, size: number): void {
    this.entries.push({ key, item, order: this.added++, size });
    this.bytes += size + key.length;
    if (this.entries.length > 2 * this.wanted + 1000) this.shrink();
    if (this.bytes > SORT_MEMORY) {
      throw new CommandFailure(
        292,
        `Sort exceeded memory limit of ${SORT_MEMORY} bytes, but did not opt in to external sorting; add an index or a limit.`,
      );
    }
  }

  finish(): Item[] {
    this.shrink();
    return this.entries.map((entry) => entry.item);
  }

  private shrink(): void {
    this.entries.sort((a, b) => a.key.compare(b.key) || a.order - b.order);
    if (this.entries.length > this.wanted) this.entries.length = this.wanted;
    this.bytes = this.entries.reduce((sum, entry) => sum + entry.size + entry.key.length, 0);
  }
}

/** How many documents satisfy a predicate; within one index nothing is decoded. */
export function countMatching(collection: Collection, predicate: Predicate): number {
  const plan = planFor(collection, predicate);
  if (!plan.residual && !plan.branches) {
    if (!plan.index) return collection.count();
    if (!plan.index.isMultikey) return countKeys(collection, plan);
  }
  let count = 0;
  const { rows } = openQuery(collection, { predicate });
  for (const _ of rows) count++;
  return count;
}

function countKeys(collection: Collection, plan: Plan): number {
  return plan.ranges.reduce((sum, { low, high }) => {
    const where = [low ? 'k >= ?' : undefined, high ? 'k < ?' : undefined]
      .filter((part) => part !== undefined)
      .join(' AND ');
    const values = [low, high].filter((bound) => bound !== undefined);
    return (
      sum +
      Number(
        collection.file.get(`SELECT count(*) FROM ${plan.index!.table} WHERE ${where || '1'}`, ...values)?.[0] ?? 0,
      )
    );
  }, 0);
}
