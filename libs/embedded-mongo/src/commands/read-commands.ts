import { encodeKey } from '../bson/key-encoding';
import { doc, Double, type Doc, type Value } from '../bson/values';
import { encodeDocument } from '../bson/encode';
import { badValue } from '../failure';
import { describePlan } from '../plan/explain';
import { planFor } from '../plan/planner';
import { countMatching, openQuery, type QueryRows } from '../plan/query';
import type { Row } from '../plan/scan';
import { parseSort } from '../plan/sort-order';
import { parseProjection, type Projection } from '../projection/projection';
import { parseFilter } from '../query/parse';
import { splitPath } from '../query/predicate';
import type { ResultStream } from '../sessions/cursors';
import type { CommandBody } from './command-body';
import { CommandBody as Body } from './command-body';
import { outside, reading, type Command, type CommandContext } from './command';

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
  ['count', outside(reading(['query', 'limit', 'skip', 'hint'], count))],
  ['distinct', reading(['key', 'query', 'hint'], distinct)],
  ['explain', outside(reading(['verbosity'], explain))],
]);

const EMPTY: ResultStream = { results: [][Symbol.iterator](), rewind: () => undefined };

function find(context: CommandContext, body: CommandBody): Doc {
  const name = body.text('find');
  const limit = body.count('limit') || undefined;
  const batchSize = body.count('batchSize');
  const query = {
    predicate: parseFilter(body.document('filter')),
    sort: parseSort(body.get('sort')),
    skip: body.count('skip'),
    limit,
    expected: batchSize ?? 101,
  };
  const projection = parseProjection(body.get('projection'), 'find');
  const collection = context.catalog.find(context.db, name);
  const stream = collection ? asStream(openQuery(collection, query), projection) : EMPTY;
  return context.cursors.start(`${context.db}.${name}`, stream, {
    batchSize,
    single: body.flag('singleBatch'),
    session: context.session,
    stays: body.flag('noCursorTimeout'),
  });
}

function asStream({ rows, source }: QueryRows, projection: Projection | undefined): ResultStream {
  return { results: encoded(rows, projection), rewind: () => source.rewind() };
}

function* encoded(rows: Iterable<Row>, projection: Projection | undefined): Iterator<Buffer> {
  for (const row of rows) yield projection ? encodeDocument(projection(row.document)) : row.bytes;
}

function getMore(context: CommandContext, body: CommandBody): Doc {
  const id = body.get('getMore');
  if (typeof id !== 'bigint') throw badValue('getMore needs a cursor id of type long');
  return context.cursors.more(id, `${context.db}.${body.text('collection')}`, context.session, body.count('batchSize'));
}

function killCursors(context: CommandContext, body: CommandBody): Doc {
  const ids = body.get('cursors');
  if (!Array.isArray(ids)) throw badValue('killCursors needs an array of cursors');
  const killed = ids.filter((id) => typeof id === 'bigint' && context.cursors.kill(id));
  return doc({
    cursorsKilled: killed,
    cursorsNotFound: ids.filter((id) => !killed.includes(id)),
    cursorsAlive: [],
    cursorsUnknown: [],
    ok: 1,
  });
}

function count(context: CommandContext, body: CommandBody): Doc {
  const collection = context.catalog.find(context.db, body.text('count'));
  const predicate = parseFilter(body.document('query'));
  const all = collection ? countMatching(collection, predicate) : 0;
  const behind = Math.max(0, all - (body.count('skip') ?? 0));
  return doc({ n: Math.min(behind, body.count('limit') || behind), ok: 1 });
}

function distinct(context: CommandContext, body: CommandBody): Doc {
  const path = splitPath(body.text('key'));
  const predicate = parseFilter(body.document('query'));
  const collection = context.catalog.find(context.db, body.text('distinct'));
  const values = new Map<string, Value>();
  if (collection) for (const row of openQuery(collection, { predicate }).rows) collect(row.document, path, values);
  return doc({ values: [...values.values()], ok: 1 });
}

/** All values at a path, elements of arrays one by one. */
function collect(value: Value | undefined, path: readonly string[], into: Map<string, Value>): void {
  if (value === undefined) return;
  if (Array.isArray(value)) {
    const indexed = path.length > 0 ? value[Number(path[0])] : undefined;
    if (indexed !== undefined) collect(indexed, path.slice(1), into);
    for (const item of value) {
      if (path.length === 0) note(item, into);
      else if (item instanceof Map) collect(item, path, into);
    }
  } else if (path.length === 0) note(value, into);
  else if (value instanceof Map) collect(value.get(path[0]!), path.slice(1), into);
}

function note(value: Value, into: Map<string, Value>): void {
  const key = encodeKey(value).toString('latin1');
  if (!into.has(key)) into.set(key, value);
}

function explain(context: CommandContext, body: CommandBody): Doc {
  const inner = body.document('explain');
  const name = inner.keys().next().value;
  if (name !== 'find') throw badValue(`explain of '${name}' is not supported, only of find`);
  const query = new Body('find', inner).allow(FIND_OPTIONS);
  const collection = context.catalog.find(context.db, query.text('find'));
  const plan = collection && planFor(collection, parseFilter(query.document('filter')), parseSort(query.get('sort')));
  return doc({
    queryPlanner: { namespace: `${context.db}.${query.text('find')}`, winningPlan: describePlan(plan) },
    ok: new Double(1),
  });
}
