import { asBuffer, decodeDocument } from './decode';
import { compareExact, exactOf, subtractExact, toDouble, type Exact } from './decimal';
import { toNumber } from './numbers';
import {
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  isDoc,
  ObjectId,
  Timestamp,
  TypeOrder,
  typeOrder,
  type Doc,
  type Numeric,
  type Value,
} from './values';

const RESIDUES = 2;
const scratch = Buffer.allocUnsafe(8);

/**
 * Encodes values so that comparing the bytes compares the values. Every encoding starts with the type's rank and ends
 * itself (none is a prefix of another), so encodings can be strung together into compound keys.
 */
export class KeyWriter {
  private bytes = Buffer.allocUnsafe(64);
  private length = 0;

  /** Adds one value; `undefined` stands for an empty array, which sorts below null. */
  add(value: Value | undefined, descending: boolean): this {
    const start = this.length;
    if (value === undefined) this.byte(TypeOrder.undefined);
    else this.value(value);
    if (descending) for (let i = start; i < this.length; i++) this.bytes[i]! ^= 0xff;
    return this;
  }

  finish(): Buffer {
    const result = Buffer.from(this.bytes.subarray(0, this.length));
    this.length = 0;
    return result;
  }

  private value(value: Value): void {
    this.byte(typeOrder(value));
    if (typeof value === 'number') this.number(value);
    else if (typeof value === 'string') this.text(value);
    else if (value instanceof ObjectId) this.raw(value.id);
    else if (value instanceof Date) this.date(value);
    else if (typeof value === 'boolean') this.byte(value ? 1 : 0);
    else if (value !== null) this.otherValue(value);
  }

  private otherValue(value: Exclude<Value, number | string | boolean | null>): void {
    if (Array.isArray(value)) this.array(value);
    else if (isDoc(value)) this.document(value);
    else if (Buffer.isBuffer(value)) this.document(decodeDocument(value));
    else if (value instanceof Binary) this.binary(value);
    else if (value instanceof Timestamp) this.uint64(BigInt.asUintN(64, value.toBigInt()));
    else if (value instanceof BSONRegExp) {
      this.text(value.pattern);
      this.text(value.options);
    } else if (value instanceof Code) this.text(value.code);
    else if (typeOrder(value) === TypeOrder.number) this.number(value as Numeric);
  }

  private number(value: Numeric): void {
    const rough = toNumber(value);
    if (
      typeof value === 'number' ||
      Number.isNaN(rough) ||
      !(value instanceof Decimal128 || typeof value === 'bigint')
    ) {
      this.float(rough);
      this.byte(0);
      return;
    }
    const exact = exactOf(value);
    if (exact) this.residues(exact, RESIDUES);
    else {
      this.float(rough);
      this.byte(0);
    }
  }

  /** The largest double that is not above the number, then what is missing, in the same way. */
  private residues(exact: Exact, more: number): void {
    const floor = floorDouble(exact);
    this.float(floor);
    const rest = subtractExact(exact, exactOf(floor) ?? exact);
    if (rest.digits === 0n || more === 0) return this.byte(0);
    this.byte(1);
    this.residues(rest, more - 1);
  }

  private float(value: number): void {
    this.grow(8);
    if (Number.isNaN(value)) this.bytes.fill(0, this.length, this.length + 8);
    else {
      this.bytes.writeDoubleBE(value === 0 ? 0 : value, this.length);
      if (value < 0) for (let i = 0; i < 8; i++) this.bytes[this.length + i]! ^= 0xff;
      else this.bytes[this.length]! ^= 0x80;
    }
    this.length += 8;
  }

  private date(value: Date): void {
    this.uint64(BigInt.asUintN(64, BigInt(value.getTime())) ^ (1n << 63n));
  }

  private uint64(value: bigint): void {
    this.grow(8);
    this.length = this.bytes.writeBigUInt64BE(value, this.length);
  }

  /** NUL is escaped as 00 FF and the end is 00 00, so that a prefix sorts first in either direction. */
  private text(value: string): void {
    this.grow(value.length * 3 + 2);
    const start = this.length;
    this.length += this.bytes.write(value, start, 'utf8');
    if (value.includes('\0')) this.escape(start);
    this.byte(0);
    this.byte(0);
  }

  private escape(start: number): void {
    const plain = Buffer.from(this.bytes.subarray(start, this.length));
    this.length = start;
    for (const byte of plain) {
      this.byte(byte);
      if (byte === 0) this.byte(0xff);
    }
  }

  private array(items: readonly Value[]): void {
    for (const item of items) this.value(item);
    this.byte(0);
  }

  private document(fields: Doc): void {
    for (const [name, item] of fields) {
      this.byte(typeOrder(item));
      this.text(name);
      this.value(item);
    }
    this.byte(0);
  }

  private binary(value: Binary): void {
    const data = asBuffer(value.buffer).subarray(0, value.position);
    scratch.writeUInt32BE(data.length, 0);
    this.raw(scratch.subarray(0, 4));
    this.byte(value.sub_type);
    this.raw(data);
  }

  private raw(data: Uint8Array): void {
    this.grow(data.length);
    this.bytes.set(data, this.length);
    this.length += data.length;
  }

  private byte(value: number): void {
    this.grow(1);
    this.bytes[this.length++] = value;
  }

  private grow(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + more));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

/** The encoding of a single value. */
export const encodeKey = (value: Value | undefined, descending = false): Buffer =>
  new KeyWriter().add(value, descending).finish();

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
  const near = Math.min(Number.MAX_VALUE, toDouble(exact));
  const value = exactOf(near);
  return value !== undefined && compareExact(value, exact) > 0 ? doubleBelow(near) : near;
}

function doubleBelow(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  scratch.writeDoubleBE(value);
  const bits = scratch.readBigInt64BE();
  scratch.writeBigInt64BE(value > 0 ? bits - 1n : bits + 1n);
  return scratch.readDoubleBE();
}
