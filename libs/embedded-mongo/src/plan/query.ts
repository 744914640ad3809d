import { CommandFailure } from '../failure';
import type { Collection } from '../storage/collection';
import type { IndexField } from '../storage/index-keys';
import { planFor, type PlanRequest } from './planner';
import { rowFilter, Scan, type Row } from './scan';
import { sortKey } from './sort-order';

/** What is asked of a collection. */
export interface Query extends PlanRequest {
  /** How many rows are likely to be taken. */
  expected?: number;
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
  if (!plan.sorted && query.sort) rows = sorted(rows, query.sort, wanted);
  if (query.skip) rows = rows.drop(query.skip);
  if (query.limit !== undefined && !asRead) rows = rows.take(query.limit);
  return { rows, rewind: () => source.rewind() };
}

/** The first `wanted` rows in an order, in bounded memory. */
function* sorted(rows: Iterable<Row>, fields: readonly IndexField[], wanted = Infinity): Generator<Row> {
  const names = new Set(fields.map(({ path }) => path[0]!));
  const kept: { key: Buffer; row: Row }[] = [];
  let bytes = 0;
  const shrink = (): void => {
    kept.sort((a, b) => a.key.compare(b.key));
    kept.length = Math.min(kept.length, wanted);
    bytes = kept.reduce((sum, { key, row }) => sum + key.length + row.length, 0);
  };
  for (const row of rows) {
    const key = sortKey(fields, row.only(names));
    kept.push({ key, row: row.copy() });
    bytes += key.length + row.length;
    if (kept.length > 2 * wanted + 1000) shrink();
    if (bytes > SORT_MEMORY)
      throw new CommandFailure(292, `Sort exceeded memory limit of ${SORT_MEMORY} bytes; add an index or a limit.`);
  }
  shrink();
  for (const { row } of kept) yield row;
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
