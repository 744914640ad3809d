import { decodeDocument } from '../bson/decode';
import { doc, wholeNumber, type Doc, type Value } from '../bson/values';
import { CommandFailure, DuplicateKey, failedToParse } from '../failure';
import type { Query } from '../plan/query';
import type { Row } from '../plan/scan';
import { parseProjection } from '../projection/projection';
import { checkNames } from '../storage/catalog';
import type { Collection } from '../storage/collection';
import { parseArrayFilters, parseUpdate } from '../update/update';
import { CommandBody } from './command-body';
import { inOneGo, lasting, untilFree, writing, type Command, type CommandContext, type Steps } from './command';
import { planRequest } from './read-commands';
import {
  applyTo,
  firstRow,
  matchingRids,
  matchingRow,
  pause,
  toInsert,
  upsert,
  type UpdateStatement,
} from './statements';

const MOST_STATEMENTS = 100_000;
const BATCH_OPTIONS = ['ordered', 'bypassDocumentValidation', 'isTimeseriesNamespace', 'stmtId'];
const DELETE_OPTIONS = ['q', 'limit', 'hint'];
const UPDATE_OPTIONS = ['q', 'u', 'multi', 'upsert', 'arrayFilters', 'hint', 'sort'];
const MODIFY_OPTIONS = [
  'query',
  'sort',
  'remove',
  'update',
  'new',
  'fields',
  'upsert',
  'arrayFilters',
  'hint',
  'bypassDocumentValidation',
  'stmtId',
];

/** The commands that change documents. */
export const WRITE_COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['insert', writing(['documents', ...BATCH_OPTIONS], insert)],
  ['update', lasting(['updates', ...BATCH_OPTIONS], true, update)],
  ['delete', lasting(['deletes', ...BATCH_OPTIONS], true, remove)],
  ['findAndModify', writing(MODIFY_OPTIONS, findAndModify)],
  ['findandmodify', writing(MODIFY_OPTIONS, findAndModify)],
]);

/** Runs the statements of a bulk; the failures are reported by index, an ordered bulk ends at the first. */
function* eachStatement<T>(
  context: CommandContext,
  body: CommandBody,
  statements: readonly T[],
  run: (statement: T, index: number) => Steps<void> | void,
): Steps<Doc[]> {
  if (statements.length === 0 || statements.length > MOST_STATEMENTS)
    throw new CommandFailure(16, `Write batch sizes must be between 1 and ${MOST_STATEMENTS}.`);
  const ordered = body.flag('ordered', true);
  const failures: Doc[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      const steps = run(statement, index);
      if (steps) yield* steps;
    } catch (error) {
      if (!(error instanceof CommandFailure) || (context.inTransaction && error.code === 112)) throw error;
      failures.push(writeError(index, error));
      if (ordered) break;
    }
  }
  return failures;
}

function writeError(index: number, failure: CommandFailure): Doc {
  const error = doc({ index, code: failure.code, errmsg: failure.message });
  if (failure instanceof DuplicateKey) {
    error.set('keyPattern', failure.keyPattern as Value);
    error.set('keyValue', failure.keyValue as Value);
  }
  return error;
}

const withErrors = (reply: Doc, failures: Doc[]): Doc =>
  failures.length > 0 ? reply.set('writeErrors', failures) : reply;

function insert(context: CommandContext, body: CommandBody): Doc {
  const name = body.collection;
  const documents = body.list('documents');
  const collection = context.catalog.ensure(context.db, name);
  if (insertAll(collection, documents)) return doc({ n: documents.length, ok: 1 });
  let n = 0;
  const steps = eachStatement(context, body, documents, (source) => {
    const stored = toInsert(source as Buffer | Doc);
    collection.insert(stored.document, stored.bytes);
    n++;
  });
  const failures = inOneGo(steps);
  return withErrors(doc({ n, ok: 1 }), failures);
}

/** Inserts all of several documents where nothing is wrong with any of them; otherwise none. */
function insertAll(collection: Collection, documents: Value[]): boolean {
  if (documents.length < 2 || documents.length > MOST_STATEMENTS) return false;
  try {
    return collection.insertAll(documents.map((source) => toInsert(source as Buffer | Doc)));
  } catch (error) {
    if (error instanceof CommandFailure && error.code !== 112) return false;
    throw error;
  }
}

/** A statement of a bulk, checked for what it has to hold before the first one runs. */
function statementOf(name: string, fields: Doc, options: readonly string[], required: readonly string[]): CommandBody {
  const statement = new CommandBody(name, fields).allow(options);
  for (const field of required)
    if (!fields.has(field))
      throw new CommandFailure(40414, `BSON field '${name}.${field}' is missing but a required field`);
  statement.document('q');
  if (fields.has('arrayFilters')) statement.documents('arrayFilters');
  return statement;
}

interface Tally {
  n: number;
  nModified: number;
  upserted: Doc[];
}

function* update(context: CommandContext, body: CommandBody): Steps<Doc> {
  const tally: Tally = { n: 0, nModified: 0, upserted: [] };
  const statements = body
    .documents('updates')
    .map((fields) => statementOf('update', fields, UPDATE_OPTIONS, ['q', 'u']));
  const failures = yield* eachStatement(context, body, statements, (statement, index) =>
    updateStatement(context, body, statement, index, tally),
  );
  const { n, nModified, upserted } = tally;
  return withErrors(doc({ n, nModified, ...(upserted.length > 0 && { upserted }), ok: 1 }), failures);
}

