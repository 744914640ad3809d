import { addExact, exactOf, multiplyExact, toDecimal, type Exact } from './decimal';
import { Decimal128, double, isInt32, toNumber, type Numeric, type Value } from './values';

interface Operation {
  exact: (a: Exact, b: Exact) => Exact;
  long: (a: bigint, b: bigint) => bigint;
  double: (a: number, b: number) => number;
}

const SUM: Operation = { exact: addExact, long: (a, b) => a + b, double: (a, b) => a + b };
const PRODUCT: Operation = { exact: multiplyExact, long: (a, b) => a * b, double: (a, b) => a * b };

/**
 * In an expression what is no int64 any more becomes a double; an update refuses it. Beside a decimal an expression takes
 * a double as it is, an update the 15 digits of it that are sure.
 */
export type Use = 'expression' | 'update';

/** The sum, in the widest type of the two; undefined where it overflows and that is to be refused. */
export const add = (a: Numeric, b: Numeric, use: Use = 'expression'): Numeric | undefined => combine(a, b, use, SUM);

/** The product, in the widest type of the two; undefined where it overflows and that is to be refused. */
export const multiply = (a: Numeric, b: Numeric, use: Use = 'expression'): Numeric | undefined =>
  combine(a, b, use, PRODUCT);

function combine(a: Numeric, b: Numeric, use: Use, operation: Operation): Numeric | undefined {
  if (a instanceof Decimal128 || b instanceof Decimal128) return combineDecimals(a, b, use, operation);
  if (!isInteger(a) || !isInteger(b)) return double(operation.double(toNumber(a), toNumber(b)));
  const result = operation.long(BigInt(a), BigInt(b));
  if (typeof a === 'number' && typeof b === 'number' && isInt32(Number(result))) return Number(result);
  if (BigInt.asIntN(64, result) === result) return result;
  return use === 'expression' ? double(Number(result)) : undefined;
}

function combineDecimals(a: Numeric, b: Numeric, use: Use, operation: Operation): Decimal128 {
  const [left, right] = use === 'update' ? [sureDigits(a), sureDigits(b)] : [exactOf(a), exactOf(b)];
  if (left && right) return toDecimal(operation.exact(left, right));
  return Decimal128.fromString(String(operation.double(toNumber(a), toNumber(b))));
}

function sureDigits(value: Numeric): Exact | undefined {
  if (value instanceof Decimal128 || isInteger(value)) return exactOf(value);
  return exactOf(Decimal128.fromString(toNumber(value).toPrecision(15)));
}

/** True for an int32 or an int64. */
const isInteger = (value: Value | undefined): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && isInt32(value));
