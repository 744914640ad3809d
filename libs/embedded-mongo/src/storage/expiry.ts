import { encodeKey } from '../bson/key-encoding';
import { TYPES } from '../bson/values';
import { HeldByTransaction } from '../sessions/transactions';
import type { Catalog } from './catalog';
import type { Collection } from './collection';
import type { IndexDefinition } from './index-definition';

/** At most this many documents of an index go at once, so that others are not held up. */
const MOST_AT_ONCE = 1000;

/** Deletes the documents whose date in a TTL index lies far enough back. */
export function removeExpired(catalog: Catalog, now: number): void {
  for (const collection of catalog.list()) {
    for (const index of collection.indexes) {
      if (index.expireAfterSeconds !== undefined) removeOlder(collection, index, now - index.expireAfterSeconds * 1000);
    }
  }
}

function removeOlder(collection: Collection, index: IndexDefinition, before: number): void {
  const limit = encodeKey(new Date(before), index.fields[0]!.descending);
  const type = TYPES.date.order;
  const [low, high] = index.fields[0]!.descending
    ? [limit, Buffer.from([(type ^ 0xff) + 1])]
    : [Buffer.from([type]), limit];
  const rows = collection.file.all(
    `SELECT DISTINCT r FROM ${index.table} WHERE k >= ? AND k < ? LIMIT ?`,
    low,
    high,
    MOST_AT_ONCE,
  );
  for (const [rid] of rows) removeUnlessHeld(collection, Number(rid));
}

/** What a transaction holds is left for the next time. */
function removeUnlessHeld(collection: Collection, rid: number): void {
  const bytes = collection.fetch(rid);
  try {
    if (bytes) collection.change(rid, bytes, undefined);
  } catch (error) {
    if (!(error instanceof HeldByTransaction)) throw error;
  }
}
