import { asBuffer, decodeDocument } from './decode';
import { compareNumbers } from './numbers';
import {
  Binary,
  BSONRegExp,
  Code,
  isDoc,
  ObjectId,
  Timestamp,
  typeOrder,
  type Doc,
  type Numeric,
  type Value,
} from './values';

/** MongoDB's order over all values: first by type, then by value; a missing value ranks as null. */
export function compareValues(a: Value | undefined, b: Value | undefined): number {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  const order = typeOrder(a);
  const difference = order - typeOrder(b);
  if (difference !== 0) return difference;
  return a === undefined || a === null ? 0 : compareSameType(a, b as Value);
}

export const valuesEqual = (a: Value | undefined, b: Value | undefined): boolean =>
  a === b || compareValues(a, b) === 0;

function compareSameType(a: Value, b: Value): number {
  if (typeof a === 'number' || typeof a === 'bigint') return compareNumbers(a, b as Numeric);
  if (typeof a === 'boolean') return Number(a) - Number(b);
  if (a instanceof ObjectId) return Buffer.compare(a.id, (b as ObjectId).id);
  if (a instanceof Date) return a.getTime() - (b as Date).getTime();
  if (Array.isArray(a)) return compareArrays(a, b as Value[]);
  if (isDoc(a) || Buffer.isBuffer(a)) return compareDocuments(asDoc(a), asDoc(b as Doc | Buffer));
  return compareRare(a, b);
}

function compareRare(a: Value, b: Value): number {
  if (a instanceof Binary) return compareBinaries(a, b as Binary);
  if (a instanceof Timestamp)
    return compareBigints(BigInt.asUintN(64, a.toBigInt()), BigInt.asUintN(64, (b as Timestamp).toBigInt()));
  if (a instanceof BSONRegExp) {
    const other = b as BSONRegExp;
    return compareStrings(a.pattern, other.pattern) || compareStrings(a.options, other.options);
  }
  if (a instanceof Code) return compareStrings(a.code, (b as Code).code);
  return typeof a === 'string' ? compareStrings(a, b as string) : compareNumbersOrEqual(a, b);
}

function compareNumbersOrEqual(a: Value, b: Value): number {
  return typeOrder(a) === 10 ? compareNumbers(a as Numeric, b as Numeric) : 0;
}

const asDoc = (value: Doc | Buffer): Doc => (isDoc(value) ? value : decodeDocument(value));
const compareBigints = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** By code point, which is the order of the UTF-8 bytes; JavaScript's own order differs beyond U+FFFF. */
function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(i);
    if (difference !== 0) return rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others. */
const rank = (unit: number): number => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);

function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = compareValues(a[i], b[i]);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Field by field: by type, then by name, then by value. */
function compareDocuments(a: Doc, b: Doc): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const [leftName, leftValue] = left[i]!;
    const [rightName, rightValue] = right[i]!;
    const difference =
      typeOrder(leftValue) - typeOrder(rightValue) ||
      compareStrings(leftName, rightName) ||
      compareValues(leftValue, rightValue);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function compareBinaries(a: Binary, b: Binary): number {
  const left = asBuffer(a.buffer).subarray(0, a.position);
  const right = asBuffer(b.buffer).subarray(0, b.position);
  return left.length - right.length || a.sub_type - b.sub_type || Buffer.compare(left, right);
}
