import { isDoc, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import type { Query } from '../plan/query';
import type { Predicate } from '../query/predicate';
import type { Stage } from './stage';
import { matchFilter, positive, STAGES, stageSort, whole } from './stages';

/** A pipeline over a collection: what its first stages ask for is left to the planner. */
export interface CollectionPipeline {
  query: Query;
  /** Absent: the documents come out as they are stored. */
  rest: Stage | undefined;
  /** The fields that it looks at; absent: all of them. */
  fields: ReadonlySet<string> | undefined;
}

/** Parses a pipeline; the leading `$match`, `$sort`, `$skip` and `$limit`, in this order, become its query. */
export function splitPipeline(stages: readonly Value[]): CollectionPipeline {
  const left = stages.map(nameAndArgument);
  const taken = (name: string): Value | undefined => (left[0]?.[0] === name ? left.shift()![1] : undefined);
  const filters: Predicate[] = [];
  for (let filter = taken('$match'); filter !== undefined; filter = taken('$match')) filters.push(matchFilter(filter));
  const [sort, skip, limit] = ['$sort', '$skip', '$limit'].map(taken);
  const query: Query = {
    predicate: filters.length === 1 ? filters[0]! : { kind: 'and', parts: filters },
    sort: sort === undefined ? undefined : stageSort(sort),
    skip: skip === undefined ? undefined : whole(skip, 5107200),
    limit: limit === undefined ? undefined : positive(limit),
  };
  const fields = left[0]?.[0] === '$group' ? fieldsNamed(left[0][1]) : undefined;
  const rest = left.map(([name, argument]) => {
    const parse = STAGES.get(name);
    if (!parse) throw new CommandFailure(40324, `Unrecognized pipeline stage name: '${name}'`);
    return parse(argument);
  });
  const run: Stage = (input) => rest.reduce((documents, stage) => stage(documents), input);
  return { query, rest: rest.length > 0 ? run : undefined, fields };
}

function nameAndArgument(stage: Value): [string, Value] {
  if (!isDoc(stage)) throw new CommandFailure(14, "Each element of the 'pipeline' array must be an object");
  if (stage.size !== 1)
    throw new CommandFailure(40323, 'A pipeline stage specification object must contain exactly one field.');
  return [...stage][0]!;
}

/** The top-level fields whose paths are in an argument. */
function fieldsNamed(argument: Value): ReadonlySet<string> {
  const paths = [...stringsIn(argument)].filter((text) => text.startsWith('$'));
  return new Set(paths.map((path) => path.slice(1).split('.')[0]!));
}

function* stringsIn(value: Value): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (isDoc(value) || Array.isArray(value)) for (const item of value.values()) yield* stringsIn(item);
}
