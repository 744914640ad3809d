import { afterPrefix, encodeKey } from '../bson/key-encoding';
import { toNumber } from '../bson/numbers';
import {
  Decimal128,
  Double,
  isNumeric,
  ObjectId,
  TypeOrder,
  typeOrder,
  type BSONRegExp,
  type Value,
} from '../bson/values';
import type { Leaf } from '../query/predicate';
import { literalPrefix } from '../query/regex';

/** Keys from `low` on, up to and without `high`; a bound that is absent is no bound. */
export interface Interval {
  low: Buffer | undefined;
  high: Buffer | undefined;
}

/** The part of one index field that a predicate leaves over. */
export interface FieldBounds {
  intervals: Interval[];
  /** Encoded values, where each interval is a single value. */
  points: Buffer[] | undefined;
  /** True if the bounds say all that the predicate says. */
  exact: boolean;
}

const INDEXABLE: ReadonlySet<number> = new Set([
  TypeOrder.number,
  TypeOrder.string,
  TypeOrder.objectId,
  TypeOrder.boolean,
  TypeOrder.date,
  TypeOrder.timestamp,
  TypeOrder.binary,
]);

/** The bounds that a test sets on an index field, if it sets any. */
export function boundsOf(leaf: Leaf, descending: boolean): FieldBounds | undefined {
  switch (leaf.operator) {
    case 'eq':
      return leaf.whole ? undefined : pointBounds([leaf.operand], descending);
    case 'in':
      return leaf.whole ? undefined : pointBounds(leaf.operand as Value[], descending);
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return leaf.whole ? undefined : rangeBounds(leaf.operator, leaf.operand, descending);
    case 'regex':
      return leaf.whole ? undefined : prefixBounds(leaf.operand as BSONRegExp, descending);
    default:
      return undefined;
  }
}

function pointBounds(values: readonly Value[], descending: boolean): FieldBounds | undefined {
  if (values.some((value) => !canBePoint(value))) return undefined;
  const points = distinct(values.map((value) => encodeKey(value, descending)));
  return {
    points,
    intervals: points.map((point) => ({ low: point, high: afterPrefix(point) })),
    exact: values.every(isPlain),
  };
}

/** An array may equal the whole field or one element of it: no single key stands for both. */
const canBePoint = (value: Value): boolean => !Array.isArray(value) && typeOrder(value) !== TypeOrder.regex;

/** Values whose encoding is theirs alone. */
function isPlain(value: Value): boolean {
  return (
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    value instanceof ObjectId ||
    value instanceof Date ||
    value instanceof Double
  );
}

function rangeBounds(
  operator: 'gt' | 'gte' | 'lt' | 'lte',
  operand: Value,
  descending: boolean,
): FieldBounds | undefined {
  const type = typeOrder(operand);
  if (!INDEXABLE.has(type) || (isNumeric(operand) && Number.isNaN(toNumber(operand)))) return undefined;
  const exact = isPlain(operand);
  const orEqual = operator.endsWith('e') || operand instanceof Decimal128;
  const at = encodeKey(operand, descending);
  const least = type === TypeOrder.number ? afterPrefix(encodeKey(Number.NaN))! : Buffer.from([type]);
  const [typeLow, typeHigh] = descending
    ? [Buffer.from([type ^ 0xff]), afterInverted(least)]
    : [least, Buffer.from([type + 1])];
  const upward = operator.startsWith('g') !== descending;
  const interval = upward
    ? { low: orEqual ? at : afterPrefix(at), high: typeHigh }
    : { low: typeLow, high: orEqual ? afterPrefix(at) : at };
  return { points: undefined, intervals: [interval], exact };
}

/** The end of the keys of a type in a descending index: those of values not below `least`. */
function afterInverted(least: Buffer): Buffer | undefined {
  if (least.length === 1) return Buffer.from([(least[0]! ^ 0xff) + 1]);
  return encodeKey(Number.NaN, true);
}

function prefixBounds(operand: BSONRegExp, descending: boolean): FieldBounds | undefined {
  const prefix = literalPrefix(operand);
  if (prefix === '' || prefix.includes('\0')) return undefined;
  const encoded = encodeKey(prefix, descending);
  const start = encoded.subarray(0, encoded.length - 2);
  return { points: undefined, intervals: [{ low: start, high: afterPrefix(start) }], exact: false };
}

function distinct(keys: Buffer[]): Buffer[] {
  const sorted = [...keys].sort(Buffer.compare);
  return sorted.filter((key, i) => i === 0 || !key.equals(sorted[i - 1]!));
}

/** What both leave over. */
export function intersect(a: FieldBounds, b: FieldBounds): FieldBounds {
  const intervals = a.intervals.flatMap((left) => b.intervals.flatMap((right) => overlap(left, right)));
  const points = [a, b]
    .find((bounds) => bounds.points !== undefined)
    ?.points?.filter((point) => intervals.some((interval) => interval.low?.equals(point)));
  return { intervals, points, exact: a.exact && b.exact };
}

function overlap(a: Interval, b: Interval): Interval[] {
  const low = !a.low || (b.low && b.low.compare(a.low) > 0) ? b.low : a.low;
  const high = !a.high || (b.high && b.high.compare(a.high) < 0) ? b.high : a.high;
  return low && high && low.compare(high) >= 0 ? [] : [{ low, high }];
}

/** The same intervals behind a fixed beginning of the key. */
export function behind(prefix: Buffer, intervals: readonly Interval[]): Interval[] {
  const end = prefix.length === 0 ? undefined : afterPrefix(prefix);
  return intervals.map(({ low, high }) => ({
    low: low ? Buffer.concat([prefix, low]) : prefix,
    high: high ? Buffer.concat([prefix, high]) : end,
  }));
}
