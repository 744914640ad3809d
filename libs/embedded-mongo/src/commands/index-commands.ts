import { valuesEqual } from '../bson/compare';
import { doc, isDoc, isNumeric, toNumber, wholeNumber, type Doc, type Value } from '../bson/values';
import { badValue, CommandFailure, failedToParse } from '../failure';
import { parseFilter } from '../query/parse';
import type { Predicate } from '../query/predicate';
import type { Collection } from '../storage/collection';
import type { IndexDefinition } from '../storage/index-definition';
import { CommandBody } from './command-body';
import { asking, changing, lasting, type Command, type CommandContext, type Steps } from './command';
import { pause } from './statements';

const MOST_INDEXES = 64;
/** The last three are without effect here: every index is built at once and is of version 2. */
const ID_OPTIONS = ['key', 'name', 'background', 'v', 'ns'];
const INDEX_OPTIONS = ['unique', 'sparse', 'partialFilterExpression', 'expireAfterSeconds'];

/** The commands about indexes. */
export const INDEX_COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['createIndexes', lasting(['indexes', 'commitQuorum'], false, createIndexes)],
  ['dropIndexes', changing(['index'], dropIndexes)],
  ['deleteIndexes', changing(['index'], dropIndexes)],
  ['listIndexes', asking(['cursor'], listIndexes)],
]);

function* createIndexes(context: CommandContext, body: CommandBody): Steps<Doc> {
  const name = body.collection;
  const specs = body.documents('indexes').map(checkedSpec);
  if (specs.length === 0) throw badValue('Must specify at least one index to create');
  const created = !context.catalog.find(context.db, name);
  const collection = context.catalog.ensure(context.db, name);
  const before = collection.indexes.length;
  const wanted = specs.filter((spec) => !sameIndexExists(collection, spec));
  if (before + wanted.length > MOST_INDEXES)
    throw new CommandFailure(67, `add index fails, too many indexes for ${collection.namespace}`);
  for (const spec of wanted) if (!sameIndexExists(collection, spec)) yield* buildIndex(context, collection, spec);
  const reply = doc({
    numIndexesBefore: before,
    numIndexesAfter: collection.indexes.length,
    createdCollectionAutomatically: created,
    ok: 1,
  });
  if (wanted.length === 0) reply.set('note', 'all indexes already exist');
  return reply;
}

function* buildIndex(context: CommandContext, collection: Collection, spec: Doc): Steps<void> {
  const build = context.catalog.beginIndex(collection, spec);
  try {
    while (build.advance()) yield* pause(context, collection);
  } catch (error) {
    context.catalog.abandonIndex(collection, build);
    throw error;
  }
  context.catalog.finishIndex(collection, build);
}

/** An index as it is kept: the options that count, in one order. */
function checkedSpec(given: Doc): Doc {
  const body = new CommandBody('createIndexes.indexes', given);
  for (const required of ['key', 'name'])
    if (!given.has(required)) throw failedToParse(`The '${required}' field is a required property of an index`);
  const key = body.document('key');
  const isId = key.size === 1 && key.has('_id');
  const odd = [...given.keys()].find((name) => !(isId ? ID_OPTIONS : [...ID_OPTIONS, ...INDEX_OPTIONS]).includes(name));
  if (odd) throw new CommandFailure(197, `The field '${odd}' is not valid for this index specification`);
  if (isId && !valuesEqual(key.get('_id'), 1)) throw badValue("The field 'key' for an _id index must be {_id: 1}");
  if (body.text('name') === '') throw new CommandFailure(67, 'index names cannot be empty');
  checkKey(key);
  const spec: Doc = new Map<string, Value>([
    ['key', key],
    ['name', body.text('name')],
  ]);
  for (const option of ['unique', 'sparse']) if (body.flag(option)) spec.set(option, true);
  if (given.has('partialFilterExpression')) addPartial(spec, body);
  if (given.has('expireAfterSeconds')) addExpiry(spec, body, key);
  return spec;
}

function checkKey(key: Doc): void {
  if (key.size === 0) throw new CommandFailure(67, 'Index keys cannot be empty.');
  for (const [name, order] of key) {
    if (typeof order === 'string') throw new CommandFailure(67, `Unknown index plugin '${order}'`);
    if (!isNumeric(order) || toNumber(order) === 0 || Number.isNaN(toNumber(order)))
      throw new CommandFailure(67, `Values in v:2 index key pattern must be a non-zero number (field '${name}')`);
    if (name.split('.').some((part) => part === '' || part.startsWith('$')))
      throw new CommandFailure(67, `Index key contains an illegal field name: '${name}'`);
  }
}

