import { decodeDocument } from '../bson/decode';
import { checkSize, encodeStored } from '../bson/encode';
import { BSONRegExp, ObjectId, typeName, type Doc, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { openQuery } from '../plan/query';
import { Row } from '../plan/scan';
import type { SortOrder } from '../plan/sort-order';
import { matches } from '../query/match';
import type { Predicate, Trace } from '../query/predicate';
import type { Collection } from '../storage/collection';
import { upsertDocument, type Update } from '../update/update';

/** One update statement, parsed. */
export interface UpdateStatement {
  predicate: Predicate;
  update: Update;
  arrayFilters: ReadonlyMap<string, Predicate>;
  now: Date;
}

/** A document to be stored, with its bytes. */
export interface Stored {
  document: Doc;
  bytes: Buffer;
}

/** Checks a document that is to be inserted and gives it an `_id`, in front, where it has none. */
export function toInsert(source: Buffer | Doc): Stored {
  const document = Buffer.isBuffer(source) ? decodeDocument(source) : source;
  const id = document.get('_id');
  checkId(id);
  const inFront = id !== undefined && document.keys().next().value === '_id';
  if (!inFront) {
    const ordered: Doc = new Map([['_id', id ?? new ObjectId()]]);
    for (const [name, value] of document) ordered.set(name, value);
    return { document: ordered, bytes: encodeStored(ordered) };
  }
  const bytes = Buffer.isBuffer(source) ? source : encodeStored(document);
  checkSize(bytes);
  return { document, bytes };
}

function checkId(id: Value | undefined): void {
  if (Array.isArray(id) || id instanceof BSONRegExp)
    throw new CommandFailure(53, `The '_id' value cannot be of type ${typeName(id)}`);
  if (!(id instanceof Map)) return;
  const odd = [...id.keys()].find((name) => name.startsWith('$'));
  if (odd)
    throw new CommandFailure(52, `_id fields may not contain '$'-prefixed fields: ${odd} is not valid for storage.`);
}

/** Changes one stored document; undefined where the update changes nothing. */
export function applyTo(
  collection: Collection,
  row: Row,
  { predicate, update, arrayFilters, now }: UpdateStatement,
): Stored | undefined {
  const trace: Trace = {};
  if (update.positional) matches(predicate, row.document, trace);
  const document = update.apply(row.document, { position: trace.index, arrayFilters, inserting: false, now });
  const bytes = encodeStored(document);
  if (bytes.equals(row.bytes)) {
    collection.touch(row.rid);
    return undefined;
  }
  collection.replace(row.rid, row.bytes, document, bytes);
  return { document, bytes };
}

/** Inserts the document that an upsert makes when nothing matches. */
export function upsert(collection: Collection, { predicate, update, arrayFilters, now }: UpdateStatement): Stored {
  const stored = toInsert(
    upsertDocument(predicate, update, { position: undefined, arrayFilters, inserting: true, now }),
  );
  collection.insert(stored.document, stored.bytes);
  return stored;
}

/** The first row that matches. */
export function firstRow(collection: Collection, predicate: Predicate, sort?: SortOrder): Row | undefined {
  for (const row of openQuery(collection, { predicate, sort, limit: 1, expected: 1 }).rows) return row;
  return undefined;
}

/** The record numbers of all rows that match now: what is written later cannot bring a row up again. */
export function matchingRids(collection: Collection, predicate: Predicate): number[] {
  return Array.from(openQuery(collection, { predicate }).rows, (row) => row.rid);
}

/** A row by its record number, as it is now. */
export function rowAt(collection: Collection, rid: number): Row | undefined {
  const bytes = collection.fetch(rid);
  return bytes && new Row(rid, bytes);
}
