import { ByteWriter } from './byte-writer';
import { asBuffer, decodeDocument } from './decode';
import {
  Decimal128,
  Double,
  isDoc,
  type ObjectId,
  TYPES,
  typeOf,
  typeOrder,
  toNumber,
  type Binary,
  type BSONRegExp,
  type Doc,
  type Numeric,
  type Timestamp,
  type Value,
} from './values';

const EMPTY_ARRAY = 3;
const RESIDUES = 2;
const scratch = Buffer.allocUnsafe(8);

/**
 * Encodes values so that comparing the bytes compares the values. Every encoding starts with the type's rank and ends
 * itself (none is a prefix of another), so encodings can be strung together into compound keys.
 */
export class KeyWriter extends ByteWriter {
  /** Adds one value; `undefined` stands for an empty array, which sorts below null. */
  add(value: Value | undefined, descending: boolean): this {
    const start = this.length;
    if (value === undefined) this.byte(EMPTY_ARRAY);
    else this.value(value);
    if (descending) for (let i = start; i < this.length; i++) this.bytes[i]! ^= 0xff;
    return this;
  }

  private value(value: Value): void {
    const { order } = typeOf(value);
    this.byte(order);
    switch (order) {
      case TYPES.int.order:
        return typeof value === 'number' ? this.plainNumber(value) : this.number(value as Numeric);
      case TYPES.string.order:
        return this.string(value as string);
      case TYPES.object.order:
        return this.document(isDoc(value) ? value : decodeDocument(value as Buffer));
      case TYPES.objectId.order:
        return this.raw((value as ObjectId).id);
      case TYPES.bool.order:
        return this.byte(value ? 1 : 0);
      case TYPES.date.order:
        return this.date((value as Date).getTime());
      default:
        return this.rare(order, value);
    }
  }

  private rare(order: number, value: Value): void {
    switch (order) {
      case TYPES.array.order:
        for (const item of value as Value[]) this.value(item);
        return this.byte(0);
      case TYPES.binData.order:
        return this.binary(value as Binary);
      case TYPES.timestamp.order:
        return this.uint64(BigInt.asUintN(64, (value as Timestamp).toBigInt()));
      case TYPES.regex.order:
        this.string((value as BSONRegExp).pattern);
        return this.string((value as BSONRegExp).options);
      default:
        return;
    }
  }

  /** A double, or the largest double that is not above the number and then what is missing, in the same way. */
  private number(value: Numeric): void {
    const exact = exactOf(value);
    if (exact) this.residues(exact, RESIDUES);
    else this.plainNumber(toNumber(value));
  }

  private residues(exact: Exact, more: number): void {
    const floor = floorDouble(exact);
    this.float(floor);
    const rest = subtractExact(exact, exactOf(floor)!);
    if (rest.digits === 0n || more === 0) return this.byte(0);
    this.byte(1);
    this.residues(rest, more - 1);
  }

  private plainNumber(value: number): void {
    this.float(value);
    this.byte(0);
  }

  private float(value: number): void {
    this.grow(8);
    const { bytes, length } = this;
    this.length += 8;
    if (Number.isNaN(value)) {
      bytes.fill(0, length, length + 8);
      return;
    }
    bytes.writeDoubleBE(value === 0 ? 0 : value, length);
    if (value < 0) for (let i = 0; i < 8; i++) bytes[length + i]! ^= 0xff;
    else bytes[length]! ^= 0x80;
  }

  private date(value: number): void {
    const high = Math.floor(value / 2 ** 32);
    this.grow(8);
    this.length = this.bytes.writeUInt32BE(high + 2 ** 31, this.length);
    this.length = this.bytes.writeUInt32BE(value - high * 2 ** 32, this.length);
  }

  private uint64(value: bigint): void {
    this.grow(8);
    this.length = this.bytes.writeBigUInt64BE(value, this.length);
  }

  /** NUL is escaped as 00 FF and the end is 00 00, so that a prefix sorts first in either direction. */
  private string(value: string): void {
    for (const [i, part] of value.includes('\0') ? value.split('\0').entries() : [[0, value] as const]) {
      if (i > 0) this.raw(ESCAPED_NUL);
      this.text(part);
    }
    this.byte(0);
    this.byte(0);
  }

  private document(fields: Doc): void {
    for (const [name, item] of fields) {
      this.byte(typeOrder(item));
      this.string(name);
      this.value(item);
    }
    this.byte(0);
  }

  private binary(value: Binary): void {
    scratch.writeUInt32BE(value.position, 0);
    this.raw(scratch.subarray(0, 4));
    this.byte(value.sub_type);
    this.raw(asBuffer(value.buffer).subarray(0, value.position));
  }
}

const ESCAPED_NUL = Buffer.from([0, 0xff]);
const writer = new KeyWriter();

/** The encoding of a single value. */
export const encodeKey = (value: Value | undefined, descending = false): Buffer =>
  writer.add(value, descending).finish();

/** The least byte string above every string that starts with `prefix`; undefined where there is none. */
export function afterPrefix(prefix: Buffer): Buffer | undefined {
  let end = prefix.length;
  while (end > 0 && prefix[end - 1] === 0xff) end--;
  if (end === 0) return undefined;
  const result = Buffer.from(prefix.subarray(0, end));
  result[end - 1]!++;
  return result;
}

function floorDouble(exact: Exact): number {
  const near = Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, toDouble(exact)));
  return subtractExact(exact, exactOf(near)!).digits < 0n ? doubleBelow(near) : near;
}

function doubleBelow(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  scratch.writeDoubleBE(value);
  const bits = scratch.readBigInt64BE();
  scratch.writeBigInt64BE(value > 0 ? bits - 1n : bits + 1n);
  return scratch.readDoubleBE();
}

/** An exact number: `digits * 10 ** exponent`. */
interface Exact {
  digits: bigint;
  exponent: number;
}

/** The exact value of a finite number of any type; undefined for NaN and the infinities. */
function exactOf(value: Numeric): Exact | undefined {
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

/** The difference a - b. */
function subtractExact(a: Exact, b: Exact): Exact {
  const exponent = Math.min(a.exponent, b.exponent);
  const scaled = (one: Exact): bigint => one.digits * 10n ** BigInt(one.exponent - exponent);
  return { digits: scaled(a) - scaled(b), exponent };
}

/** The nearest double. */
const toDouble = (value: Exact): number => Number(`${value.digits}e${value.exponent}`);
