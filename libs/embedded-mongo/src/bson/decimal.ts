import { Decimal128, Double, type Numeric } from './values';

/** An exact number: `digits * 10 ** exponent`. */
export interface Exact {
  digits: bigint;
  exponent: number;
}

const MAX_DIGITS = 34;

/** The exact value of a finite number of any type; undefined for NaN and the infinities. */
export function exactOf(value: Numeric): Exact | undefined {
  if (typeof value === 'bigint') return { digits: value, exponent: 0 };
  if (value instanceof Decimal128) return parseDecimal(value.toString());
  const number = value instanceof Double ? value.value : value;
  return Number.isFinite(number) ? exactOfDouble(number) : undefined;
}

function parseDecimal(text: string): Exact | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '0', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction);
  return { digits: sign === '-' ? -digits : digits, exponent: Number(exponent) - fraction.length };
}

/** A double is a dyadic fraction, so it has an exact decimal: m / 2**k is m * 5**k / 10**k. */
function exactOfDouble(value: number): Exact {
  let scaled = value;
  let halvings = 0;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    halvings++;
  }
  return { digits: BigInt(scaled) * 5n ** BigInt(halvings), exponent: -halvings };
}

/** Below zero, zero or above, as a is less than, equal to or greater than b. */
export function compareExact(a: Exact, b: Exact): number {
  const difference = signOf(a.digits) - signOf(b.digits);
  if (difference !== 0) return difference;
  const [left, right] = align(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

const signOf = (digits: bigint): number => (digits < 0n ? -1 : digits > 0n ? 1 : 0);

function align(a: Exact, b: Exact): [bigint, bigint, number] {
  const exponent = Math.min(a.exponent, b.exponent);
  return [a.digits * 10n ** BigInt(a.exponent - exponent), b.digits * 10n ** BigInt(b.exponent - exponent), exponent];
}

export function addExact(a: Exact, b: Exact): Exact {
  const [left, right, exponent] = align(a, b);
  return { digits: left + right, exponent };
}

export const multiplyExact = (a: Exact, b: Exact): Exact => ({
  digits: a.digits * b.digits,
  exponent: a.exponent + b.exponent,
});

/** The difference a - b. */
export const subtractExact = (a: Exact, b: Exact): Exact => addExact(a, { digits: -b.digits, exponent: b.exponent });

/** The nearest double. */
export const toDouble = (value: Exact): number => Number(`${value.digits}e${value.exponent}`);

/** The Decimal128 nearest to an exact number, halves to even. */
export function toDecimal(value: Exact): Decimal128 {
  let { digits, exponent } = value;
  const surplus = digits.toString().replace('-', '').length - MAX_DIGITS;
  if (surplus > 0) {
    const divisor = 10n ** BigInt(surplus);
    const rest = (digits < 0n ? -digits : digits) % divisor;
    const half = divisor / 2n;
    const quotient = digits / divisor;
    const up = rest > half || (rest === half && quotient % 2n !== 0n);
    digits = quotient + (up ? (digits < 0n ? -1n : 1n) : 0n);
    exponent += surplus;
  }
  return Decimal128.fromString(`${digits}E${exponent}`);
}