function addPartial(spec: Doc, body: CommandBody): void {
  const filter = body.document('partialFilterExpression');
  if (spec.has('sparse')) throw new CommandFailure(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  checkPartial(parseFilter(filter));
  spec.set('partialFilterExpression', filter);
}

/** MongoDB allows only filters that an index can be chosen by. */
function checkPartial(predicate: Predicate): void {
  if (predicate.kind === 'and' || predicate.kind === 'or') return predicate.parts.forEach(checkPartial);
  if (predicate.kind !== 'leaf' || predicate.operator === 'regex' || predicate.operator === 'other') {
    throw new CommandFailure(
      67,
      'Expression not supported in partial index: only $and, $or, $in, $eq, $gt, $gte, $lt, $lte, $type and $exists: true are',
    );
  }
}

function addExpiry(spec: Doc, body: CommandBody, key: Doc): void {
  const seconds = wholeNumber(body.get('expireAfterSeconds'));
  if (seconds === undefined || seconds < 0 || seconds > 2147483647)
    throw new CommandFailure(
      67,
      "TTL index 'expireAfterSeconds' option must be a whole number within 0 and 2147483647",
    );
  if (key.size !== 1 || key.has('_id'))
    throw new CommandFailure(
      67,
      'TTL indexes are single-field indexes, compound indexes do not support TTL, and the _id field cannot have one.',
    );
  spec.set('expireAfterSeconds', seconds);
}

/** True for an index that is there as asked; one that is there in another way is a conflict. */
function sameIndexExists(collection: Collection, spec: Doc): boolean {
  const [name, key] = [spec.get('name') as string, spec.get('key')!];
  if (isDoc(key) && key.size === 1 && key.has('_id')) return true;
  const named = collection.indexes.find((index) => index.name === name);
  if (named && valuesEqual(named.spec, spec)) return true;
  if (named) {
    const sameKey = valuesEqual(named.spec.get('key'), key);
    throw new CommandFailure(
      sameKey ? 85 : 86,
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index name: ${name}`,
    );
  }
  const alike = collection.indexes.find(
    (index) =>
      valuesEqual(index.spec.get('key'), key) &&
      valuesEqual(index.spec.get('partialFilterExpression') ?? null, spec.get('partialFilterExpression') ?? null),
  );
  if (alike) throw new CommandFailure(85, `Index already exists with a different name: ${alike.name}`);
  return false;
}

function dropIndexes(context: CommandContext, body: CommandBody): Doc {
  const collection = found(context, body.collection);
  const before = collection.indexes.length;
  for (const index of indexesToDrop(collection, body.get('index'))) {
    context.catalog.dropIndex(collection, index);
    context.cursors.killAll({ namespace: collection.namespace });
  }
  return doc({ nIndexesWas: before, ok: 1 });
}

function indexesToDrop(collection: Collection, wanted: Value | undefined): IndexDefinition[] {
  if (wanted === '*') return collection.indexes.filter((index) => !index.isId);
  if (Array.isArray(wanted)) return wanted.flatMap((one) => indexesToDrop(collection, one));
  const index = collection.indexes.find((one) =>
    typeof wanted === 'string' ? one.name === wanted : isDoc(wanted) && valuesEqual(one.spec.get('key'), wanted),
  );
  if (wanted === undefined)
    throw new CommandFailure(40414, "BSON field 'dropIndexes.index' is missing but a required field");
  if (!index)
    throw new CommandFailure(27, `index not found with name [${typeof wanted === 'string' ? wanted : 'given by key'}]`);
  if (index.isId) throw new CommandFailure(72, 'cannot drop _id index');
  return [index];
}

function listIndexes(context: CommandContext, body: CommandBody): Doc {
  const collection = found(context, body.collection);
  return doc({
    cursor: { firstBatch: collection.indexes.map((index) => index.describe()), id: 0n, ns: collection.namespace },
    ok: 1,
  });
}

/** The collection, or MongoDB's complaint that there is none. */
export function found(context: CommandContext, name: string): Collection {
  const collection = context.catalog.find(context.db, name);
  if (!collection) throw new CommandFailure(26, `ns does not exist: ${context.db}.${name}`);
  return collection;
}
