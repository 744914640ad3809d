import { compareValues, valuesEqual } from '../bson/compare';
import { toNumber } from '../bson/numbers';
import {
  BSONRegExp,
  isDoc,
  isNumeric,
  MaxKey,
  MinKey,
  TYPE_ALIASES,
  typeNumber,
  typeOrder,
  wholeNumber,
  type Value,
} from '../bson/values';
import { badValue, failedToParse } from '../failure';
import { anyElement, matchesValue } from './match';
import type { Leaf, LeafOperator, Path, Predicate } from './predicate';
import { compileRegex } from './regex';

type Test = Leaf['test'];

function leaf(path: Path, operator: LeafOperator, operand: Value, whole: boolean, test: Test): Leaf {
  return { kind: 'leaf', path, operator, operand, test, whole };
}

/** `$eq`, `$gt`, `$gte`, `$lt` or `$lte`: within one type, except against MinKey and MaxKey. */
export function comparison(
  path: Path,
  name: '$eq' | '$gt' | '$gte' | '$lt' | '$lte',
  operand: Value,
  whole: boolean,
): Leaf {
  if (name === '$eq') return leaf(path, 'eq', operand, whole, equalTo(operand));
  if (operand instanceof BSONRegExp)
    throw badValue(`Can't have RegEx as arg to predicate over field '${path.join('.')}'.`);
  return leaf(path, name.slice(1) as LeafOperator, operand, whole, ordered(name, operand));
}

function equalTo(operand: Value): Test {
  if (operand === null) return (value) => value === undefined || value === null;
  if (typeof operand === 'string' || typeof operand === 'boolean') return (value) => value === operand;
  return (value) => value !== undefined && compareValues(value, operand) === 0;
}

function ordered(name: '$gt' | '$gte' | '$lt' | '$lte', operand: Value): Test {
  const orEqual = name.endsWith('e');
  const sign = name.startsWith('$g') ? 1 : -1;
  if (operand === null) return orEqual ? equalTo(null) : () => false;
  if (isNaNValue(operand)) return orEqual ? (value) => isNaNValue(value) : () => false;
  const acrossTypes = operand instanceof MinKey || operand instanceof MaxKey;
  const type = typeOrder(operand);
  return (value) => {
    if (value === undefined || (!acrossTypes && typeOrder(value) !== type) || isNaNValue(value)) return false;
    const order = compareValues(value, operand) * sign;
    return order > 0 || (orEqual && order === 0);
  };
}

const isNaNValue = (value: Value | undefined): boolean => isNumeric(value) && Number.isNaN(toNumber(value));

/** `$in`: any of the values, or a match of any of the regular expressions. */
export function membership(path: Path, name: string, operand: Value, whole: boolean): Leaf {
  if (!Array.isArray(operand)) throw badValue(`${name} needs an array`);
  if (operand.some((item) => isDoc(item) && [...item.keys()][0]?.startsWith('$')))
    throw badValue(`cannot nest $ under ${name}`);
  const expressions = operand.filter((item) => item instanceof BSONRegExp);
  const tests = expressions.map((item) => regexTest(item));
  const sorted = operand.filter((item) => !(item instanceof BSONRegExp)).sort(compareValues);
  const test: Test = (value) => includes(sorted, value ?? null) || tests.some((matchesIt) => matchesIt(value));
  return leaf(path, expressions.length > 0 ? 'other' : 'in', operand, whole, test);
}

function includes(sorted: readonly Value[], value: Value): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareValues(sorted[middle], value);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** `$regex`, or a regular expression in place of a value. */
export function regex(path: Path, operand: BSONRegExp, whole: boolean): Leaf {
  return leaf(path, 'regex', operand, whole, regexTest(operand));
}

function regexTest(operand: BSONRegExp): Test {
  const compiled = compileRegex(operand);
  return (value) =>
    typeof value === 'string' ? compiled.test(value) : value instanceof BSONRegExp && valuesEqual(value, operand);
}

