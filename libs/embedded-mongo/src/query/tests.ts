import { compareValues, valuesEqual } from '../bson/compare';
import {
  BSONRegExp,
  isDoc,
  isNumeric,
  toNumber,
  TYPES,
  typeOf,
  typeOrder,
  wholeNumber,
  type BsonType,
  type Value,
} from '../bson/values';
import { badValue, failedToParse, typeMismatch } from '../failure';
import type { Leaf, LeafOperator, Path, Test } from './predicate';
import { regexTest } from './regex';

/** What a test applies to; with `whole`, arrays are not taken apart. */
export interface Field {
  path: Path;
  whole: boolean;
}

export const leaf = ({ path, whole }: Field, operator: LeafOperator, operand: Value, test: Test): Leaf => ({
  kind: 'leaf',
  path,
  operator,
  operand,
  test,
  whole,
});

/** A value that is to be equal. */
export const equality = (field: Field, operand: Value): Leaf => leaf(field, 'eq', operand, equalTo(operand));

/** A match of a regular expression, or the expression itself. */
export const regex = (field: Field, operand: BSONRegExp): Leaf => leaf(field, 'regex', operand, regexTest(operand));

function equalTo(operand: Value): Test {
  if (operand === null) return (value) => value === undefined || value === null;
  return (value) => value !== undefined && valuesEqual(value, operand);
}

/** The operand of a comparison that takes no regular expression. */
export function noRegex({ path }: Field, operand: Value): Value {
  if (operand instanceof BSONRegExp)
    throw badValue(`Can't have RegEx as arg to predicate over field '${path.join('.')}'.`);
  return operand;
}

/** Within one type. */
export function range(field: Field, operator: 'gt' | 'gte' | 'lt' | 'lte', operand: Value): Leaf {
  return leaf(field, operator, operand, ordered(operator, noRegex(field, operand)));
}

function ordered(operator: string, operand: Value): Test {
  const orEqual = operator.endsWith('e');
  const sign = operator.startsWith('g') ? 1 : -1;
  if (operand === null || isNaNValue(operand)) return orEqual ? equalTo(operand) : () => false;
  const type = typeOrder(operand);
  return (value) => {
    if (value === undefined || typeOrder(value) !== type || isNaNValue(value)) return false;
    const order = compareValues(value, operand) * sign;
    return order > 0 || (orEqual && order === 0);
  };
}

const isNaNValue = (value: Value): boolean => isNumeric(value) && Number.isNaN(toNumber(value));

/** Any of the values, or a match of any of the regular expressions. */
export function membership(field: Field, name: string, operand: Value): Leaf {
  if (!Array.isArray(operand)) throw badValue(`${name} needs an array`);
  if (operand.some((item) => isDoc(item) && item.keys().next().value?.startsWith('$')))
    throw badValue(`cannot nest $ under ${name}`);
  const tests = operand.filter((item) => item instanceof BSONRegExp).map(regexTest);
  const sorted = operand.filter((item) => !(item instanceof BSONRegExp)).sort(compareValues);
  const test: Test = (value) => includes(sorted, value ?? null) || tests.some((matchesIt) => matchesIt(value));
  return leaf(field, tests.length > 0 ? 'other' : 'in', operand, test);
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

const NUMBERS = [TYPES.double, TYPES.int, TYPES.long, TYPES.decimal];

/** The operand of the leaf is the list of the types' numbers. */
export function ofType(field: Field, operand: Value): Leaf {
  const wanted = (Array.isArray(operand) ? operand : [operand]).flatMap(typesNamed).map(({ number }) => number);
  if (wanted.length === 0) throw failedToParse(`${field.path.join('.')} must match at least one type`);
  return leaf(field, 'type', wanted, (value) => value !== undefined && wanted.includes(typeOf(value).number));
}

function typesNamed(wanted: Value): readonly BsonType[] {
  if (wanted === 'number') return NUMBERS;
  if (typeof wanted !== 'string' && !isNumeric(wanted))
    throw typeMismatch('type must be represented as a number or a string');
  const found = Object.values(TYPES).filter(({ alias, number }) => alias === wanted || number === wholeNumber(wanted));
  if (found.length === 0) throw badValue(`Unknown type in $type: ${String(wanted)}`);
  return found;
}
