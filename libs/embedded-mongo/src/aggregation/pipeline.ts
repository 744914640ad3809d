import { isDoc, wholeNumber, type Doc, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import type { Query } from '../plan/query';
import { parseSort } from '../plan/sort-order';
import { parseFilter } from '../query/parse';
import { parseGroup, type Grouping } from './group';

/** A pipeline over a collection: what is asked of it, and how that is grouped, where it is. */
export interface Pipeline {
  query: Query;
  grouping: Grouping | undefined;
}

/** Parses a pipeline: any number of `$match`, then `$sort`, `$skip`, `$limit` and `$group`, in this order. */
export function parsePipeline(stages: readonly Value[]): Pipeline {
  const left = stages.map(nameAndArgument);
  const taken = (name: string): Value | undefined => (left[0]?.[0] === name ? left.shift()![1] : undefined);
  const filters: Doc[] = [];
  for (let filter = taken('$match'); filter !== undefined; filter = taken('$match'))
    filters.push(document(filter, 15959));
  const [sort, skip, limit, grouping] = ['$sort', '$skip', '$limit', '$group'].map(taken);
  if (left[0]) throw new CommandFailure(40324, `Stage '${left[0][0]}' is not known, or not at this place`);
  const parts = filters.map(parseFilter);
  const query: Query = {
    predicate: parts.length === 1 ? parts[0]! : { kind: 'and', parts },
    sort: sort === undefined ? undefined : sortOf(sort),
    skip: skip === undefined ? undefined : whole(skip, 5107200),
    limit: limit === undefined ? undefined : whole(limit, 5107201),
  };
  if (query.limit === 0) throw new CommandFailure(15958, 'the limit must be positive');
  return { query, grouping: grouping === undefined ? undefined : parseGroup(grouping) };
}

function nameAndArgument(stage: Value): [string, Value] {
  if (!isDoc(stage)) throw new CommandFailure(14, "Each element of the 'pipeline' array must be an object");
  if (stage.size !== 1)
    throw new CommandFailure(40323, 'A pipeline stage specification object must contain exactly one field.');
  return [...stage][0]!;
}

function document(argument: Value, code: number): Doc {
  if (!isDoc(argument)) throw new CommandFailure(code, 'the argument of this stage must be an object');
  return argument;
}

function sortOf(argument: Value): Query['sort'] {
  const order = parseSort(document(argument, 15973));
  if (!order) throw new CommandFailure(15976, '$sort stage must have at least one sort key');
  return order;
}

/** A whole number that is not negative, or else a failure with this code. */
function whole(argument: Value, code: number): number {
  const value = wholeNumber(argument) ?? -1;
  if (value < 0) throw new CommandFailure(code, '$skip and $limit need a non-negative number');
  return value;
}
