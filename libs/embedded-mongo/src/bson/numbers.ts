import { typeMismatch } from '../failure';
import { Decimal128, double, isInt32, toNumber, type Numeric } from './values';

interface Operation {
  long: (a: bigint, b: bigint) => bigint;
  double: (a: number, b: number) => number;
}

const SUM: Operation = { long: (a, b) => a + b, double: (a, b) => a + b };
const PRODUCT: Operation = { long: (a, b) => a * b, double: (a, b) => a * b };

/** The sum, in the widest type of the two; what is no int64 any more becomes a double. Refuses Decimal128. */
export const add = (a: Numeric, b: Numeric): Numeric => combine(a, b, SUM);

/** The product, in the widest type of the two; what is no int64 any more becomes a double. Refuses Decimal128. */
export const multiply = (a: Numeric, b: Numeric): Numeric => combine(a, b, PRODUCT);

function combine(a: Numeric, b: Numeric, operation: Operation): Numeric {
  if (a instanceof Decimal128 || b instanceof Decimal128)
    throw typeMismatch('arithmetic on Decimal128 is not supported');
  if (!isInteger(a) || !isInteger(b)) return double(operation.double(toNumber(a), toNumber(b)));
  const result = operation.long(BigInt(a), BigInt(b));
  if (typeof a === 'number' && typeof b === 'number' && isInt32(Number(result))) return Number(result);
  return BigInt.asIntN(64, result) === result ? result : double(Number(result));
}

/** True for an int32 or an int64. */
const isInteger = (value: Numeric): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && isInt32(value));
