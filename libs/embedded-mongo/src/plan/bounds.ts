import { afterPrefix, encodeKey } from '../bson/key-encoding';
import { isNumeric, toNumber, TYPES, typeOf, typeOrder, type BSONRegExp, type Value } from '../bson/values';
import type { Leaf } from '../query/predicate';
import { literalPrefix } from '../query/regex';

/** Keys from `low` on, up to and without `high`; a bound that is absent is no bound. */
export interface Interval {
  low: Buffer | undefined;
  high: Buffer | undefined;
}

/** The part of one index field that a predicate leaves over. */
export interface FieldBounds {
  /** Ascending and apart from each other. */
  intervals: Interval[];
  /** Each interval is a single value. */
  points: boolean;
  /** True if the bounds say all that the predicate says. */
  exact: boolean;
}

const RANGED: ReadonlySet<number> = new Set(
  [TYPES.int, TYPES.string, TYPES.objectId, TYPES.bool, TYPES.date, TYPES.timestamp, TYPES.binData].map(
    ({ order }) => order,
  ),
);

/** Values of these types have an encoding that is theirs alone. */
const PLAIN: readonly unknown[] = [TYPES.string, TYPES.int, TYPES.double, TYPES.bool, TYPES.objectId, TYPES.date];
const isPlain = (value: Value): boolean => PLAIN.includes(typeOf(value));

/** The bounds that a test sets on an index field, if it sets any. */
export function boundsOf(leaf: Leaf, descending: boolean): FieldBounds | undefined {
  const bounds = leaf.whole ? undefined : ascendingBounds(leaf);
  if (!bounds || !descending) return bounds;
  const turn = bounds.points ? ({ low }: Interval): Interval => point(turned(low!)) : inverted;
  return { ...bounds, intervals: bounds.intervals.map(turn).reverse() };
}

function ascendingBounds({ operator, operand }: Leaf): FieldBounds | undefined {
  switch (operator) {
    case 'eq':
      return pointBounds([operand]);
    case 'in':
      return pointBounds(operand as Value[]);
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return rangeBounds(operator, operand);
    case 'regex':
      return prefixBounds(operand as BSONRegExp);
    default:
      return undefined;
  }
}

/** An array may equal the whole field or one element of it: no single key stands for both. */
function pointBounds(values: readonly Value[]): FieldBounds | undefined {
  if (values.some((value) => Array.isArray(value) || typeOf(value) === TYPES.regex)) return undefined;
  const keys = values.map((value) => encodeKey(value));
  const points = keys.length === 1 ? keys : keys.sort(Buffer.compare).filter((key, i) => !keys[i - 1]?.equals(key));
  return { intervals: points.map(point), points: true, exact: values.every(isPlain) };
}

/** The keys that begin with this one, which is the low bound as it is. */
const point = (key: Buffer): Interval => ({ low: key, high: afterPrefix(key) });

function rangeBounds(operator: 'gt' | 'gte' | 'lt' | 'lte', operand: Value): FieldBounds | undefined {
  const type = typeOrder(operand);
  if (!RANGED.has(type) || (isNumeric(operand) && Number.isNaN(toNumber(operand)))) return undefined;
  const at = encodeKey(operand);
  const least = isNumeric(operand) ? afterPrefix(encodeKey(Number.NaN)) : Buffer.from([type]);
  const interval = operator.startsWith('g')
    ? { low: operator === 'gte' ? at : afterPrefix(at), high: Buffer.from([type + 1]) }
    : { low: least, high: operator === 'lte' ? afterPrefix(at) : at };
  return { intervals: [interval], points: false, exact: isPlain(operand) };
}

function prefixBounds(operand: BSONRegExp): FieldBounds | undefined {
  const prefix = literalPrefix(operand);
  if (prefix === '' || prefix.includes('\0')) return undefined;
  const low = encodeKey(prefix).subarray(0, -2);
  return { intervals: [{ low, high: afterPrefix(low) }], points: false, exact: false };
}

/** The same values as a descending index encodes them: with each bit turned. */
const inverted = ({ low, high }: Interval): Interval => ({
  low: high && afterPrefix(turned(high)),
  high: low && afterPrefix(turned(low)),
});

const turned = (key: Buffer): Buffer => Buffer.from(key.map((byte) => byte ^ 0xff));

/** What both leave over. */
export function intersect(a: FieldBounds, b: FieldBounds): FieldBounds {
  const intervals = a.intervals.flatMap((left) => b.intervals.flatMap((right) => overlap(left, right)));
  return { intervals, points: a.points || b.points, exact: a.exact && b.exact };
}

function overlap(a: Interval, b: Interval): Interval[] {
  const low = !a.low || (b.low && b.low.compare(a.low) > 0) ? b.low : a.low;
  const high = !a.high || (b.high && b.high.compare(a.high) < 0) ? b.high : a.high;
  return low && high && low.compare(high) >= 0 ? [] : [{ low, high }];
}

/** The same intervals behind a fixed beginning of the key. */
export function behind(prefix: Buffer, intervals: readonly Interval[]): Interval[] {
  const end = afterPrefix(prefix);
  return intervals.map(({ low, high }) => ({
    low: low ? Buffer.concat([prefix, low]) : prefix,
    high: high ? Buffer.concat([prefix, high]) : end,
  }));
}
