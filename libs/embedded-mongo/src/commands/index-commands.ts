import { valuesEqual } from '../bson/compare';
import { show } from '../bson/show';
import { doc, isNumeric, toNumber, wholeNumber, type Doc } from '../bson/values';
import { badValue, CommandFailure, failedToParse } from '../failure';
import { parseFilter } from '../query/parse';
import type { Predicate } from '../query/predicate';
import type { Collection } from '../storage/collection';
import type { IndexDefinition } from '../storage/index-definition';
import { CommandBody } from './command-body';
import { asking, changing, ensureCollection, lasting, type Command, type CommandContext, type Steps } from './command';
import { pause } from './statements';

const MOST_INDEXES = 64;
const LONGEST_EXPIRY = 2 ** 31 - 1;
/** The last three are without effect here: every index is built at once and is of version 2. */
const ID_OPTIONS = ['key', 'name', 'background', 'v', 'ns'];
const INDEX_OPTIONS = [...ID_OPTIONS, 'unique', 'sparse', 'partialFilterExpression', 'expireAfterSeconds'];

/** The commands about indexes. */
export const INDEX_COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['createIndexes', lasting(changing, ['indexes', 'commitQuorum'], createIndexes)],
  ['dropIndexes', changing(['index'], dropIndexes)],
  ['listIndexes', asking(['cursor'], listIndexes)],
]);

const cannotCreate = (message: string): CommandFailure => new CommandFailure(67, message);

function* createIndexes(context: CommandContext, body: CommandBody): Steps<Doc> {
  const name = body.collection;
  const specs = body.documents('indexes').map(checkedSpec);
  if (specs.length === 0) throw badValue('Must specify at least one index to create');
  const createdCollectionAutomatically = !context.catalog.find(context.db, name);
  const collection = ensureCollection(context, name);
  const { indexes } = collection;
  const numIndexesBefore = indexes.length;
  for (const spec of specs) if (!sameIndexExists(collection, spec)) yield* buildIndex(context, collection, spec);
  return doc({ numIndexesBefore, numIndexesAfter: indexes.length, createdCollectionAutomatically, ok: 1 });
}

function* buildIndex(context: CommandContext, collection: Collection, spec: Doc): Steps<void> {
  if (collection.indexes.length >= MOST_INDEXES)
    throw cannotCreate(`add index fails, too many indexes for ${collection.namespace}`);
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
  const [key, name] = [body.document('key'), body.text('name')];
  if (name === '') throw cannotCreate('index names cannot be empty');
  checkKey(key);
  checkOptions([...given.keys()], key);
  return doc({
    key,
    name,
    unique: body.flag('unique') || undefined,
    sparse: body.flag('sparse') || undefined,
    partialFilterExpression: given.has('partialFilterExpression') ? partialFilter(body) : undefined,
    expireAfterSeconds: given.has('expireAfterSeconds') ? expiry(body, key) : undefined,
  });
}

function checkKey(key: Doc): void {
  if (key.size === 0) throw cannotCreate('Index keys cannot be empty.');
  for (const [name, order] of key) {
    if (!isNumeric(order) || toNumber(order) === 0 || Number.isNaN(toNumber(order)))
      throw cannotCreate(`An index key must be a number other than zero, not ${show(order)} (field '${name}')`);
    if (name.split('.').some((part) => part === '' || part.startsWith('$')))
      throw cannotCreate(`Index key contains an illegal field name: '${name}'`);
  }
}

const isIdKey = (key: Doc): boolean => key.size === 1 && key.has('_id');

function checkOptions(options: string[], key: Doc): void {
  const odd = options.find((name) => !(isIdKey(key) ? ID_OPTIONS : INDEX_OPTIONS).includes(name));
  if (odd) throw new CommandFailure(197, `The field '${odd}' is not valid for this index specification`);
  if (isIdKey(key) && !valuesEqual(key.get('_id'), 1))
    throw badValue("The field 'key' for an _id index must be {_id: 1}");
}

function partialFilter(body: CommandBody): Doc {
  const filter = body.document('partialFilterExpression');
  if (body.flag('sparse')) throw cannotCreate('cannot mix "partialFilterExpression" and "sparse" options');
  checkPartial(parseFilter(filter));
  return filter;
}

/** MongoDB allows only filters that an index can be chosen by. */
function checkPartial(predicate: Predicate): void {
  if (predicate.kind === 'and' || predicate.kind === 'or') return predicate.parts.forEach(checkPartial);
  if (predicate.kind !== 'leaf' || predicate.operator === 'regex' || predicate.operator === 'other')
    throw cannotCreate('A partial index knows only $and $or $in $eq $gt $gte $lt $lte $type and $exists: true');
}

function expiry(body: CommandBody, key: Doc): number {
  const seconds = wholeNumber(body.get('expireAfterSeconds')) ?? -1;
  if (seconds < 0 || seconds > LONGEST_EXPIRY)
    throw cannotCreate(`'expireAfterSeconds' must be a whole number from 0 to ${LONGEST_EXPIRY}`);
  if (key.size !== 1) throw cannotCreate('TTL indexes are single-field indexes, compound indexes do not support TTL');
  return seconds;
}

/** True for an index that is there as asked; one that is there in another way is a conflict. */
function sameIndexExists(collection: Collection, spec: Doc): boolean {
  const same = (field: string, index: IndexDefinition): boolean => valuesEqual(index.spec.get(field), spec.get(field));
  if (isIdKey(spec.get('key') as Doc)) return true;
  const named = collection.indexes.find((index) => same('name', index));
  if (named && valuesEqual(named.spec, spec)) return true;
  if (named)
    throw new CommandFailure(same('key', named) ? 85 : 86, `There is another index of the same name: ${named.name}`);
  const alike = collection.indexes.find((index) => same('key', index) && same('partialFilterExpression', index));
  if (alike) throw new CommandFailure(85, `Index already exists with a different name: ${alike.name}`);
  return false;
}

function dropIndexes(context: CommandContext, body: CommandBody): Doc {
  const collection = found(context, body.collection);
  const before = collection.indexes.length;
  for (const index of indexesToDrop(collection, body.text('index'))) {
    context.catalog.dropIndex(collection, index);
    context.cursors.killAll({ namespace: collection.namespace });
  }
  return doc({ nIndexesWas: before, ok: 1 });
}

function indexesToDrop({ indexes }: Collection, wanted: string): IndexDefinition[] {
  if (wanted === '*') return indexes.filter((index) => !index.isId);
  const index = indexes.find(({ name }) => name === wanted);
  if (!index) throw new CommandFailure(27, `index not found with name [${wanted}]`);
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
