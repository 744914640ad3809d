import { addExact, compareExact, exactOf, multiplyExact, toDecimal, type Exact } from './decimal';
import { Decimal128, double, Double, isInt32, type Numeric, type Value } from './values';

const MAX_LONG = 2n ** 63n - 1n;
const MIN_LONG = -(2n ** 63n);

/** The nearest double of a number of any type. */
export function toNumber(value: Numeric): number {
  return typeof value === 'number' ? value : Number(value instanceof Decimal128 ? value.toString() : value.valueOf());
}

/** MongoDB's order of numbers: by value whatever the type, NaN below all. */
export function compareNumbers(a: Numeric, b: Numeric): number {
  const left = toNumber(a);
  const right = toNumber(b);
  if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(right)) - Number(Number.isNaN(left));
  if (left !== right) return left < right ? -1 : 1;
  return isDoubleOnly(a) && isDoubleOnly(b) ? 0 : compareClose(a, b);
}

const isDoubleOnly = (value: Numeric): boolean => typeof value === 'number' || value instanceof Double;

/** Both round to the same double: only their exact values can tell them apart. */
function compareClose(a: Numeric, b: Numeric): number {
  const left = exactOf(a);
  const right = exactOf(b);
  if (left === undefined || right === undefined)
    return Number(
      right === undefined && left !== undefined
        ? -toNumber(b)
        : left === undefined && right !== undefined
          ? toNumber(a)
          : 0,
    );
  return compareExact(left, right);
}

/** What an operation gives that would overflow an int64. */
export type Overflow = 'refuse' | 'double';

/** The sum, in the widest type of the two; undefined where it overflows an int64 and that is to be refused. */
export function add(a: Numeric, b: Numeric, overflow: Overflow = 'double'): Numeric | undefined {
  return combine(a, b, overflow, { exact: addExact, long: (x, y) => x + y, double: (x, y) => x + y });
}

/** The product, in the widest type of the two; undefined where it overflows an int64 and that is to be refused. */
export function multiply(a: Numeric, b: Numeric, overflow: Overflow = 'double'): Numeric | undefined {
  return combine(a, b, overflow, { exact: multiplyExact, long: (x, y) => x * y, double: (x, y) => x * y });
}

interface Operation {
  exact: (a: Exact, b: Exact) => Exact;
  long: (a: bigint, b: bigint) => bigint;
  double: (a: number, b: number) => number;
}

function combine(a: Numeric, b: Numeric, overflow: Overflow, operation: Operation): Numeric | undefined {
  if (a instanceof Decimal128 || b instanceof Decimal128) return combineDecimals(a, b, operation);
  if (!isInteger(a) || !isInteger(b)) return double(operation.double(toNumber(a), toNumber(b)));
  const result = operation.long(BigInt(a), BigInt(b));
  if (typeof a === 'number' && typeof b === 'number' && isInt32(Number(result))) return Number(result);
  if (result <= MAX_LONG && result >= MIN_LONG) return result;
  return overflow === 'double' ? double(Number(result)) : undefined;
}

function combineDecimals(a: Numeric, b: Numeric, operation: Operation): Decimal128 {
  const left = exactOf(a);
  const right = exactOf(b);
  if (left && right) return toDecimal(operation.exact(left, right));
  const rough = operation.double(toNumber(a), toNumber(b));
  return Decimal128.fromString(Number.isNaN(rough) ? 'NaN' : rough > 0 ? 'Infinity' : '-Infinity');
}

/** True for an int32 or an int64. */
export const isInteger = (value: Value | undefined): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && isInt32(value));
