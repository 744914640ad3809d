import { encodeDocument } from '../bson/encode';
import { isDoc, wholeNumber, type Doc, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { Sorter } from '../plan/query';
import { parseSort, sortKey, type SortOrder } from '../plan/sort-order';
import { parseProjection } from '../projection/projection';
import { matches } from '../query/match';
import { parseFilter } from '../query/parse';
import type { Predicate } from '../query/predicate';
import { group } from './group';
import type { Stage } from './stage';

/** The stages of the subset. */
export const STAGES: ReadonlyMap<string, (argument: Value) => Stage> = new Map([
  ['$match', match],
  ['$project', project],
  ['$sort', sort],
  ['$limit', limit],
  ['$skip', skip],
  ['$group', group],
]);

/** The filter of a `$match`. */
export function matchFilter(argument: Value): Predicate {
  if (!isDoc(argument)) throw new CommandFailure(15959, 'the match filter must be an expression in an object');
  return parseFilter(argument);
}

function match(argument: Value): Stage {
  const filter = matchFilter(argument);
  return (input) => input.filter((document) => matches(filter, document));
}

function project(argument: Value): Stage {
  if (!isDoc(argument)) throw new CommandFailure(15969, '$project specification must be an object');
  const projection = parseProjection(argument);
  if (!projection) throw new CommandFailure(51272, 'a projection must have at least one field');
  return (input) => input.map(projection);
}

/** The order of a `$sort`. */
export function stageSort(argument: Value): Extract<SortOrder, { fields: unknown }> {
  if (!isDoc(argument)) throw new CommandFailure(15973, 'the $sort key specification must be an object');
  const order = parseSort(argument);
  if (!order || !('fields' in order)) throw new CommandFailure(15976, '$sort stage must have at least one sort key');
  return order;
}

function sort(argument: Value): Stage {
  const { fields } = stageSort(argument);
  return function* (input) {
    const sorter = new Sorter<Doc>(Number.POSITIVE_INFINITY);
    for (const document of input) sorter.add(sortKey(fields, document), document, encodeDocument(document).length);
    yield* sorter.finish();
  };
}

/** A whole number that is not negative, or else a failure with this code. */
export function whole(argument: Value, code: number): number {
  const value = wholeNumber(argument) ?? -1;
  if (value < 0) throw new CommandFailure(code, '$skip and $limit need a non-negative number');
  return value;
}

/** A whole number above zero, for `$limit`. */
export function positive(argument: Value): number {
  const value = whole(argument, 5107201);
  if (value === 0) throw new CommandFailure(15958, 'the limit must be positive');
  return value;
}

function limit(argument: Value): Stage {
  const most = positive(argument);
  return (input) => input.take(most);
}

function skip(argument: Value): Stage {
  const first = whole(argument, 5107200);
  return (input) => input.drop(first);
}
