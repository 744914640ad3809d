import { Binary, BSONRegExp, Decimal128, Double, ObjectId, Timestamp } from 'bson';

/** A document: a Map, so that field order is kept, integer-like names included, and no name can touch a prototype. */
export type Doc = Map<string, Value>;

/**
 * A BSON value. A `number` that is a whole 32-bit number (and not -0) is an int32, any other `number` is a double;
 * a double that is whole and small is wrapped in `Double`; `bigint` is an int64. A missing value is `undefined`.
 * A `Buffer` and an `Encoded` are documents that are still in their encoded form.
 */
export type Value =
  | null
  | boolean
  | string
  | Date
  | Numeric
  | ObjectId
  | Binary
  | Timestamp
  | BSONRegExp
  | Buffer
  | Encoded
  | Doc
  | Value[];

export type Numeric = number | bigint | Double | Decimal128;

/** An encoded document among others: where many are read together, a view of its own for each would cost more than they. */
export class Encoded {
  private view: Buffer | undefined;

  constructor(
    readonly source: Buffer,
    readonly start: number,
    readonly end: number,
  ) {}

  get length(): number {
    return this.end - this.start;
  }

  get bytes(): Buffer {
    return (this.view ??= this.source.subarray(this.start, this.end));
  }
}

export { Binary, BSONRegExp, Decimal128, Double, ObjectId, Timestamp };

/** A type of BSON: what `$type` and messages call it, its number, and its place in MongoDB's order of types. */
export interface BsonType {
  alias: string;
  number: number;
  /** Also the first byte of an encoded index key. */
  order: number;
}

const type = (alias: string, number: number, order: number): BsonType => ({ alias, number, order });

/** The types of BSON that can be stored. */
export const TYPES = {
  null: type('null', 10, 5),
  int: type('int', 16, 10),
  long: type('long', 18, 10),
  double: type('double', 1, 10),
  decimal: type('decimal', 19, 10),
  string: type('string', 2, 15),
  object: type('object', 3, 20),
  array: type('array', 4, 25),
  binData: type('binData', 5, 30),
  objectId: type('objectId', 7, 35),
  bool: type('bool', 8, 40),
  date: type('date', 9, 45),
  timestamp: type('timestamp', 17, 47),
  regex: type('regex', 11, 50),
} as const;

const BY_CLASS: Readonly<Record<string, BsonType>> = {
  ObjectId: TYPES.objectId,
  Double: TYPES.double,
  Decimal128: TYPES.decimal,
  Binary: TYPES.binData,
  Timestamp: TYPES.timestamp,
  BSONRegExp: TYPES.regex,
};

/** The type of a value; a missing one counts as null. */
export function typeOf(value: Value | undefined): BsonType {
  switch (typeof value) {
    case 'number':
      return isInt32(value) ? TYPES.int : TYPES.double;
    case 'bigint':
      return TYPES.long;
    case 'string':
      return TYPES.string;
    case 'boolean':
      return TYPES.bool;
    case 'undefined':
      return TYPES.null;
    default:
      return typeOfObject(value);
  }
}

function typeOfObject(value: Exclude<Value, number | bigint | string | boolean>): BsonType {
  if (value === null) return TYPES.null;
  if (value instanceof Map || value instanceof Buffer || value instanceof Encoded) return TYPES.object;
  if (value instanceof Date) return TYPES.date;
  if (Array.isArray(value)) return TYPES.array;
  return BY_CLASS[(value as Exclude<typeof value, Buffer | Encoded>)._bsontype]!;
}

/** The place of a value's type in MongoDB's order of types. */
export const typeOrder = (value: Value | undefined): number => typeOf(value).order;

/** The alias of a value's type, as messages and `$type` expressions name it. */
export const typeName = (value: Value | undefined): string => (value === undefined ? 'missing' : typeOf(value).alias);

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

/** The nearest double of a number of any type. */
export const toNumber = (value: Numeric): number =>
  typeof value === 'number' ? value : Number(value instanceof Decimal128 ? value.toString() : value.valueOf());

/** A whole number from any numeric type, or undefined where it is none or is out of the safe range. */
export function wholeNumber(value: Value | undefined): number | undefined {
  const number = isNumeric(value) ? toNumber(value) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

/** MongoDB's idea of truth: false, zero, null and missing are false, all else is true. */
export const truthy = (value: Value | undefined): boolean =>
  value !== undefined && value !== null && value !== false && !(isNumeric(value) && toNumber(value) === 0);

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

/** A copy that shares nothing that can change. */
export function cloneValue<T extends Value>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => cloneValue(item)) as T;
  if (!isDoc(value)) return value;
  const copy: Doc = new Map();
  for (const [name, item] of value as Doc) copy.set(name, cloneValue(item));
  return copy as T;
}
