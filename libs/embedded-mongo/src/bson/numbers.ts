import { typeMismatch } from '../failure';
import { Decimal128, double, isInt32, toNumber, type Numeric } from './values';

/** The sum, in the wider type of the two; what is no int64 any more becomes a double. Refuses Decimal128. */
export function add(a: Numeric, b: Numeric): Numeric {
  if (a instanceof Decimal128 || b instanceof Decimal128)
    throw typeMismatch('arithmetic on Decimal128 is not supported');
  if (!isInteger(a) || !isInteger(b)) return double(toNumber(a) + toNumber(b));
  const sum = BigInt(a) + BigInt(b);
  if (typeof a === 'number' && typeof b === 'number' && isInt32(Number(sum))) return Number(sum);
  return BigInt.asIntN(64, sum) === sum ? sum : double(Number(sum));
}

/** True for an int32 or an int64. */
const isInteger = (value: Numeric): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && isInt32(value));
