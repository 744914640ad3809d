import { doc } from '../bson/values';
import { parseFilter } from '../query/parse';
import type { Predicate } from '../query/predicate';
import { HeldByTransaction } from '../sessions/transactions';
import type { Catalog } from '../storage/catalog';
import type { Collection } from '../storage/collection';
import { openQuery } from './query';
import type { Row } from './scan';

/** At most this many documents of an index go at once, so that others are not held up. */
const MOST_AT_ONCE = 1000;

/** Deletes the documents whose date in a TTL index lies far enough back. */
export function removeExpired(catalog: Catalog, now: number): void {
  for (const collection of catalog.list())
    for (const { fields, partial, expireAfterSeconds } of collection.indexes) {
      if (expireAfterSeconds === undefined) continue;
      const older = parseFilter(doc({ [fields[0]!.name]: { $lt: new Date(now - expireAfterSeconds * 1000) } }));
      removeSome(collection, { kind: 'and', parts: partial ? [older, partial] : [older] });
    }
}

function removeSome(collection: Collection, predicate: Predicate): void {
  // Without a limit it is read in small chunks: they may be large.
  const { rows } = openQuery(collection, { predicate });
  for (const row of rows.take(MOST_AT_ONCE)) removeUnlessHeld(collection, row);
}

/** What a transaction holds is left for the next time. */
function removeUnlessHeld(collection: Collection, { rid, bytes }: Row): void {
  try {
    collection.change(rid, bytes, undefined);
  } catch (error) {
    if (!(error instanceof HeldByTransaction)) throw error;
  }
}
