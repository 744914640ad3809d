import { Binary, BSONRegExp, Code, Decimal128, Double, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';

/** A document: a Map, so that field order is kept, integer-like names included, and no name can touch a prototype. */
export type Doc = Map<string, Value>;

/**
 * A BSON value. A `number` that is a whole 32-bit number (and not -0) is an int32, any other `number` is a double;
 * a double that is whole and small is wrapped in `Double`; `bigint` is an int64. A missing value is `undefined`.
 * A `Buffer` is a document that is still in its encoded form.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | Double
  | Decimal128
  | ObjectId
  | Binary
  | Timestamp
  | BSONRegExp
  | Code
  | MinKey
  | MaxKey
  | Buffer
  | Doc
  | Value[];

export type Numeric = number | bigint | Double | Decimal128;

export { Binary, BSONRegExp, Code, Decimal128, Double, MaxKey, MinKey, ObjectId, Timestamp };

export const isDoc = (value: unknown): value is Doc => value instanceof Map;

/** True for the four numeric types. */
export function isNumeric(value: unknown): value is Numeric {
  return (
    typeof value === 'number' || typeof value === 'bigint' || value instanceof Double || value instanceof Decimal128
  );
}

/** True if a plain number stands for an int32. */
export const isInt32 = (value: number): boolean => (value | 0) === value && !Object.is(value, -0);

/** A double, wrapped where a bare number would read as an int32. */
export const double = (value: number): number | Double => (isInt32(value) ? new Double(value) : value);

/** A document from plain name and value pairs; nested plain objects become documents too. */
export function doc(fields: Readonly<Record<string, unknown>>): Doc {
  const result: Doc = new Map();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) result.set(name, plain(value));
  return result;
}

function plain(value: unknown): Value {
  if (Array.isArray(value)) return value.map(plain);
  const bare = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return bare ? doc(value as Record<string, unknown>) : (value as Value);
}

/** The order of types that MongoDB compares and sorts by; also the leading byte of an encoded index key. */
export const TypeOrder = {
  minKey: 1,
  undefined: 3,
  null: 5,
  number: 10,
  string: 15,
  object: 20,
  array: 25,
  binary: 30,
  objectId: 35,
  boolean: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  code: 60,
  maxKey: 127,
} as const;

/** The place of a value's type in MongoDB's order of types; a missing value ranks as null. */
export function typeOrder(value: Value | undefined): number {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return TypeOrder.number;
    case 'string':
      return TypeOrder.string;
    case 'boolean':
      return TypeOrder.boolean;
    case 'undefined':
      return TypeOrder.null;
    default:
      return objectTypeOrder(value);
  }
}

function objectTypeOrder(value: Exclude<Value, number | bigint | string | boolean>): number {
  if (value === null) return TypeOrder.null;
  if (value instanceof ObjectId) return TypeOrder.objectId;
  if (value instanceof Date) return TypeOrder.date;
  if (value instanceof Map || Buffer.isBuffer(value)) return TypeOrder.object;
  if (Array.isArray(value)) return TypeOrder.array;
  if (value instanceof Double || value instanceof Decimal128) return TypeOrder.number;
  if (value instanceof Binary) return TypeOrder.binary;
  if (value instanceof Timestamp) return TypeOrder.timestamp;
  if (value instanceof BSONRegExp) return TypeOrder.regex;
  if (value instanceof Code) return TypeOrder.code;
  return value instanceof MinKey ? TypeOrder.minKey : TypeOrder.maxKey;
}

/** BSON's type numbers by the aliases that `$type` takes. */
export const TYPE_ALIASES: ReadonlyMap<string, number> = new Map([
  ['double', 1],
  ['string', 2],
  ['object', 3],
  ['array', 4],
  ['binData', 5],
  ['objectId', 7],
  ['bool', 8],
  ['date', 9],
  ['null', 10],
  ['regex', 11],
  ['javascript', 13],
  ['int', 16],
  ['timestamp', 17],
  ['long', 18],
  ['decimal', 19],
  ['minKey', -1],
  ['maxKey', 127],
]);

/** BSON's type number of a value. */
export function typeNumber(value: Value): number {
  if (typeof value === 'number') return isInt32(value) ? 16 : 1;
  if (typeof value === 'bigint') return 18;
  if (value instanceof Double) return 1;
  if (value instanceof Decimal128) return 19;
  return TYPE_NUMBERS.get(typeOrder(value)) ?? 0;
}

const TYPE_NUMBERS: ReadonlyMap<number, number> = new Map([
  [TypeOrder.minKey, -1],
  [TypeOrder.null, 10],
  [TypeOrder.string, 2],
  [TypeOrder.object, 3],
  [TypeOrder.array, 4],
  [TypeOrder.binary, 5],
  [TypeOrder.objectId, 7],
  [TypeOrder.boolean, 8],
  [TypeOrder.date, 9],
  [TypeOrder.timestamp, 17],
  [TypeOrder.regex, 11],
  [TypeOrder.code, 13],
  [TypeOrder.maxKey, 127],
]);

/** The alias of a value's type, as messages and `$type` expressions name it. */
export function typeName(value: Value | undefined): string {
  if (value === undefined) return 'missing';
  const number = typeNumber(value);
  for (const [alias, known] of TYPE_ALIASES) if (known === number) return alias;
  return 'unknown';
}

/** A whole number from any numeric type, or undefined where it is none or is out of the safe range. */
export function wholeNumber(value: Value | undefined): number | undefined {
  const plainNumber = isNumeric(value)
    ? Number(value instanceof Decimal128 ? value.toString() : value.valueOf())
    : Number.NaN;
  return Number.isSafeInteger(plainNumber) ? plainNumber : undefined;
}

/** MongoDB's idea of truth: false, zero, null and missing are false, all else is true. */
export function truthy(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === false) return false;
  return !isNumeric(value) || Number(value instanceof Decimal128 ? value.toString() : value.valueOf()) !== 0;
}

/** A copy that shares nothing that can change. */
export function cloneValue<T extends Value>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => cloneValue(item)) as T;
  if (!isDoc(value)) return value;
  const copy: Doc = new Map();
  for (const [name, item] of value as Doc) copy.set(name, cloneValue(item));
  return copy as T;
}
