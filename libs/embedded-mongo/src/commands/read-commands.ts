import { parsePipeline } from '../aggregation/pipeline';
import { encodeDocument } from '../bson/encode';
import { encodeKey } from '../bson/key-encoding';
import { doc, isDoc, type Doc, type Value } from '../bson/values';
import { badValue, failedToParse, typeMismatch } from '../failure';
import { describePlan, planFor, type PlanRequest } from '../plan/planner';
import { countMatching, openQuery, type Query } from '../plan/query';
import { parseSort } from '../plan/sort-order';
import { parseProjection } from '../projection/projection';
import { parseFilter } from '../query/parse';
import { asIndex, splitPath, type Path } from '../query/predicate';
import type { CursorOwner } from '../sessions/cursors';
import { CommandBody } from './command-body';
import { asking, reading, type Command, type CommandContext } from './command';

const FIND_OPTIONS = [
  ...['filter', 'sort', 'projection', 'skip', 'limit'],
  ...['batchSize', 'singleBatch', 'allowPartialResults', 'allowDiskUse'],
];

const AGGREGATE_OPTIONS = ['pipeline', 'cursor', 'allowDiskUse', 'bypassDocumentValidation'];

/** The commands that read one collection. */
export const READ_COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['find', reading(FIND_OPTIONS, find)],
  ['getMore', reading(['collection', 'batchSize'], getMore)],
  ['killCursors', reading(['cursors'], killCursors)],
  ['aggregate', reading(AGGREGATE_OPTIONS, aggregate)],
  ['count', asking(['query', 'limit', 'skip'], count)],
  ['distinct', reading(['key', 'query'], distinct)],
  ['explain', asking(['verbosity'], explain)],
]);

/** What a command asks of a collection: its filter and its sort. */
export const planRequest = (body: CommandBody, filter: string): PlanRequest => ({
  predicate: parseFilter(body.document(filter)),
  sort: parseSort(body.get('sort')),
});

function findQuery(body: CommandBody): Query {
  return {
    ...planRequest(body, 'filter'),
    skip: body.count('skip'),
    limit: body.count('limit') || undefined,
    expected: body.count('batchSize') ?? 101,
  };
}

/** Whose a cursor is: nobody else gets more of it. */
const ownerOf = ({ db, session }: CommandContext, name: string): CursorOwner => ({
  namespace: `${db}.${name}`,
  session: session.key,
});

function find(context: CommandContext, body: CommandBody): Doc {
  const name = body.collection;
  const collection = context.catalog.find(context.db, name);
  const query = findQuery(body);
  const projection = parseProjection(body.document('projection'));
  const { rows, rewind } = openQuery(collection, query);
  const results = projection ? rows.map((row) => encodeDocument(projection(row.document))) : rows;
  const stream = { ...ownerOf(context, name), results, rewind };
  return context.cursors.start(stream, body.count('batchSize'), body.flag('singleBatch'));
}

function aggregate(context: CommandContext, body: CommandBody): Doc {
  const name = body.collection;
  const { query, grouping } = parsePipeline(body.list('pipeline'));
  if (body.get('cursor') === undefined) throw failedToParse("The 'cursor' option is required");
  const batchSize = new CommandBody('cursor', body.document('cursor')).allow(['batchSize']).count('batchSize');
  const collection = context.catalog.find(context.db, name);
  const { rows, rewind } = openQuery(collection, query);
  const results = grouping ? grouping.run(rows.map((row) => row.only(grouping.fields))).map(encodeDocument) : rows;
  return context.cursors.start({ ...ownerOf(context, name), results, rewind }, batchSize);
}

function getMore(context: CommandContext, body: CommandBody): Doc {
  const id = body.get('getMore');
  if (typeof id !== 'bigint') throw typeMismatch('getMore needs a cursor id of type long');
  return context.cursors.more(id, ownerOf(context, body.text('collection')), body.count('batchSize'));
}

function killCursors(context: CommandContext, body: CommandBody): Doc {
  const ids = body.list('cursors');
  const cursorsKilled = ids.filter((id) => typeof id === 'bigint' && context.cursors.kill(id));
  const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id));
  return doc({ cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [], ok: 1 });
}

function count(context: CommandContext, body: CommandBody): Doc {
  const collection = context.catalog.find(context.db, body.collection);
  const [skip, limit] = [body.count('skip') ?? 0, body.count('limit') || Number.POSITIVE_INFINITY];
  const all = collection ? countMatching(collection, planRequest(body, 'query')) : 0;
  return doc({ n: Math.min(Math.max(0, all - skip), limit), ok: 1 });
}

function distinct(context: CommandContext, body: CommandBody): Doc {
  const path = splitPath(body.text('key'));
  const collection = context.catalog.find(context.db, body.collection);
  const values = new Map<string, Value>();
  for (const row of openQuery(collection, planRequest(body, 'query')).rows)
    for (const value of valuesAt(row.document, path)) {
      const key = encodeKey(value).toString('latin1');
      if (!values.has(key)) values.set(key, value);
    }
  return doc({ values: [...values.values()], ok: 1 });
}

/** What `distinct` finds at a path: unlike in a filter, a number names an element of an array and never a field in one. */
function valuesAt(value: Value | undefined, path: Path): Value[] {
  const [name, ...rest] = path;
  if (value === undefined) return [];
  if (name === undefined) return Array.isArray(value) ? value : [value];
  if (isDoc(value)) return valuesAt(value.get(name), rest);
  if (!Array.isArray(value)) return [];
  if (/^\d+$/.test(name)) return valuesAt(value[asIndex(name) ?? -1], rest);
  return value.filter(isDoc).flatMap((item) => valuesAt(item, path));
}

function explain(context: CommandContext, body: CommandBody): Doc {
  const inner = body.document('explain');
  const name = inner.keys().next().value;
  if (name !== 'find') throw badValue(`explain of '${name}' is not supported, only of find`);
  const query = new CommandBody('find', inner).allow(FIND_OPTIONS);
  const collection = context.catalog.find(context.db, query.collection);
  const plan = collection && planFor(collection, findQuery(query));
  const namespace = `${context.db}.${query.collection}`;
  return doc({ queryPlanner: { namespace, winningPlan: describePlan(plan) }, ok: 1 });
}
