import { encodeDocument } from '../bson/encode';
import { doc, isDoc, wholeNumber, type Doc, type Value } from '../bson/values';
import { CommandFailure, failedToParse } from '../failure';
import { compileExpression, follow } from '../expression/compile';
import { openQuery, Sorter } from '../plan/query';
import { parseSort, sortKey, type SortOrder } from '../plan/sort-order';
import { parseProjection, type Projection } from '../projection/projection';
import { emptyTree, placeShape, reshape, type Tree } from '../projection/shape';
import { matches } from '../query/match';
import { parseFilter } from '../query/parse';
import { splitPath, type Path, type Predicate } from '../query/predicate';
import { group } from './group';
import type { PipelineContext, Stage } from './stage';

type StageParser = (argument: Value, context: PipelineContext) => Stage;

/** The stages of the subset. */
export const STAGES: ReadonlyMap<string, StageParser> = new Map<string, StageParser>([
  ['$match', (argument) => filtering(matchFilter(argument))],
  ['$project', (argument) => mapping(parseProjection(argument, '$project')!)],
  ['$addFields', (argument) => mapping(addFields(argument))],
  ['$set', (argument) => mapping(addFields(argument))],
  ['$unset', (argument) => mapping(unset(argument))],
  ['$sort', (argument) => sorting(stageSort(argument))],
  ['$limit', (argument) => limiting(positive(argument))],
  ['$skip', (argument) => skipping(whole('$skip', argument))],
  ['$group', (argument) => group(argument)],
  ['$count', count],
  ['$unwind', unwind],
  ['$lookup', lookup],
]);

const mapping = (map: Projection): Stage =>
  function* (input) {
    for (const document of input) yield map(document);
  };

const filtering = (predicate: Predicate): Stage =>
  function* (input) {
    for (const document of input) if (matches(predicate, document)) yield document;
  };

/** The filter of a `$match`. */
export function matchFilter(argument: Value): Predicate {
  if (!isDoc(argument)) throw new CommandFailure(15959, 'the match filter must be an expression in an object');
  return parseFilter(argument);
}

function addFields(argument: Value): Projection {
  if (!isDoc(argument)) throw new CommandFailure(40272, '$addFields specification stage must be an object');
  if (argument.size === 0) throw new CommandFailure(40177, 'specification must have at least one field');
  const tree = emptyTree();
  addShapes(tree, [], argument);
  return (document) => reshape(document, tree, true);
}

function addShapes(tree: Tree, path: Path, fields: Doc): void {
  for (const [name, value] of fields) {
    const at = [...path, ...splitPath(name)];
    if (at.includes('')) throw new CommandFailure(40353, `FieldPath must not hold an empty field name: '${name}'`);
    if (at.some((part) => part.startsWith('$')))
      throw new CommandFailure(16410, `FieldPath field names may not start with '$': '${name}'`);
    const operators = isDoc(value) ? [...value.keys()].filter((key) => key.startsWith('$')).length : 0;
    if (isDoc(value) && (value.size === 0 || (operators > 0 && value.size > 1)))
      throw new CommandFailure(value.size === 0 ? 40180 : 40181, `'${name}' is neither an expression nor a document`);
    if (isDoc(value) && operators === 0) addShapes(tree, at, value);
    else placeShape(tree, at, { kind: 'compute', expression: compileExpression(value) }, 40176);
  }
}

function unset(argument: Value): Projection {
  const names = Array.isArray(argument) ? argument : [argument];
  if (names.length === 0 || !names.every((name) => typeof name === 'string'))
    throw new CommandFailure(31002, '$unset specification must be a string or an array of strings');
  return parseProjection(new Map(names.map((name) => [name, 0])), '$project')!;
}

/** The order of a `$sort`. */
export function stageSort(argument: Value): Extract<SortOrder, { fields: unknown }> {
  if (!isDoc(argument)) throw new CommandFailure(15973, 'the $sort key specification must be an object');
  const order = parseSort(argument);
  if (!order || !('fields' in order)) throw new CommandFailure(15976, '$sort stage must have at least one sort key');
  return order;
}

const sorting = ({ fields }: ReturnType<typeof stageSort>): Stage =>
  function* (input) {
    const sorter = new Sorter<Doc>(Number.POSITIVE_INFINITY);
    for (const document of input) sorter.add(sortKey(fields, document), document, encodeDocument(document).length);
    yield* sorter.finish();
  };

/** A whole number that is not negative. */
export function whole(stage: '$skip' | '$limit', argument: Value): number {
  const value = wholeNumber(argument) ?? -1;
  if (value < 0)
    throw new CommandFailure(stage === '$limit' ? 5107201 : 5107200, `${stage} needs a non-negative number`);
  return value;
}

/** A whole number above zero, for `$limit`. */
export function positive(argument: Value): number {
  const value = whole('$limit', argument);
  if (value === 0) throw new CommandFailure(15958, 'the limit must be positive');
  return value;
}

const limiting = (limit: number): Stage =>
  function* (input) {
    let left = limit;
    for (const document of input) {
      yield document;
      if (--left === 0) return;
    }
  };

