import { decodeDocument } from '../bson/decode';
import { checkSize, encodeStored } from '../bson/encode';
import { BSONRegExp, isDoc, ObjectId, typeName, type Doc, type Value } from '../bson/values';
import { badValue, CommandFailure } from '../failure';
import { planFor } from '../plan/planner';
import { openQuery, type Query } from '../plan/query';
import { Row, rowFilter, Scan } from '../plan/scan';
import { matches } from '../query/match';
import type { Trace } from '../query/predicate';
import type { Collection, Stored } from '../storage/collection';
import type { IndexDefinition } from '../storage/index-definition';
import { upsertDocument, type Update } from '../update/update';
import { untilFree, type CommandContext, type Steps } from './command';

/** What is asked of the documents of a collection: which are meant, and what becomes of them. */
interface Statement {
  query: Query;
  /** Absent: they are removed. */
  update: Update | undefined;
  /** All that match, or the first one. */
  multi: boolean;
  upsert: boolean;
}

/** What a statement did; and of the last document that it met, the bytes before and after. */
export interface Outcome {
  matched: number;
  modified: number;
  upserted: Value | undefined;
  before: Buffer | undefined;
  after: Buffer | undefined;
}

/** Runs a statement, document by document; where there is no collection, nothing matches. */
export function* runStatement(
  context: CommandContext,
  collection: Collection | undefined,
  statement: Statement,
): Steps<Outcome> {
  const outcome: Outcome = { matched: 0, modified: 0, upserted: undefined, before: undefined, after: undefined };
  if (!collection) return outcome;
  const { query, multi } = statement;
  const isThere = (): void => checkThere(context, collection);
  const rids = multi ? yield* matchingRids(context, collection, query) : [];
  for (const rid of rids) {
    yield* untilFree(() => changeIn(outcome, collection, matchingRow(collection, rid, query), statement), isThere);
    yield* pause(context, collection);
  }
  yield* untilFree(() => {
    if (!multi) changeIn(outcome, collection, firstRow(collection, query), statement);
    if (outcome.matched === 0 && statement.upsert) upsertIn(outcome, collection, statement);
  }, isThere);
  return outcome;
}

function changeIn(outcome: Outcome, collection: Collection, row: Row | undefined, statement: Statement): void {
  if (!row) return;
  outcome.after = change(collection, row, statement);
  outcome.before = row.bytes;
  outcome.matched++;
  if (outcome.after !== row.bytes) outcome.modified++;
}

/** Inserts the document that an upsert makes when nothing matches. */
function upsertIn(outcome: Outcome, collection: Collection, { query, update }: Statement): void {
  const document = upsertDocument(query.predicate, update!);
  checkId(document.get('_id'));
  const stored = withId(document);
  collection.insert(stored.document, stored.bytes);
  outcome.upserted = stored.document.get('_id');
  outcome.after = stored.bytes;
}

/** A copy: what was read along with it need not be kept for as long. */
function firstRow(collection: Collection, query: Query): Row | undefined {
  const row = openQuery(collection, { ...query, limit: 1, expected: 1 }).rows.next().value as Row | undefined;
  return row?.copy();
}

/** The record numbers of all rows that match: what is written later cannot bring a row up again. */
function* matchingRids(context: CommandContext, collection: Collection, query: Query): Steps<number[]> {
  const plan = planFor(collection, query);
  const scan = new Scan(collection, plan);
  const passes = rowFilter(plan.residual);
  const rids: number[] = [];
  for (const row of scan) {
    if (passes(row)) rids.push(row.rid);
    if (yield* pause(context, collection, plan.index)) scan.rewind();
  }
  return rids;
}

/** Lets others have their turn; a collection or an index that is gone then ends the work. */
export function* pause(context: CommandContext, collection: Collection, index?: IndexDefinition): Steps<boolean> {
  const othersRan = yield undefined;
  if (othersRan) checkThere(context, collection, index);
  return othersRan;
}

function checkThere(context: CommandContext, collection: Collection, index?: IndexDefinition): void {
  const there = context.catalog.find(collection.db, collection.name) === collection;
  if (!there || (index && !collection.indexes.includes(index)))
    throw new CommandFailure(175, `${collection.namespace} or an index of it is gone`);
}

/** A row by its record number, if it is there and matches now. */
function matchingRow(collection: Collection, rid: number, { predicate }: Query): Row | undefined {
  const bytes = collection.fetch(rid);
  const row = bytes && new Row(rid, bytes);
  return row && matches(predicate, row.document) ? row : undefined;
}

/** The bytes that stand there afterwards: the same ones where the update changes nothing. */
function change(collection: Collection, row: Row, statement: Statement): Buffer | undefined {
  const { query, update } = statement;
  if (!update) {
    collection.change(row.rid, row.bytes, undefined);
    return undefined;
  }
  const trace: Trace = {};
  if (update.positional) matches(query.predicate, row.document, trace);
  const document = update.apply(row.document, { position: trace.index, inserting: false });
  checkId(document.get('_id'));
  const bytes = encodeStored(document);
  if (bytes.equals(row.bytes)) {
    collection.touch(row.rid);
    return row.bytes;
  }
  collection.change(row.rid, row.bytes, { document, bytes });
  return bytes;
}

/** Checks a document that is to be inserted, and takes its bytes as they came where its `_id` is in front. */
export function toInsert(collection: Collection, source: Buffer): Stored {
  if (!beginsWithId(source)) return withId(decodeDocument(source));
  const document = collection.indexedFields(source);
  checkNewId(document.get('_id'));
  checkSize(source);
  return { document, bytes: source };
}

/** The name of the first element stands behind the length and its type. */
const beginsWithId = (bytes: Buffer): boolean => bytes.length > 9 && bytes.readInt32LE(5) === ID;
const ID = Buffer.from('_id\0').readInt32LE();

/** A document that is to be inserted, with an `_id`, in front. */
function withId(document: Doc): Stored {
  const id = document.get('_id');
  checkNewId(id);
  const ordered: Doc = new Map([['_id', id ?? new ObjectId()], ...document]);
  return { document: ordered, bytes: encodeStored(ordered) };
}

function checkNewId(id: Value | undefined): void {
  if (Array.isArray(id) || id instanceof BSONRegExp)
    throw badValue(`can't use a value of type ${typeName(id)} for _id`);
  checkId(id);
}

function checkId(id: Value | undefined): void {
  if (Array.isArray(id) || id instanceof BSONRegExp)
    throw new CommandFailure(53, `The '_id' value cannot be of type ${typeName(id)}`);
  const odd = isDoc(id) ? [...id.keys()].find((name) => name.startsWith('$')) : undefined;
  if (odd) throw new CommandFailure(52, `_id fields may not contain '$'-prefixed fields: ${odd} is not valid.`);
}