/** `$exists`. */
export function existence(path: Path, expected: boolean): Predicate {
  const exists = leaf(path, 'exists', true, true, (value) => value !== undefined);
  return expected ? exists : { kind: 'not', part: exists };
}

/** `$type`, by number or alias, one or several. */
export function ofType(path: Path, operand: Value, whole: boolean): Leaf {
  const wanted = (Array.isArray(operand) ? operand : [operand]).flatMap(typeNumbers);
  if (wanted.length === 0) throw failedToParse(`${path.join('.')} must match at least one type`);
  return leaf(path, 'type', wanted, whole, (value) => value !== undefined && wanted.includes(typeNumber(value)));
}

function typeNumbers(wanted: Value): number[] {
  if (wanted === 'number') return [1, 16, 18, 19];
  const number = typeof wanted === 'string' ? TYPE_ALIASES.get(wanted) : wholeNumber(wanted);
  if (number === undefined || ![...TYPE_ALIASES.values()].includes(number)) {
    throw badValue(typeof wanted === 'string' ? `Unknown type name alias: ${wanted}` : 'Invalid numerical type code');
  }
  return [number];
}

/** `$size`. */
export function ofSize(path: Path, operand: Value): Leaf {
  const size = wholeNumber(operand);
  if (size === undefined) throw failedToParse('Failed to parse $size. Expected a number');
  if (size < 0) throw failedToParse(`Failed to parse $size. Expected a non-negative number in: $size: ${size}`);
  return leaf(path, 'other', operand, true, (value) => Array.isArray(value) && value.length === size);
}

/** `$mod`: the remainder of a number's whole part. */
export function modulo(path: Path, operand: Value, whole: boolean): Leaf {
  if (!Array.isArray(operand)) throw badValue('malformed mod, needs to be an array');
  if (operand.length !== 2) throw badValue(`malformed mod, ${operand.length < 2 ? 'not enough' : 'too many'} elements`);
  const [divisor, remainder] = operand.map((item) => (isNumeric(item) ? Math.trunc(toNumber(item)) : Number.NaN));
  if (!Number.isFinite(divisor)) throw badValue('malformed mod, divisor not a number');
  if (divisor === 0) throw badValue('divisor cannot be 0');
  const expected = Number.isFinite(remainder) ? remainder : 0;
  return leaf(path, 'other', operand, whole, (value) => {
    if (!isNumeric(value)) return false;
    const rest = typeof value === 'bigint' ? Number(value % BigInt(divisor!)) : Math.trunc(toNumber(value)) % divisor!;
    return rest === expected || (rest === 0 && expected === 0);
  });
}

interface ElementFilter {
  predicate: Predicate;
  fields: boolean;
}

/** `$elemMatch`: one element of an array satisfies all of it. */
export function elemMatch(path: Path, { predicate, fields }: ElementFilter): Leaf {
  return leaf(path, 'other', null, true, (value, trace) => {
    return (
      Array.isArray(value) &&
      anyElement(value, trace, (item) => (!fields || isDoc(item)) && matchesValue(predicate, item))
    );
  });
}

/** `$all`: each of the values, or each of the `$elemMatch`es, in one array. */
export function allOf(path: Path, operand: Value, elementFilter: (argument: Value) => ElementFilter): Predicate {
  if (!Array.isArray(operand)) throw badValue('$all needs an array');
  if (operand.length === 0) return leaf(path, 'other', operand, true, () => false);
  return { kind: 'and', parts: operand.map((item) => oneOfAll(path, item, elementFilter)) };
}

function oneOfAll(path: Path, item: Value, elementFilter: (argument: Value) => ElementFilter): Predicate {
  if (item instanceof BSONRegExp) return regex(path, item, false);
  if (!isDoc(item) || !item.keys().next().value?.startsWith('$')) return comparison(path, '$eq', item, false);
  if (!item.has('$elemMatch') || item.size > 1) throw badValue('no $ expressions in $all');
  return elemMatch(path, elementFilter(item.get('$elemMatch')!));
}

/** Refuses an operator that is not in the subset. */
export function unknownOperator(name: string): never {
  throw badValue(`unknown operator: ${name}`);
}
