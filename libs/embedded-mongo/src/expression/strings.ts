import { Decimal128, isNumeric, ObjectId, typeName, wholeNumber, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { absent, ANY, type Operator } from './operator';

/** Operators on strings. */
export const STRINGS: readonly [string, Operator][] = [
  ['$concat', { arity: [0, ANY], run: concat }],
  ['$toString', { arity: [1, 1], run: ([value]) => (absent(value) ? null : asText(value)) }],
  ['$toObjectId', { arity: [1, 1], run: ([value]) => (absent(value) ? null : asObjectId(value)) }],
  [
    '$toLower',
    { arity: [1, 1], run: ([value]) => lowered(value).replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) },
  ],
  [
    '$toUpper',
    { arity: [1, 1], run: ([value]) => lowered(value).replace(/[a-z]+/g, (letters) => letters.toUpperCase()) },
  ],
  ['$strLenCP', { arity: [1, 1], run: ([value]) => [...text('$strLenCP', value)].length }],
  ['$strLenBytes', { arity: [1, 1], run: ([value]) => Buffer.byteLength(text('$strLenBytes', value)) }],
  ['$substrCP', { arity: [3, 3], run: substring }],
  [
    '$split',
    {
      arity: [2, 2],
      run: ([value, separator]) =>
        absent(value) || absent(separator) ? null : text('$split', value).split(text('$split', separator)),
    },
  ],
  [
    '$indexOfCP',
    {
      arity: [2, 2],
      run: ([value, part]) => (absent(value) ? null : indexOf(text('$indexOfCP', value), text('$indexOfCP', part))),
    },
  ],
];

function text(operator: string, value: Value | undefined): string {
  if (typeof value !== 'string')
    throw new CommandFailure(34471, `${operator} requires a string argument, found: ${typeName(value)}`);
  return value;
}

function concat(values: readonly (Value | undefined)[]): Value {
  if (values.some(absent)) return null;
  return values
    .map((value) => {
      if (typeof value !== 'string')
        throw new CommandFailure(16702, `$concat only supports strings, not ${typeName(value)}`);
      return value;
    })
    .join('');
}

function asText(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof ObjectId) return value.toHexString();
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'boolean' || value instanceof Decimal128) return value.toString();
  if (isNumeric(value)) return String(value.valueOf());
  throw new CommandFailure(
    241,
    `Unsupported conversion from ${typeName(value)} to string in $convert with no onError value`,
  );
}

function asObjectId(value: Value): ObjectId {
  if (value instanceof ObjectId) return value;
  if (typeof value === 'string' && /^[0-9a-f]{24}$/i.test(value)) return new ObjectId(value);
  throw new CommandFailure(
    241,
    `Failed to parse objectId '${typeof value === 'string' ? value : typeName(value)}' in $convert with no onError value`,
  );
}

/** Only ASCII letters have a case here; null reads as empty. */
const lowered = (value: Value | undefined): string => (absent(value) ? '' : asText(value));

function substring([value, start, length]: readonly (Value | undefined)[]): string {
  const [from, count] = [wholeNumber(start), wholeNumber(length)];
  if (from === undefined || count === undefined || from < 0 || count < 0)
    throw new CommandFailure(34450, '$substrCP needs a start and a length that are non-negative whole numbers');
  return absent(value) ? '' : [...asText(value)].slice(from, from + count).join('');
}

function indexOf(whole: string, part: string): number {
  const at = whole.indexOf(part);
  return at < 0 ? -1 : [...whole.slice(0, at)].length;
}
