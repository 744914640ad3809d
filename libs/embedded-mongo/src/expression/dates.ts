import { toNumber } from '../bson/numbers';
import { isNumeric, ObjectId, Timestamp, typeName, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { absent, type Operator } from './operator';

const part = (name: string, read: (date: Date) => number): [string, Operator] => [
  name,
  { arity: [1, 1], run: ([value]) => (absent(value) ? null : read(asDate(name, value))) },
];

/** Parts of dates, in UTC, and conversion to a date. */
export const DATES: readonly [string, Operator][] = [
  part('$year', (date) => date.getUTCFullYear()),
  part('$month', (date) => date.getUTCMonth() + 1),
  part('$dayOfMonth', (date) => date.getUTCDate()),
  part('$dayOfWeek', (date) => date.getUTCDay() + 1),
  part('$hour', (date) => date.getUTCHours()),
  part('$minute', (date) => date.getUTCMinutes()),
  part('$second', (date) => date.getUTCSeconds()),
  part('$millisecond', (date) => date.getUTCMilliseconds()),
  ['$toDate', { arity: [1, 1], run: ([value]) => (absent(value) ? null : toDate(value)) }],
];

function asDate(operator: string, value: Value): Date {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (value instanceof Timestamp) return new Date(value.t * 1000);
  throw new CommandFailure(16006, `can't convert from BSON type ${typeName(value)} to Date in ${operator}`);
}

function toDate(value: Value): Date {
  const date = isNumeric(value)
    ? new Date(toNumber(value))
    : typeof value === 'string'
      ? new Date(value)
      : asDate('$toDate', value);
  if (Number.isNaN(date.getTime()))
    throw new CommandFailure(241, 'Failed to parse date in $toDate with no onError value');
  return date;
}
