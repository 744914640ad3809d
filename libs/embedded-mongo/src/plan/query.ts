import { CommandFailure } from '../failure';
import type { Collection } from '../storage/collection';
import type { IndexField } from '../storage/index-keys';
import { planFor, type PlanRequest } from './planner';
import { rowFilter, Scan, type Row, type ScanOptions } from './scan';
import { sortKey } from './sort-order';

/** What is asked of a collection. */
export interface Query extends PlanRequest, ScanOptions {
  skip?: number;
  limit?: number;
}

/** The rows of a query, and what has to be called between two commands: it forgets what was read ahead. */
export interface QueryRows {
  rows: IteratorObject<Row>;
  rewind: () => void;
}

const SORT_MEMORY = 100 * 1024 * 1024;

/** Plans a query and opens it; nothing is read before the first row is asked for. Without a collection there are none. */
export function openQuery(collection: Collection | undefined, query: Query): QueryRows {
  if (!collection) return { rows: Iterator.from([]), rewind: () => undefined };
  const plan = planFor(collection, query);
  const wanted = query.limit === undefined ? undefined : query.limit + (query.skip ?? 0);
  const asRead = plan.sorted && !plan.residual;
  const source = new Scan(collection, plan, asRead ? { expected: wanted ?? query.expected, most: wanted } : {});
  let rows: IteratorObject<Row> = source;
  if (plan.residual) rows = rows.filter(rowFilter(plan.residual));
  if (!plan.sorted && query.sort && 'fields' in query.sort) rows = sorted(rows, query.sort.fields, wanted);
  if (query.skip) rows = rows.drop(query.skip);
  if (query.limit !== undefined && !asRead) rows = rows.take(query.limit);
  return { rows, rewind: () => source.rewind() };
}

function* sorted(rows: Iterable<Row>, fields: readonly IndexField[], wanted = Infinity): Generator<Row> {
  const sorter = new Sorter<Row>(wanted);
  const names = new Set(fields.map(({ path }) => path[0]!));
  for (const row of rows) sorter.add(sortKey(fields, row.only(names)), row.copy(), row.length);
  yield* sorter.finish();
}

/** Keeps the first `wanted` items by key, in bounded memory. */
export class Sorter<Item> {
  private entries: { key: Buffer; item: Item; order: number; size: number }[] = [];
  private bytes = 0;
  private added = 0;

  constructor(private readonly wanted: number) {}

  add(key: Buffer, item: Item, size: number): void {
    this.entries.push({ key, item, order: this.added++, size: size + key.length });
    this.bytes += size + key.length;
    if (this.entries.length > 2 * this.wanted + 1000) this.shrink();
    if (this.bytes > SORT_MEMORY)
      throw new CommandFailure(292, `Sort exceeded memory limit of ${SORT_MEMORY} bytes; add an index or a limit.`);
  }

  finish(): Item[] {
    this.shrink();
    return this.entries.map((entry) => entry.item);
  }

  private shrink(): void {
    this.entries.sort((a, b) => a.key.compare(b.key) || a.order - b.order);
    if (this.entries.length > this.wanted) this.entries.length = this.wanted;
    this.bytes = this.entries.reduce((sum, entry) => sum + entry.size, 0);
  }
}

/** How many documents satisfy a predicate; within one index nothing is decoded. */
export function countMatching(collection: Collection, request: Query): number {
  const { residual, index, ranges } = planFor(collection, request);
  if (!residual && !index) return collection.count();
  if (!residual && index && !index.isMultikey)
    return ranges.reduce((sum, { low, high }) => sum + collection.countKeys(index, low, high), 0);
  let count = 0;
  for (const _ of openQuery(collection, request).rows) count++;
  return count;
}
