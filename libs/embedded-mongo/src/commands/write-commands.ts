import { decodeDocument } from '../bson/decode';
import { doc, type Doc, type Value } from '../bson/values';
import { CommandFailure, DuplicateKey, failedToParse } from '../failure';
import { parseSort } from '../plan/sort-order';
import { parseProjection } from '../projection/projection';
import { parseFilter } from '../query/parse';
import { checkNames } from '../storage/catalog';
import type { Collection } from '../storage/collection';
import { parseArrayFilters, parseUpdate } from '../update/update';
import { CommandBody } from './command-body';
import { writing, type Command, type CommandContext } from './command';
import { applyTo, firstRow, matchingRids, rowAt, toInsert, upsert, type UpdateStatement } from './statements';

const MOST_STATEMENTS = 100_000;
const BATCH_OPTIONS = ['ordered', 'bypassDocumentValidation', 'isTimeseriesNamespace', 'stmtId'];
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
  ['update', writing(['updates', ...BATCH_OPTIONS], update)],
  ['delete', writing(['deletes', ...BATCH_OPTIONS], remove)],
  ['findAndModify', writing(MODIFY_OPTIONS, findAndModify)],
  ['findandmodify', writing(MODIFY_OPTIONS, findAndModify)],
]);

/** Runs the statements of a bulk; the failures are reported by index, an ordered bulk ends at the first. */
function eachStatement<T>(
  context: CommandContext,
  body: CommandBody,
  statements: readonly T[],
  run: (statement: T, index: number) => void,
): Doc[] {
  if (statements.length === 0 || statements.length > MOST_STATEMENTS) {
    throw new CommandFailure(
      16,
      `Write batch sizes must be between 1 and ${MOST_STATEMENTS}. Got ${statements.length} operations.`,
    );
  }
  const ordered = body.flag('ordered', true);
  const failures: Doc[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
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
  const name = body.text('insert');
  const documents = body.get('documents');
  if (!Array.isArray(documents)) throw failedToParse('insert needs an array of documents');
  const collection = context.catalog.ensure(context.db, name);
  let n = 0;
  const failures = eachStatement(context, body, documents, (source) => {
    const stored = toInsert(source as Buffer | Doc);
    collection.insert(stored.document, stored.bytes);
    n++;
  });
  return withErrors(doc({ n, ok: 1 }), failures);
}

function update(context: CommandContext, body: CommandBody): Doc {
  const name = body.text('update');
  const tally = { n: 0, nModified: 0, upserted: [] as Doc[] };
  const failures = eachStatement(context, body, body.documents('updates'), (fields, index) => {
    const statement = new CommandBody('update', fields).allow([
      'q',
      'u',
      'multi',
      'upsert',
      'arrayFilters',
      'hint',
      'sort',
    ]);
    updateStatement(context, name, statement, index, tally);
  });
  const reply = doc({ n: tally.n, nModified: tally.nModified, ok: 1 });
  if (tally.upserted.length > 0) reply.set('upserted', tally.upserted);
  return withErrors(reply, failures);
}

function updateStatement(
  context: CommandContext,
  name: string,
  body: CommandBody,
  index: number,
  tally: { n: number; nModified: number; upserted: Doc[] },
): void {
  const statement = parseStatement(context, body, 'q', 'u');
  const multi = body.flag('multi');
  if (multi && statement.update.replaces)
    throw failedToParse('multi update is not supported for replacement-style update');
  if (multi && body.get('sort') !== undefined) throw failedToParse('Cannot specify sort with multi=true');
  const collection = existing(context, name, body.flag('upsert'));
  if (!collection) return;
  const rids = multi
    ? matchingRids(collection, statement.predicate)
    : one(firstRow(collection, statement.predicate, parseSort(body.get('sort')))?.rid);
  for (const rid of rids) {
    const row = rowAt(collection, rid);
    if (!row) continue;
    if (applyTo(collection, row, statement)) tally.nModified++;
    tally.n++;
  }
  if (rids.length > 0 || !body.flag('upsert')) return;
  const stored = upsert(collection, statement);
  tally.n++;
  tally.upserted.push(doc({ index, _id: stored.document.get('_id') }));
}

const one = (rid: number | undefined): number[] => (rid === undefined ? [] : [rid]);

function parseStatement(context: CommandContext, body: CommandBody, filter: string, change: string): UpdateStatement {
  const update = parseUpdate(body.get(change));
  return {
    predicate: parseFilter(body.document(filter)),
    update,
    arrayFilters: parseArrayFilters(body.get('arrayFilters'), update.filters),
    now: new Date(context.now()),
  };
}

function existing(context: CommandContext, name: string, create: boolean): Collection | undefined {
  checkNames(context.db, name);
  return create ? context.catalog.ensure(context.db, name) : context.catalog.find(context.db, name);
}

function remove(context: CommandContext, body: CommandBody): Doc {
  const name = body.text('delete');
  let n = 0;
  const failures = eachStatement(context, body, body.documents('deletes'), (fields) => {
    const statement = new CommandBody('delete', fields).allow(['q', 'limit', 'hint']);
    const predicate = parseFilter(statement.document('q'));
    const limit = statement.count('limit');
    if (limit !== 0 && limit !== 1)
      throw failedToParse(`The limit field in delete objects must be 0 or 1. Got ${limit}`);
    const collection = context.catalog.find(context.db, name);
    if (!collection) return;
    for (const rid of limit === 1 ? one(firstRow(collection, predicate)?.rid) : matchingRids(collection, predicate)) {
      collection.remove(rid, collection.fetch(rid)!);
      n++;
    }
  });
  return withErrors(doc({ n, ok: 1 }), failures);
}

function findAndModify(context: CommandContext, body: CommandBody): Doc {
  const name = body.text(body.name);
  const removes = body.flag('remove');
  if (removes && (body.get('update') !== undefined || body.flag('upsert') || body.flag('new'))) {
    throw failedToParse("Cannot specify both an update and remove=true, nor 'upsert' or 'new' with remove=true");
  }
  if (!removes && body.get('update') === undefined)
    throw failedToParse('Either an update or remove=true must be specified');
  const project = parseProjection(body.get('fields'), 'find') ?? ((document: Doc) => document);
  const { value, lastErrorObject } = removes ? removeOne(context, name, body) : modifyOne(context, name, body);
  return doc({ lastErrorObject, value: value ? project(value) : null, ok: 1 });
}

interface Modified {
  value: Doc | undefined;
  lastErrorObject: Doc;
}

function removeOne(context: CommandContext, name: string, body: CommandBody): Modified {
  const collection = existing(context, name, false);
  const row = collection && firstRow(collection, parseFilter(body.document('query')), parseSort(body.get('sort')));
  if (row) collection.remove(row.rid, row.bytes);
  return { value: row?.document, lastErrorObject: doc({ n: row ? 1 : 0 }) };
}

function modifyOne(context: CommandContext, name: string, body: CommandBody): Modified {
  const statement = parseStatement(context, body, 'query', 'update');
  const sort = parseSort(body.get('sort'));
  const collection = existing(context, name, body.flag('upsert'));
  const row = collection && firstRow(collection, statement.predicate, sort);
  if (row) {
    const before = body.flag('new') ? undefined : decodeDocument(row.bytes);
    const stored = applyTo(collection, row, statement);
    return { value: before ?? stored?.document ?? row.document, lastErrorObject: doc({ n: 1, updatedExisting: true }) };
  }
  if (!collection || !body.flag('upsert'))
    return { value: undefined, lastErrorObject: doc({ n: 0, updatedExisting: false }) };
  const stored = upsert(collection, statement);
  const lastErrorObject = doc({ n: 1, updatedExisting: false, upserted: stored.document.get('_id') });
  return { value: body.flag('new') ? stored.document : undefined, lastErrorObject };
}
