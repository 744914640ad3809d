import { compareValues, valuesEqual } from '../bson/compare';
import { add, multiply } from '../bson/numbers';
import { Decimal128, double, isDoc, isNumeric, toNumber, truthy, typeName, wholeNumber } from '../bson/values';
import type { Doc, Numeric, Value } from '../bson/values';
import { CommandFailure, typeMismatch } from '../failure';

type Argument = Value | undefined;

/** An expression that evaluates all its arguments, `least` of them or up to `most`. */
export interface Operator {
  least: number;
  most?: number;
  run: (...values: Argument[]) => Argument;
}

const MANY = Number.POSITIVE_INFINITY;
const one = (run: (value: Argument) => Argument): Operator => ({ least: 1, run });
const two = (run: (a: Argument, b: Argument) => Argument): Operator => ({ least: 2, run });
const many = (run: (values: Argument[]) => Argument): Operator => ({ least: 0, most: MANY, run: (...all) => run(all) });
const comparison = (holds: (order: number) => boolean): Operator => two((a, b) => holds(compareMissing(a, b)));

/** The operators of the subset that evaluate all their arguments. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$eq', comparison((order) => order === 0)],
  ['$ne', comparison((order) => order !== 0)],
  ['$gt', comparison((order) => order > 0)],
  ['$gte', comparison((order) => order >= 0)],
  ['$lt', comparison((order) => order < 0)],
  ['$lte', comparison((order) => order <= 0)],
  ['$cmp', two((a, b) => Math.sign(compareMissing(a, b)))],
  ['$not', one((value) => !truthy(value))],
  ['$type', one(typeName)],
  ['$add', many(addAll)],
  ['$subtract', two(subtract)],
  ['$multiply', many((values) => product(values))],
  ['$divide', two(divide)],
  ['$sum', many((values) => sum(spread(values)))],
  ['$avg', many((values) => average(spread(values)))],
  ['$min', many((values) => extreme(spread(values), -1))],
  ['$max', many((values) => extreme(spread(values), 1))],
  ['$concat', many(concat)],
  ['$toLower', one((value) => text(value).replace(/[A-Z]+/g, (letters) => letters.toLowerCase()))],
  ['$toUpper', one((value) => text(value).replace(/[a-z]+/g, (letters) => letters.toUpperCase()))],
  ['$size', one((value) => array(value, 17124).length)],
  ['$isArray', one((value) => Array.isArray(value))],
  ['$in', two((value, items) => array(items, 40081).some((item) => value !== undefined && valuesEqual(item, value)))],
  [
    '$arrayElemAt',
    two((items, index) => (absent(items) || absent(index) ? null : elementAt(array(items, 28689), index))),
  ],
  ['$concatArrays', many((values) => (values.some(absent) ? null : values.flatMap((value) => array(value, 28664))))],
  ['$mergeObjects', many(mergeObjects)],
]);

const absent = (value: Argument): value is null | undefined => value === undefined || value === null;

/** In expressions a missing value ranks below null. */
function compareMissing(a: Argument, b: Argument): number {
  return compareValues(a, b) || Number(a !== undefined) - Number(b !== undefined);
}

function array(value: Argument, code: number): Value[] {
  if (!Array.isArray(value)) throw new CommandFailure(code, `an array is needed, but was of type: ${typeName(value)}`);
  return value;
}

function elementAt(items: Value[], index: Value): Argument {
  if (!isNumeric(index)) throw new CommandFailure(28690, "$arrayElemAt's second argument must be a numeric value");
  const whole = wholeNumber(index);
  if (whole === undefined) throw new CommandFailure(28691, "$arrayElemAt's second argument must be a whole number");
  return items.at(whole);
}

function numeric(operator: string, value: Argument, code: number): Numeric {
  if (!isNumeric(value))
    throw new CommandFailure(code, `${operator} only supports numeric types, not ${typeName(value)}`);
  return value;
}

function addAll(values: readonly Argument[]): Value {
  if (values.some(absent)) return null;
  const dates = values.filter((value) => value instanceof Date);
  if (dates.length > 1) throw new CommandFailure(16612, 'only one date allowed in an $add expression');
  const numbers = values.filter((value) => !(value instanceof Date)).map((value) => numeric('$add', value, 16554));
  const total = sum(numbers);
  return dates[0] ? new Date(dates[0].getTime() + Math.round(toNumber(total))) : total;
}

function subtract(a: Argument, b: Argument): Value {
  if (absent(a) || absent(b)) return null;
  if (a instanceof Date && b instanceof Date) return BigInt(a.getTime() - b.getTime());
  if (a instanceof Date) return new Date(a.getTime() - Math.round(toNumber(numeric('$subtract', b, 16556))));
  return add(numeric('$subtract', a, 16556), multiply(numeric('$subtract', b, 16556), -1)!)!;
}

function product(values: readonly Argument[]): Value {
  if (values.some(absent)) return null;
  return values.map((value) => numeric('$multiply', value, 16555)).reduce((a, b) => multiply(a, b)!, 1);
}

function divide(a: Argument, b: Argument): Value {
  if (absent(a) || absent(b)) return null;
  const [dividend, divisor] = [numeric('$divide', a, 16609), numeric('$divide', b, 16609)];
  if (dividend instanceof Decimal128 || divisor instanceof Decimal128)
    throw typeMismatch('$divide of Decimal128 is not supported');
  if (toNumber(divisor) === 0) throw new CommandFailure(16608, "can't $divide by zero");
  return double(toNumber(dividend) / toNumber(divisor));
}

/** A single argument that is an array stands for its elements. */
function spread(values: readonly Argument[]): readonly Argument[] {
  return values.length === 1 && Array.isArray(values[0]) ? values[0] : values;
}

/** The sum of the numbers among the values. */
export const sum = (values: readonly Argument[]): Numeric =>
  values.filter(isNumeric).reduce<Numeric>((total, value) => add(total, value)!, 0);

/** The mean of the numbers among the values, null where there are none. */
export function average(values: readonly Argument[]): Value {
  const numbers = values.filter(isNumeric);
  if (numbers.some((value) => value instanceof Decimal128)) throw typeMismatch('$avg of Decimal128 is not supported');
  return numbers.length === 0 ? null : double(toNumber(sum(numbers)) / numbers.length);
}

/** The least (-1) or the greatest (1) of the values that are there. */
export function extreme(values: readonly Argument[], sign: 1 | -1): Value {
  const present = values.filter((value) => !absent(value)) as Value[];
  return present.reduce<Value>(
    (best, value) => (best === null || compareValues(value, best) * sign > 0 ? value : best),
    null,
  );
}

function concat(values: readonly Argument[]): Value {
  const odd = values.find((value) => typeof value !== 'string');
  if (odd === undefined && !values.includes(undefined)) return values.join('');
  if (absent(odd)) return null;
  throw new CommandFailure(16702, `$concat only supports strings, not ${typeName(odd)}`);
}

/** Only ASCII letters have a case here; null reads as empty. */
function text(value: Argument): string {
  if (absent(value)) return '';
  if (typeof value === 'string') return value;
  throw new CommandFailure(16007, `can't convert from BSON type ${typeName(value)} to String`);
}

function mergeObjects(values: readonly Argument[]): Doc {
  const objects = values.flatMap((value) => (values.length === 1 && Array.isArray(value) ? value : [value]));
  const odd = objects.find((value) => !absent(value) && !isDoc(value));
  if (odd !== undefined)
    throw new CommandFailure(40400, `$mergeObjects requires object inputs, but input is of type ${typeName(odd)}`);
  return new Map(objects.filter(isDoc).flatMap((object) => [...object]));
}
