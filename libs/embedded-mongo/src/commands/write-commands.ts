import { decodeDocument } from '../bson/decode';
import { doc, wholeNumber, type Doc, type Value } from '../bson/values';
import { CommandFailure, failedToParse } from '../failure';
import { parseProjection } from '../projection/projection';
import type { Collection } from '../storage/collection';
import { parseUpdate } from '../update/update';
import { CommandBody } from './command-body';
import { ensureCollection, inOneGo, lasting, writing, type Command, type CommandContext, type Steps } from './command';
import { planRequest } from './read-commands';
import { runStatement, toInsert, type Outcome } from './statements';

const MOST_STATEMENTS = 100_000;
/** In a transaction these are the failure of the whole command: a write conflict, a collection that is to be made. */
const OF_TRANSACTIONS = [112, 263];
const BATCH_OPTIONS = ['ordered', 'bypassDocumentValidation', 'stmtId'];
const UPDATE_OPTIONS = ['q', 'u', 'multi', 'upsert', 'arrayFilters'];
const MODIFY_OPTIONS = 'query sort remove update new fields upsert arrayFilters bypassDocumentValidation stmtId';

/** The commands that change documents. */
export const WRITE_COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['insert', { ...writing(['documents', ...BATCH_OPTIONS], insert), addsOnly: true }],
  ['update', lasting(writing, ['updates', ...BATCH_OPTIONS], update)],
  ['delete', lasting(writing, ['deletes', ...BATCH_OPTIONS], remove)],
  ['findAndModify', writing(MODIFY_OPTIONS.split(' '), findAndModify)],
]);

/** Runs the statements of a bulk; the failures are reported by index, an ordered bulk ends at the first. */
function* eachStatement<T>(
  context: CommandContext,
  body: CommandBody,
  statements: readonly T[],
  work: (statement: T, index: number) => Steps<void> | void,
): Steps<{ writeErrors?: Doc[] }> {
  if (statements.length === 0 || statements.length > MOST_STATEMENTS)
    throw new CommandFailure(16, `Write batch sizes must be between 1 and ${MOST_STATEMENTS}.`);
  const ordered = body.flag('ordered', true);
  const writeErrors: Doc[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      const steps = work(statement, index);
      if (steps) yield* steps;
    } catch (error) {
      if (!(error instanceof CommandFailure) || (context.session.inTransaction && OF_TRANSACTIONS.includes(error.code)))
        throw error;
      writeErrors.push(writeError(index, error));
      if (ordered) break;
    }
  }
  return writeErrors.length > 0 ? { writeErrors } : {};
}

function writeError(index: number, failure: CommandFailure): Doc {
  return doc({ index, code: failure.code, errmsg: failure.message, ...failure.details });
}

function insert(context: CommandContext, body: CommandBody): Doc {
  const name = body.collection;
  const documents = body.list('documents') as Buffer[];
  const collection = ensureCollection(context, name);
  if (insertAll(collection, documents)) return doc({ n: documents.length, ok: 1 });
  let n = 0;
  const steps = eachStatement(context, body, documents, (source) => {
    const { document, bytes } = toInsert(collection, source);
    collection.insert(document, bytes);
    n++;
  });
  const failures = inOneGo(steps);
  return doc({ n, ok: 1, ...failures });
}

/** Inserts all of several documents where nothing is wrong with any of them; otherwise none. */
function insertAll(collection: Collection, documents: readonly Buffer[]): boolean {
  if (documents.length < 2 || documents.length > MOST_STATEMENTS) return false;
  try {
    return collection.insertAll(documents.values().map((source) => toInsert(collection, source)));
  } catch (error) {
    if (error instanceof CommandFailure && error.code !== 112) return false;
    throw error;
  }
}

function* update(context: CommandContext, body: CommandBody): Steps<Doc> {
  const upserted: Doc[] = [];
  let [n, nModified] = [0, 0];
  const statements = statementsOf(body, 'update', UPDATE_OPTIONS, ['q', 'u']);
  const failures = yield* eachStatement(context, body, statements, function* (statement, index): Steps<void> {
    const multi = statement.flag('multi');
    const outcome = yield* run(context, body, statement, { filter: 'q', update: statement.get('u'), multi });
    n += outcome.matched;
    nModified += outcome.modified;
    if (outcome.upserted === undefined) return;
    n++;
    upserted.push(doc({ index, _id: outcome.upserted }));
  });
  return doc({ n, nModified, ...(upserted.length > 0 && { upserted }), ok: 1, ...failures });
}

function* remove(context: CommandContext, body: CommandBody): Steps<Doc> {
  let n = 0;
  const statements = statementsOf(body, 'delete', ['q', 'limit'], ['q', 'limit']);
  const limits = statements.map((statement) => wholeNumber(statement.get('limit')));
  if (!limits.every((limit) => limit === 0 || limit === 1))
    throw failedToParse('The limit field in delete objects must be 0 or 1.');
  const failures = yield* eachStatement(context, body, statements, function* (statement, index): Steps<void> {
    const outcome = yield* run(context, body, statement, { filter: 'q', multi: limits[index] === 0 });
    n += outcome.matched;
  });
  return doc({ n, ok: 1, ...failures });
}

function findAndModify(context: CommandContext, body: CommandBody): Doc {
  const [removes, after, ...others] = ['remove', 'new', 'upsert', 'arrayFilters'].map((option) => body.flag(option));
  const change = body.get('update');
  if (removes && (change !== undefined || after || others.includes(true)))
    throw failedToParse("Cannot specify both remove=true and an update, 'new', 'upsert' or 'arrayFilters'");
  if (!removes && change === undefined) throw failedToParse('Either an update or remove=true must be specified');
  const project = parseProjection(body.document('fields'));
  const outcome = inOneGo(run(context, body, body, { filter: 'query', update: change, multi: false }));
  const bytes = after ? outcome.after : outcome.before;
  const n = outcome.matched + Number(outcome.upserted !== undefined);
  return doc({
    lastErrorObject: removes ? { n } : { n, updatedExisting: outcome.matched > 0, upserted: outcome.upserted },
    value: (bytes && project ? project(decodeDocument(bytes)) : bytes) ?? null,
    ok: 1,
  });
}

/** The statements of a bulk, checked for what they have to hold before the first one runs. */
function statementsOf(body: CommandBody, name: string, options: string[], required: string[]): CommandBody[] {
  return body.documents(`${name}s`).map((fields) => {
    const statement = new CommandBody(name, fields).allow(options);
    for (const field of required)
      if (!fields.has(field))
        throw new CommandFailure(40414, `BSON field '${name}.${field}' is missing but a required field`);
    statement.document('q');
    if (fields.has('arrayFilters')) statement.documents('arrayFilters');
    return statement;
  });
}

/** Runs one statement of a command: without an update it removes. */
function run(
  context: CommandContext,
  { collection: name }: CommandBody,
  statement: CommandBody,
  { filter, update: change, multi }: { filter: string; update?: Value; multi: boolean },
): Steps<Outcome> {
  const upserts = statement.flag('upsert');
  const parsed = change === undefined ? undefined : parseUpdate(change, statement.get('arrayFilters'));
  if (multi && parsed?.replaces) throw failedToParse('multi update is not supported for replacement-style update');
  const query = planRequest(statement, filter);
  const collection = upserts ? ensureCollection(context, name) : context.catalog.find(context.db, name);
  return runStatement(context, collection, { query, update: parsed, multi, upsert: upserts });
}