function* updateStatement(
  context: CommandContext,
  batch: CommandBody,
  body: CommandBody,
  index: number,
  tally: Tally,
): Steps<void> {
  const collection = existing(context, batch.collection, body.flag('upsert'));
  const statement = parseStatement(context, collection, body, 'q', 'u', batch.deadline);
  const multi = body.flag('multi');
  if (multi && statement.update.replaces)
    throw failedToParse('multi update is not supported for replacement-style update');
  if (multi && statement.query.sort) throw failedToParse('Cannot specify sort with multi=true');
  if (!collection) return;
  const upserts = body.flag('upsert');
  const own: Tally = { n: 0, nModified: 0, upserted: [] };
  const change = (row: Row | undefined): void => changeRow(collection, row, statement, own);
  const add = (): void => addInstead(collection, statement, index, own);
  const changeOne = (): void => {
    change(firstRow(collection, statement.query));
    if (own.n === 0 && upserts) add();
  };
  if (multi) yield* eachMatching(context, collection, statement.query, change);
  else yield* untilFree(changeOne);
  if (own.n === 0 && upserts) yield* untilFree(add);
  // What a failure cuts short is not counted, in MongoDB neither.
  tally.n += own.n;
  tally.nModified += own.nModified;
  tally.upserted.push(...own.upserted);
}

function changeRow(collection: Collection, row: Row | undefined, statement: UpdateStatement, tally: Tally): void {
  if (!row) return;
  const changed = applyTo(collection, row, statement) !== undefined;
  tally.n++;
  tally.nModified += Number(changed);
}

function addInstead(collection: Collection, statement: UpdateStatement, index: number, tally: Tally): void {
  const { document } = upsert(collection, statement);
  tally.n++;
  tally.upserted.push(doc({ index, _id: document.get('_id') }));
}

/** Does something to each document that matches, one after the other; those that match no more when it is their turn are left out. */
function* eachMatching(
  context: CommandContext,
  collection: Collection,
  query: Query,
  work: (row: Row | undefined) => void,
): Steps<void> {
  for (const rid of yield* matchingRids(context, collection, query)) {
    yield* untilFree(() => work(matchingRow(collection, rid, query)));
    yield* pause(context, collection);
  }
}

function parseStatement(
  context: CommandContext,
  collection: Collection | undefined,
  body: CommandBody,
  filter: string,
  change: string,
  deadline: number | undefined,
): UpdateStatement {
  const update = parseUpdate(body.get(change));
  return {
    query: { ...planRequest(collection, body, filter), deadline },
    update,
    arrayFilters: parseArrayFilters(body.get('arrayFilters'), update.filters),
    now: new Date(context.now()),
  };
}

function existing(context: CommandContext, name: string, create: boolean): Collection | undefined {
  checkNames(context.db, name);
  return create ? context.catalog.ensure(context.db, name) : context.catalog.find(context.db, name);
}

function* remove(context: CommandContext, body: CommandBody): Steps<Doc> {
  const collection = context.catalog.find(context.db, body.collection);
  const { deadline } = body;
  let n = 0;
  const statements = body.documents('deletes').map((fields) => {
    const statement = statementOf('delete', fields, DELETE_OPTIONS, ['q', 'limit']);
    const limit = wholeNumber(statement.get('limit'));
    if (limit !== 0 && limit !== 1) throw failedToParse('The limit field in delete objects must be 0 or 1.');
    return { statement, limit };
  });
  const failures = yield* eachStatement(context, body, statements, function* ({ statement, limit }): Steps<void> {
    const query = { ...planRequest(collection, statement, 'q'), deadline };
    if (!collection) return;
    const take = (row: Row | undefined): void => {
      if (!row) return;
      collection.remove(row.rid, row.bytes);
      n++;
    };
    if (limit === 1) yield* untilFree(() => take(firstRow(collection, query)));
    else yield* eachMatching(context, collection, query, take);
  });
  return withErrors(doc({ n, ok: 1 }), failures);
}

function findAndModify(context: CommandContext, body: CommandBody): Doc {
  const removes = body.flag('remove');
  if (removes && (body.get('update') !== undefined || body.flag('upsert') || body.flag('new')))
    throw failedToParse("Cannot specify both an update and remove=true, nor 'upsert' or 'new' with remove=true");
  if (!removes && body.get('update') === undefined)
    throw failedToParse('Either an update or remove=true must be specified');
  const project = parseProjection(body.get('fields'), 'find') ?? ((document: Doc) => document);
  const { value, lastErrorObject } = removes ? removeOne(context, body) : modifyOne(context, body);
  return doc({ lastErrorObject, value: value ? project(value) : null, ok: 1 });
}

interface Modified {
  value: Doc | undefined;
  lastErrorObject: Doc;
}

function removeOne(context: CommandContext, body: CommandBody): Modified {
  const collection = existing(context, body.collection, false);
  const query = { ...planRequest(collection, body, 'query'), deadline: body.deadline };
  const row = collection && firstRow(collection, query);
  if (row) collection.remove(row.rid, row.bytes);
  return { value: row?.document, lastErrorObject: doc({ n: row ? 1 : 0 }) };
}

function modifyOne(context: CommandContext, body: CommandBody): Modified {
  const collection = existing(context, body.collection, body.flag('upsert'));
  const statement = parseStatement(context, collection, body, 'query', 'update', body.deadline);
  const row = collection && firstRow(collection, statement.query);
  if (row) {
    const before = body.flag('new') ? undefined : decodeDocument(row.bytes);
    const stored = applyTo(collection, row, statement);
    return { value: before ?? stored?.document ?? row.document, lastErrorObject: doc({ n: 1, updatedExisting: true }) };
  }
  if (!collection || !body.flag('upsert'))
    return { value: undefined, lastErrorObject: doc({ n: 0, updatedExisting: false }) };
  const { document } = upsert(collection, statement);
  const lastErrorObject = doc({ n: 1, updatedExisting: false, upserted: document.get('_id') });
  return { value: body.flag('new') ? document : undefined, lastErrorObject };
}