const skipping = (skip: number): Stage =>
  function* (input) {
    let left = skip;
    for (const document of input) if (left-- <= 0) yield document;
  };

function count(argument: Value): Stage {
  const refuse = (code: number, why: string): never => {
    throw new CommandFailure(code, `the count field ${why}`);
  };
  if (typeof argument !== 'string') return refuse(40156, 'must be a non-empty string');
  if (argument === '') refuse(40157, 'must be a non-empty string');
  if (argument.startsWith('$')) refuse(40158, 'cannot be a $-prefixed path');
  if (argument.includes('.')) refuse(40160, "cannot contain '.'");
  return function* (input) {
    let n = 0;
    for (const _ of input) n++;
    if (n > 0) yield doc({ [argument]: n });
  };
}

const UNWIND_OPTIONS = ['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'];

function unwind(argument: Value): Stage {
  if (!isDoc(argument) && typeof argument !== 'string')
    throw new CommandFailure(15981, 'expected either a string or an object as specification for $unwind stage');
  const options = isDoc(argument) ? argument : doc({ path: argument });
  const odd = [...options.keys()].find((name) => !UNWIND_OPTIONS.includes(name));
  if (odd) throw new CommandFailure(28811, `unrecognized option to $unwind stage: ${odd}`);
  const path = options.get('path');
  if (path === undefined) throw new CommandFailure(28812, 'no path specified to $unwind stage');
  if (typeof path !== 'string') throw new CommandFailure(28808, 'expected a string as the path for $unwind stage');
  if (!path.startsWith('$')) throw new CommandFailure(28818, `the path of $unwind must start with a '$': ${path}`);
  const index = options.get('includeArrayIndex');
  if (index !== undefined && (typeof index !== 'string' || index === ''))
    throw new CommandFailure(28810, 'expected a non-empty string for the includeArrayIndex option to $unwind stage');
  if (index?.startsWith('$'))
    throw new CommandFailure(28822, `includeArrayIndex should not start with a '$': ${index}`);
  if (path === '$') throw new CommandFailure(40352, 'FieldPath cannot be constructed with empty string');
  const preserve = options.get('preserveNullAndEmptyArrays') ?? false;
  if (typeof preserve !== 'boolean')
    throw new CommandFailure(28809, 'expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage');
  const spec = { path: splitPath(path.slice(1)), index: index === undefined ? undefined : splitPath(index), preserve };
  return function* (input) {
    for (const document of input) yield* unwound(document, spec);
  };
}

interface Unwind {
  path: Path;
  index: Path | undefined;
  preserve: boolean;
}

function* unwound(document: Doc, { path, index, preserve }: Unwind): Iterable<Doc> {
  const value = path.reduce<Value | undefined>((at, part) => (isDoc(at) ? at.get(part) : undefined), document);
  const isList = Array.isArray(value) && value.length > 0;
  if (!isList && !preserve && (Array.isArray(value) || value === undefined || value === null)) return;
  const items = isList ? value : [Array.isArray(value) ? undefined : value];
  for (const [i, item] of items.entries()) {
    const result = withValue(document, path, item);
    yield index ? withValue(result, index, isList ? BigInt(i) : null) : result;
  }
}

/** A copy with the value at the path, or nothing there; what is no document on the way gives place to one. */
function withValue(document: Doc, [name, ...rest]: Path, value: Value | undefined): Doc {
  const result: Doc = new Map(document);
  const there = document.get(name!);
  if (rest.length > 0 && (value !== undefined || isDoc(there)))
    result.set(name!, withValue(isDoc(there) ? there : doc({}), rest, value));
  else if (value === undefined) result.delete(name!);
  else result.set(name!, value);
  return result;
}

const LOOKUP_OPTIONS = ['from', 'localField', 'foreignField', 'as'] as const;

/** `$lookup` by equal fields; an array on this side matches by each of its elements. */
function lookup(argument: Value, { catalog, db }: PipelineContext): Stage {
  if (!isDoc(argument)) throw failedToParse('the $lookup specification must be an Object');
  const odd = [...argument.keys()].find((name) => !(LOOKUP_OPTIONS as readonly string[]).includes(name));
  if (odd) throw failedToParse(`unknown argument to $lookup: ${odd}`);
  const [from, local, foreign, as] = LOOKUP_OPTIONS.map((name) => {
    const value = argument.get(name);
    if (typeof value !== 'string') throw failedToParse(`$lookup argument '${name}' must be a string`);
    return value;
  }) as [string, string, string, string];
  return mapping((document) => {
    const collection = catalog.find(db, from);
    const predicate = parseFilter(new Map([[foreign, equalTo(follow(document, splitPath(local)))]]));
    const rows = collection ? openQuery(collection, { predicate }).rows : [];
    const joined = Array.from(rows, (row) => row.document);
    return withValue(document, splitPath(as), joined);
  });
}

const equalTo = (value: Value | undefined): Doc =>
  Array.isArray(value) ? new Map([['$in', value]]) : new Map([['$eq', value ?? null]]);
