import { compareValues, valuesEqual } from '../bson/compare';
import { BSONRegExp, cloneValue, doc, isDoc, isNumeric, wholeNumber, type Value } from '../bson/values';
import { badValue, failedToParse, typeMismatch } from '../failure';
import { sortKey, parseSort } from '../plan/sort-order';
import { matchesValue } from '../query/match';
import { isOperators, operators, parseFilter } from '../query/parse';
import { regex } from '../query/leaves';
import type { Path, Predicate } from '../query/predicate';
import { notAnArray, UNCHANGED, type Change } from './location';

/** `$push`: a value, or several with `$each`, `$position`, `$sort` and `$slice`. */
export function push(operand: Value, path: Path): Change {
  const { items, position, sort, slice } = pushModifiers(operand);
  return (current) => {
    if (current !== undefined && !Array.isArray(current)) throw notAnArray(path, current);
    const result = [...(current ?? [])];
    const at =
      position === undefined
        ? result.length
        : position < 0
          ? Math.max(0, result.length + position)
          : Math.min(position, result.length);
    result.splice(at, 0, ...items.map((item) => cloneValue(item)));
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
    if (name === '$each') result.items = eachOf('$push', argument);
    else if (name === '$position') result.position = integer('$position', argument);
    else if (name === '$slice') result.slice = integer('$slice', argument);
    else if (name === '$sort') result.sort = elementOrder(argument);
    else throw badValue(`Unrecognized clause in $push: ${name}`);
  }
  return result;
}

function eachOf(operator: string, argument: Value): Value[] {
  if (!Array.isArray(argument))
    throw (operator === '$push' ? badValue : typeMismatch)(
      `The argument to $each in ${operator} must be an array but it was of another type`,
    );
  return argument;
}

function integer(name: string, argument: Value): number {
  const value = wholeNumber(argument);
  if (value === undefined) throw badValue(`The value for ${name} must be an integer value`);
  return value;
}

function elementOrder(argument: Value): (a: Value, b: Value) => number {
  if (isNumeric(argument)) {
    const direction = wholeNumber(argument);
    if (direction !== 1 && direction !== -1) throw badValue('The $sort element value must be either 1 or -1');
    return (a, b) => compareValues(a, b) * direction;
  }
  const order = isDoc(argument) ? parseSort(argument) : undefined;
  if (!order || !('fields' in order))
    throw badValue('The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields');
  const key = (value: Value): Buffer => sortKey(order.fields, isDoc(value) ? value : doc({}));
  return (a, b) => key(a).compare(key(b));
}

/** `$addToSet`: a value, or several with `$each`, each that is not there yet. */
export function addToSet(operand: Value, path: Path): Change {
  const each = isDoc(operand) && operand.has('$each');
  if (each && operand.size > 1)
    throw badValue(`Found unexpected fields after $each in $addToSet: ${[...operand.keys()].slice(1).join(', ')}`);
  const items = each ? eachOf('$addToSet', operand.get('$each')!) : [operand];
  return (current) => {
    if (current !== undefined && !Array.isArray(current)) throw notAnArray(path, current);
    const result = [...(current ?? [])];
    for (const item of items) if (!result.some((present) => valuesEqual(present, item))) result.push(cloneValue(item));
    return current !== undefined && result.length === current.length ? UNCHANGED : result;
  };
}

/** `$pull`: elements that equal the value or satisfy the filter. */
export function pull(operand: Value, path: Path): Change {
  const test = pullTest(operand);
  return keeping('$pull', path, (item) => !test(item));
}

function pullTest(operand: Value): (item: Value) => boolean {
  if (operand instanceof BSONRegExp) return asTest(regex([], operand, true));
  if (!isDoc(operand)) return (item) => valuesEqual(item, operand);
  if (isOperators(operand)) return asTest(operators([], operand, true));
  const filter = parseFilter(operand);
  return (item) => isDoc(item) && matchesValue(filter, item);
}

const asTest =
  (predicate: Predicate) =>
  (item: Value): boolean =>
    matchesValue(predicate, item);

/** `$pullAll`: elements that equal one of the values. */
export function pullAll(operand: Value, path: Path): Change {
  if (!Array.isArray(operand)) throw badValue('$pullAll requires an array argument but was given another type');
  return keeping('$pullAll', path, (item) => !operand.some((other) => valuesEqual(item, other)));
}

function keeping(operator: string, path: Path, keep: (item: Value) => boolean): Change {
  return (current) => {
    if (current === undefined) return UNCHANGED;
    if (!Array.isArray(current))
      throw operator === '$pull' ? badValue('Cannot apply $pull to a non-array value') : notAnArray(path, current);
    const kept = current.filter(keep);
    return kept.length === current.length ? UNCHANGED : kept;
  };
}

/** `$pop`: the first element (-1) or the last (1). */
export function pop(operand: Value, path: Path): Change {
  const end = wholeNumber(operand);
  if (end !== 1 && end !== -1) throw failedToParse('$pop expects 1 or -1');
  return (current) => {
    if (current === undefined) return UNCHANGED;
    if (!Array.isArray(current)) throw typeMismatch(`Path '${path.join('.')}' contains an element of non-array type`);
    return current.length === 0 ? UNCHANGED : end === 1 ? current.slice(0, -1) : current.slice(1);
  };
}
