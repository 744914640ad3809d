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
  const match = /^(-?\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

/** A double is a dyadic fraction, so it has an exact decimal: m / 2**k is m * 5**k / 10**k. */
function exactOfDouble(value: number): Exact {
  let scaled = value;
  let halvings = 0;
  for (; !Number.isInteger(scaled); halvings++) scaled *= 2;
  return { digits: BigInt(scaled) * 5n ** BigInt(halvings), exponent: -halvings };
}

export const isAbove = (a: Exact, b: Exact): boolean => subtractExact(a, b).digits > 0n;

/** The difference a - b. */
export const subtractExact = (a: Exact, b: Exact): Exact => addExact(a, { ...b, digits: -b.digits });

export function addExact(a: Exact, b: Exact): Exact {
  const exponent = Math.min(a.exponent, b.exponent);
  const scaled = (one: Exact): bigint => one.digits * 10n ** BigInt(one.exponent - exponent);
  return { digits: scaled(a) + scaled(b), exponent };
}

export const multiplyExact = (a: Exact, b: Exact): Exact => ({
  digits: a.digits * b.digits,
  exponent: a.exponent + b.exponent,
});

/** The nearest double. */
export const toDouble = (value: Exact): number => Number(`${value.digits}e${value.exponent}`);

/** The Decimal128 nearest to an exact number, halves to even. */
export function toDecimal({ digits, exponent }: Exact): Decimal128 {
  const surplus = digits.toString().replace('-', '').length - MAX_DIGITS;
  if (surplus <= 0) return Decimal128.fromString(`${digits}E${exponent}`);
  const divisor = 10n ** BigInt(surplus);
  const [quotient, rest] = [digits / divisor, digits % divisor];
  const beyondHalf = 2n * (rest < 0n ? -rest : rest) - divisor;
  const up = beyondHalf > 0n || (beyondHalf === 0n && quotient % 2n !== 0n);
  const rounded = up ? quotient + (digits < 0n ? -1n : 1n) : quotient;
  return Decimal128.fromString(`${rounded}E${exponent + surplus}`);
}
