import { valuesEqual } from '../bson/compare';
import { encodeDocument } from '../bson/encode';
import { encodeKey } from '../bson/key-encoding';
import { doc, isDoc, type Doc, type Value } from '../bson/values';
import { badValue, typeMismatch } from '../failure';
import { describePlan } from '../plan/explain';
import { planFor, type PlanRequest } from '../plan/planner';
import { countMatching, openQuery, type Query } from '../plan/query';
import type { Row } from '../plan/scan';
import { parseSort } from '../plan/sort-order';
import { parseProjection, type Projection } from '../projection/projection';
import { matches } from '../query/match';
import { parseFilter } from '../query/parse';
import { splitPath, type Leaf } from '../query/predicate';
import type { Collection } from '../storage/collection';
import { CommandBody } from './command-body';
import { asking, reading, type Command, type CommandContext } from './command';

const FIND_OPTIONS = [
  'filter',
  'sort',
  'projection',
  'hint',
  'skip',
  'limit',
  'batchSize',
  'singleBatch',
  'noCursorTimeout',
  'allowPartialResults',
  'allowDiskUse',
];

/** The commands that read one collection. */
export const READ_COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['find', reading(FIND_OPTIONS, find)],
  ['getMore', reading(['collection', 'batchSize'], getMore)],
  ['killCursors', reading(['cursors'], killCursors)],
  ['count', asking(['query', 'limit', 'skip', 'hint'], count)],
  ['distinct', reading(['key', 'query', 'hint'], distinct)],
  ['explain', asking(['verbosity'], explain)],
]);

/** What a command asks of a collection: its filter, its sort and its hint. */
export function planRequest(collection: Collection | undefined, body: CommandBody, filter: string): PlanRequest {
  const hint = body.get('hint');
  const natural = isDoc(hint) ? hint.get('$natural') : undefined;
  return {
    predicate: parseFilter(body.document(filter)),
    sort: parseSort(body.get('sort') ?? (natural === undefined ? undefined : hint)),
    hint: natural !== undefined ? 'natural' : collection && hintedIndex(collection, hint),
  };
}

/** The index with this name or key. */
export function hintedIndex(collection: Collection, hint: Value | undefined): PlanRequest['hint'] {
  if (hint === undefined) return undefined;
  const index = collection.indexes.find(({ name, spec }) => name === hint || valuesEqual(spec.get('key'), hint));
  if (!index) throw badValue('hint provided does not correspond to an existing index');
  return index;
}

function findQuery(collection: Collection | undefined, body: CommandBody): Query {
  return {
    ...planRequest(collection, body, 'filter'),
    skip: body.count('skip'),
    limit: body.count('limit') || undefined,
    expected: body.count('batchSize') ?? 101,
    deadline: body.deadline,
  };
}

function find(context: CommandContext, body: CommandBody): Doc {
  const name = body.collection;
  const collection = context.catalog.find(context.db, name);
  const query = findQuery(collection, body);
  const projection = parseProjection(body.get('projection'), 'find');
  const { rows, source } = collection ? openQuery(collection, query) : { rows: [], source: undefined };
  const stream = { results: encoded(rows, projection), rewind: () => source?.rewind() };
  return context.cursors.start(`${context.db}.${name}`, stream, {
    batchSize: body.count('batchSize'),
    single: body.flag('singleBatch'),
    session: context.session,
    stays: body.flag('noCursorTimeout'),
  });
}

function* encoded(rows: Iterable<Row>, projection: Projection | undefined): Iterator<Buffer> {
  for (const row of rows) yield projection ? encodeDocument(projection(row.document)) : row.bytes;
}

function getMore(context: CommandContext, body: CommandBody): Doc {
  const id = body.get('getMore');
  if (typeof id !== 'bigint') throw typeMismatch('getMore needs a cursor id of type long');
  return context.cursors.more(id, `${context.db}.${body.text('collection')}`, context.session, body.count('batchSize'));
}

function killCursors(context: CommandContext, body: CommandBody): Doc {
  const ids = body.list('cursors');
  const cursorsKilled = ids.filter((id) => typeof id === 'bigint' && context.cursors.kill(id));
  const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id));
  return doc({ cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [], ok: 1 });
}

function count(context: CommandContext, body: CommandBody): Doc {
  const collection = context.catalog.find(context.db, body.collection);
  const request = { ...planRequest(collection, body, 'query'), deadline: body.deadline };
  const [skip, limit] = [body.count('skip') ?? 0, body.count('limit') || Number.POSITIVE_INFINITY];
  const all = collection ? countMatching(collection, request) : 0;
  return doc({ n: Math.min(Math.max(0, all - skip), limit), ok: 1 });
}

function distinct(context: CommandContext, body: CommandBody): Doc {
  const path = splitPath(body.text('key'));
  const collection = context.catalog.find(context.db, body.collection);
  const request = { ...planRequest(collection, body, 'query'), deadline: body.deadline };
  const values = new Map<string, Value>();
  const note = (value: Value | undefined): void => {
    const key = value === undefined ? '' : encodeKey(value).toString('latin1');
    if (value !== undefined && !values.has(key)) values.set(key, value);
  };
  const collector: Leaf = {
    kind: 'leaf',
    path,
    operator: 'other',
    operand: null,
    whole: true,
    test: (found) => {
      if (Array.isArray(found)) found.forEach(note);
      else note(found);
      return false;
    },
  };
  if (collection) for (const row of openQuery(collection, request).rows) matches(collector, row.document);
  return doc({ values: [...values.values()], ok: 1 });
}

function explain(context: CommandContext, body: CommandBody): Doc {
  const inner = body.document('explain');
  const name = inner.keys().next().value;
  if (name !== 'find') throw badValue(`explain of '${name}' is not supported, only of find`);
  const query = new CommandBody('find', inner).allow(FIND_OPTIONS);
  const collection = context.catalog.find(context.db, query.collection);
  const plan = collection && planFor(collection, findQuery(collection, query));
  const namespace = `${context.db}.${query.collection}`;
  return doc({ queryPlanner: { namespace, winningPlan: describePlan(plan) }, ok: 1 });
}
