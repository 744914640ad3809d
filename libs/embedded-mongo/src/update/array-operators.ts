import { compareValues, valuesEqual } from '../bson/compare';
import { BSONRegExp, cloneValue, doc, isDoc, wholeNumber, type Doc, type Value } from '../bson/values';
import { badValue, failedToParse, typeMismatch, type CommandFailure } from '../failure';
import { sortKey, parseSort } from '../plan/sort-order';
import { isOperators } from '../query/operators';
import { parseElementTest } from '../query/parse';
import { splitPath, type Path } from '../query/predicate';
import { regexTest } from '../query/regex';
import { notAnArray, UNCHANGED, type Change } from './location';

/** `$push`: a value, or several with `$each`, `$position`, `$sort` and `$slice`. */
export function push(operand: Value, path: Path): Change {
  const { items, position, sort, slice } = pushModifiers(operand);
  return (current = []) => {
    if (!Array.isArray(current)) throw notAnArray(path, current);
    const result = [...current];
    result.splice(position ?? result.length, 0, ...items.map((item) => cloneValue(item)));
    if (sort) result.sort(sort);
    return slice === undefined ? result : slice < 0 ? result.slice(slice) : result.slice(0, slice);
  };
}

interface PushModifiers {
  items: Value[];
  position?: number;
  slice?: number;
  sort?: (a: Value, b: Value) => number;
}

function pushModifiers(operand: Value): PushModifiers {
  if (!isDoc(operand) || !operand.has('$each')) return { items: [operand] };
  const result: PushModifiers = { items: [] };
  for (const [name, argument] of operand) {
    if (name === '$each') result.items = eachOf('$push', argument, badValue);
    else if (name === '$position') result.position = integer(name, argument);
    else if (name === '$slice') result.slice = integer(name, argument);
    else if (name === '$sort') result.sort = elementOrder(argument);
    else throw badValue(`Unrecognized clause in $push: ${name}`);
  }
  return result;
}

function eachOf(operator: string, argument: Value, failure: (message: string) => CommandFailure): Value[] {
  if (!Array.isArray(argument)) throw failure(`The argument to $each in ${operator} must be an array`);
  return argument;
}

function integer(name: string, argument: Value): number {
  const value = wholeNumber(argument);
  if (value === undefined) throw badValue(`The value for ${name} must be an integer value`);
  return value;
}

function elementOrder(argument: Value): (a: Value, b: Value) => number {
  const directions = (isDoc(argument) ? [...argument.values()] : [argument]).map(wholeNumber);
  const unnamed = isDoc(argument) && [...argument.keys()].some((name) => splitPath(name).includes(''));
  if (unnamed || directions.length === 0 || !directions.every((direction) => direction === 1 || direction === -1))
    throw badValue('The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields');
  const order = isDoc(argument) ? parseSort(argument) : undefined;
  if (!order || !('fields' in order)) return (a, b) => compareValues(a, b) * directions[0]!;
  const key = (value: Value): Buffer => sortKey(order.fields, isDoc(value) ? value : doc({}));
  return (a, b) => key(a).compare(key(b));
}

/** `$addToSet`: a value, or several with `$each`, each that is not there yet. */
export function addToSet(operand: Value, path: Path): Change {
  const each = isDoc(operand) && operand.keys().next().value === '$each';
  if (each && operand.size > 1) throw badValue('Found unexpected fields after $each in $addToSet');
  const items = each ? eachOf('$addToSet', operand.get('$each')!, typeMismatch) : [operand];
  return (current = []) => {
    if (!Array.isArray(current)) throw notAnArray(path, current);
    const result = [...current];
    for (const item of items) if (!result.some((present) => valuesEqual(present, item))) result.push(cloneValue(item));
    return result;
  };
}

/** `$pull`: elements that equal the value or satisfy the filter. */
export function pull(operand: Value, path: Path): Change {
  const test = isDoc(operand) ? documentTest(operand) : valueTest(operand);
  return keeping(path, badValue, (item) => !test(item));
}

/** An array is pulled where it equals, not where it contains. */
function valueTest(operand: Value): (item: Value) => boolean {
  return operand instanceof BSONRegExp ? regexTest(operand) : (item) => valuesEqual(item, operand);
}

function documentTest(operand: Doc): (item: Value) => boolean {
  const test = parseElementTest(operand, false);
  return isOperators(operand) ? test : (item) => isDoc(item) && test(item);
}

/** `$pullAll`: elements that equal one of the values. */
export function pullAll(operand: Value, path: Path): Change {
  if (!Array.isArray(operand)) throw badValue('$pullAll requires an array argument but was given another type');
  return keeping(path, badValue, (item) => !operand.some((other) => valuesEqual(item, other)));
}

/** `$pop`: the first element (-1) or the last (1). */
export function pop(operand: Value, path: Path): Change {
  const end = wholeNumber(operand);
  if (end !== 1 && end !== -1) throw failedToParse('$pop expects 1 or -1');
  return keeping(path, typeMismatch, (_, i, all) => i !== (end === 1 ? all.length - 1 : 0));
}

function keeping(
  path: Path,
  failure: (message: string) => CommandFailure,
  keep: (item: Value, index: number, all: Value[]) => boolean,
): Change {
  return (current) => {
    if (current === undefined) return UNCHANGED;
    if (!Array.isArray(current)) throw failure(`Path '${path.join('.')}' contains an element of non-array type`);
    return current.filter(keep);
  };
}
