import { cloneValue, doc, isDoc, wholeNumber, type Doc, type Value } from '../bson/values';
import { encodeDocument } from '../bson/encode';
import { CommandFailure, typeMismatch } from '../failure';
import { follow } from '../expression/compile';
import { Sorter } from '../plan/query';
import { parseSort, sortKey, type SortOrder } from '../plan/sort-order';
import { matches } from '../query/match';
import { parseFilter } from '../query/parse';
import { splitPath } from '../query/predicate';
import { changeAt, REMOVED } from '../update/location';
import { byCountDescending, group } from './group';
import type { Stage, StageParser } from './stage';

/** The stages that look at more than one document, or that leave some out. */
export const STREAM_STAGES: ReadonlyMap<string, StageParser> = new Map<string, StageParser>([
  ['$match', match],
  ['$sort', (argument) => sorting(stageSort(argument))],
  ['$limit', (argument) => limiting(positive('$limit', argument))],
  ['$skip', (argument) => skipping(whole('$skip', argument))],
  ['$group', group],
  ['$count', count],
  ['$unwind', unwind],
  ['$sortByCount', sortByCount],
]);

function match(argument: Value, context: Parameters<StageParser>[1]): Stage {
  if (!isDoc(argument)) throw new CommandFailure(15959, 'the match filter must be an expression in an object');
  const predicate = parseFilter(argument, context.variables);
  return function* (input) {
    for (const document of input) if (matches(predicate, document)) yield document;
  };
}

/** The order of a `$sort`. */
export function stageSort(argument: Value): SortOrder & { fields: unknown } {
  if (!isDoc(argument)) throw new CommandFailure(15973, 'the $sort key specification must be an object');
  const order = parseSort(argument);
  if (!order || !('fields' in order)) throw new CommandFailure(15976, '$sort stage must have at least one sort key');
  return order;
}

function sorting(order: SortOrder): Stage {
  const fields = 'fields' in order ? order.fields : [];
  return function* (input) {
    const sorter = new Sorter<Doc>(Number.POSITIVE_INFINITY);
    for (const document of input) sorter.add(sortKey(fields, document), document, encodeDocument(document).length);
    yield* sorter.finish();
  };
}

/** A whole number that is not negative. */
export function whole(stage: string, argument: Value): number {
  const value = wholeNumber(argument);
  if (value === undefined || value < 0)
    throw new CommandFailure(
      stage === '$limit' ? 5107201 : 5107200,
      `invalid argument to ${stage} stage: Expected a non-negative number`,
    );
  return value;
}

/** A whole number above zero. */
export function positive(stage: string, argument: Value): number {
  const value = whole(stage, argument);
  if (value === 0) throw new CommandFailure(15958, 'the limit must be positive');
  return value;
}

function limiting(limit: number): Stage {
  return function* (input) {
    let left = limit;
    for (const document of input) {
      yield document;
      if (--left === 0) return;
    }
  };
}

function skipping(skip: number): Stage {
  return function* (input) {
    let left = skip;
    for (const document of input) if (left-- <= 0) yield document;
  };
}

function count(argument: Value): Stage {
  if (typeof argument !== 'string' || argument === '' || argument.startsWith('$') || argument.includes('.')) {
    throw new CommandFailure(40156, 'the count field must be a non-empty string, without $ in front and without .');
  }
  return function* (input) {
    let n = 0;
    for (const _ of input) n++;
    if (n > 0) yield doc({ [argument]: n });
  };
}

function sortByCount(argument: Value, context: Parameters<StageParser>[1]): Stage {
  const counted = group(
    new Map<string, Value>([
      ['_id', argument],
      ['count', doc({ $sum: 1 })],
    ]),
    context,
  );
  return (input) => [...counted(input)].sort(byCountDescending);
}

interface Unwind {
  path: readonly string[];
  indexField: string | undefined;
  preserve: boolean;
}

function unwind(argument: Value): Stage {
  const spec = parseUnwind(argument);
  return function* (input) {
    for (const document of input) yield* unwound(document, spec);
  };
}

function parseUnwind(argument: Value): Unwind {
  const options = isDoc(argument) ? argument : doc({ path: argument });
  for (const name of options.keys()) {
    if (!['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(name))
      throw new CommandFailure(28811, `unrecognized option to $unwind stage: ${name}`);
  }
  const path = options.get('path');
  if (typeof path !== 'string') throw new CommandFailure(28808, 'expected a string as the path for $unwind stage');
  if (!path.startsWith('$') || path.length < 2)
    throw new CommandFailure(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  const indexField = options.get('includeArrayIndex');
  if (indexField !== undefined && typeof indexField !== 'string')
    throw typeMismatch('expected a non-empty string for the includeArrayIndex option to $unwind stage');
  return { path: splitPath(path.slice(1)), indexField, preserve: options.get('preserveNullAndEmptyArrays') === true };
}

function* unwound(document: Doc, { path, indexField, preserve }: Unwind): Iterable<Doc> {
  const value = follow(document, path);
  const nothing = value === undefined || value === null || (Array.isArray(value) && value.length === 0);
  if (nothing && !preserve) return;
  const items: readonly (Value | typeof REMOVED)[] = Array.isArray(value)
    ? nothing
      ? [REMOVED]
      : value
    : [value ?? REMOVED];
  for (const [index, item] of items.entries()) {
    const copy = cloneValue(document);
    if (!nothing || Array.isArray(value)) changeAt(copy, path, false, () => item);
    if (indexField !== undefined)
      changeAt(copy, splitPath(indexField), true, () => (Array.isArray(value) && !nothing ? BigInt(index) : null));
    yield copy;
  }
}
