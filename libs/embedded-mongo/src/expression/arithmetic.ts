import { compareValues } from '../bson/compare';
import { add, isInteger, multiply, toNumber } from '../bson/numbers';
import { Decimal128, double, isNumeric, typeName, type Numeric, type Value } from '../bson/values';
import { CommandFailure, typeMismatch } from '../failure';
import { absent, ANY, type Operator } from './operator';

/** Operators on numbers; `$add` and `$subtract` know dates as well. */
export const ARITHMETIC: readonly [string, Operator][] = [
  ['$add', { arity: [0, ANY], run: sumOfOperands }],
  ['$subtract', { arity: [2, 2], run: subtract }],
  [
    '$multiply',
    {
      arity: [0, ANY],
      run: (values) =>
        values.some(absent)
          ? null
          : values.map((value) => numeric('$multiply', value)).reduce<Numeric>((a, b) => multiply(a, b)!, 1),
    },
  ],
  ['$divide', { arity: [2, 2], run: divide }],
  ['$mod', { arity: [2, 2], run: modulo }],
  ['$abs', { arity: [1, 1], run: ([value]) => rounded('$abs', value, Math.abs) }],
  ['$ceil', { arity: [1, 1], run: ([value]) => rounded('$ceil', value, Math.ceil) }],
  ['$floor', { arity: [1, 1], run: ([value]) => rounded('$floor', value, Math.floor) }],
  ['$sum', { arity: [1, ANY], run: (values) => sum(spread(values)) }],
  ['$avg', { arity: [1, ANY], run: (values) => average(spread(values)) }],
  ['$min', { arity: [1, ANY], run: (values) => extreme(spread(values), -1) }],
  ['$max', { arity: [1, ANY], run: (values) => extreme(spread(values), 1) }],
  ['$toInt', { arity: [1, 1], run: ([value]) => toWhole('$toInt', value) }],
  ['$toLong', { arity: [1, 1], run: ([value]) => toLong(value) }],
  ['$toDouble', { arity: [1, 1], run: ([value]) => (absent(value) ? null : double(asNumber('$toDouble', value))) }],
];

function numeric(operator: string, value: Value | undefined): Numeric {
  if (!isNumeric(value)) throw typeMismatch(`${operator} only supports numeric types, not ${typeName(value)}`);
  return value;
}

function sumOfOperands(values: readonly (Value | undefined)[]): Value {
  if (values.some(absent)) return null;
  const dates = values.filter((value) => value instanceof Date);
  if (dates.length > 1) throw new CommandFailure(16612, 'only one date allowed in an $add expression');
  const total = values
    .filter((value) => !(value instanceof Date))
    .map((value) => numeric('$add', value))
    .reduce<Numeric>((a, b) => add(a, b)!, 0);
  return dates[0] instanceof Date ? new Date(dates[0].getTime() + toNumber(total)) : total;
}

function subtract([a, b]: readonly (Value | undefined)[]): Value {
  if (absent(a) || absent(b)) return null;
  if (a instanceof Date)
    return b instanceof Date
      ? BigInt(a.getTime() - b.getTime())
      : new Date(a.getTime() - toNumber(numeric('$subtract', b)));
  return add(numeric('$subtract', a), multiply(numeric('$subtract', b), -1)!)!;
}

function divide([a, b]: readonly (Value | undefined)[]): Value {
  if (absent(a) || absent(b)) return null;
  const [dividend, divisor] = [numeric('$divide', a), numeric('$divide', b)];
  if (dividend instanceof Decimal128 || divisor instanceof Decimal128)
    throw typeMismatch('$divide of Decimal128 is not supported');
  if (toNumber(divisor) === 0) throw new CommandFailure(16608, "can't $divide by zero");
  return double(toNumber(dividend) / toNumber(divisor));
}

function modulo([a, b]: readonly (Value | undefined)[]): Value {
  if (absent(a) || absent(b)) return null;
  const [dividend, divisor] = [numeric('$mod', a), numeric('$mod', b)];
  if (dividend instanceof Decimal128 || divisor instanceof Decimal128)
    throw typeMismatch('$mod of Decimal128 is not supported');
  if (toNumber(divisor) === 0) throw new CommandFailure(16610, "can't $mod by zero");
  if (!isInteger(dividend) || !isInteger(divisor)) return double(toNumber(dividend) % toNumber(divisor));
  const rest = BigInt(dividend) % BigInt(divisor);
  return typeof dividend === 'bigint' || typeof divisor === 'bigint' ? rest : Number(rest);
}

function rounded(operator: string, value: Value | undefined, round: (value: number) => number): Value {
  if (absent(value)) return null;
  const number = numeric(operator, value);
  if (number instanceof Decimal128) throw typeMismatch(`${operator} of Decimal128 is not supported`);
  if (typeof number === 'bigint') return operator === '$abs' && number < 0n ? -number : number;
  return isInteger(number) ? round(number) : double(round(toNumber(number)));
}

/** A single argument that is an array stands for its elements. */
function spread(values: readonly (Value | undefined)[]): readonly (Value | undefined)[] {
  return values.length === 1 && Array.isArray(values[0]) ? values[0] : values;
}

/** The sum of the numbers among the values. */
export function sum(values: Iterable<Value | undefined>): Numeric {
  let total: Numeric = 0;
  for (const value of values) if (isNumeric(value)) total = add(total, value)!;
  return total;
}

/** The mean of the numbers among the values, null where there are none. */
export function average(values: readonly (Value | undefined)[]): Value {
  const numbers = values.filter(isNumeric);
  return numbers.length === 0 ? null : double(toNumber(sum(numbers)) / numbers.length);
}

/** The least (-1) or the greatest (1) of the values that are there. */
export function extreme(values: Iterable<Value | undefined>, sign: 1 | -1): Value {
  let best: Value = null;
  for (const value of values)
    if (!absent(value) && (best === null || compareValues(value, best) * sign > 0)) best = value;
  return best;
}

function asNumber(operator: string, value: Value): number {
  if (isNumeric(value)) return toNumber(value);
  if (typeof value === 'boolean') return Number(value);
  if (value instanceof Date) return value.getTime();
  const parsed = typeof value === 'string' && value.trim() === value && value !== '' ? Number(value) : Number.NaN;
  if (Number.isNaN(parsed))
    throw new CommandFailure(241, `Failed to parse number in ${operator} with no onError value`);
  return parsed;
}

function toWhole(operator: string, value: Value | undefined): Value {
  if (absent(value)) return null;
  const whole = Math.trunc(asNumber(operator, value));
  if (!(Math.abs(whole) <= 2147483648) || !isInteger(whole + 0))
    throw new CommandFailure(241, `Conversion would overflow target type in ${operator} with no onError value`);
  return whole + 0;
}

function toLong(value: Value | undefined): Value {
  if (absent(value)) return null;
  if (typeof value === 'bigint') return value;
  const whole = Math.trunc(asNumber('$toLong', value));
  if (!(Math.abs(whole) < 2 ** 63))
    throw new CommandFailure(241, 'Conversion would overflow target type in $toLong with no onError value');
  return BigInt(whole);
}
