import { badValue, CommandFailure } from '../failure';
import { MAX_DEPTH } from './decode';
import {
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  Double,
  isInt32,
  type MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  type Doc,
  type Value,
} from './values';

/** The largest document that is stored; a reply may hold several. */
export const MAX_DOCUMENT = 16 * 1024 * 1024;
const INDEX_NAMES = Array.from({ length: 1000 }, (_, index) => String(index));

/** The BSON bytes of a document. */
export function encodeDocument(value: Doc): Buffer {
  const writer = new Writer();
  writer.document(value, 0);
  return writer.finish();
}

/** The BSON bytes of a document to be stored, refused where it is larger than MongoDB allows. */
export function encodeStored(value: Doc): Buffer {
  const bytes = encodeDocument(value);
  checkSize(bytes);
  return bytes;
}

/** Refuses a document that is larger than MongoDB allows. */
export function checkSize(bytes: Buffer): void {
  if (bytes.length > MAX_DOCUMENT) {
    throw new CommandFailure(
      10334,
      `BSONObj size: ${bytes.length} is invalid. Size must be between 0 and ${MAX_DOCUMENT}`,
    );
  }
}

class Writer {
  private bytes = Buffer.allocUnsafe(1024);
  private length = 0;

  finish(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.length));
  }

  document(value: Doc, depth: number): void {
    const start = this.open(depth);
    for (const [name, item] of value) this.element(name, item, depth);
    this.close(start);
  }

  private array(items: readonly Value[], depth: number): void {
    const start = this.open(depth);
    items.forEach((item, index) => this.element(INDEX_NAMES[index] ?? String(index), item, depth));
    this.close(start);
  }

  private open(depth: number): number {
    if (depth > MAX_DEPTH) throw badValue(`a document is nested deeper than ${MAX_DEPTH} levels`);
    const start = this.length;
    this.grow(4);
    this.length += 4;
    return start;
  }

  private close(start: number): void {
    this.byte(0);
    this.bytes.writeInt32LE(this.length - start, start);
  }

  private element(name: string, value: Value | undefined, depth: number): void {
    const typeAt = this.length;
    this.byte(0);
    this.cstring(name);
    // In this order: writing the value may replace the buffer by a larger one.
    const type = this.value(value, depth);
    this.bytes[typeAt] = type;
  }

  /** Writes the value and answers its BSON type. */
  private value(value: Value | undefined, depth: number): number {
    switch (typeof value) {
      case 'string':
        this.string(value);
        return 2;
      case 'number':
        return isInt32(value) ? this.int32(value) : this.double(value);
      case 'boolean':
        this.byte(value ? 1 : 0);
        return 8;
      case 'bigint':
        this.grow(8);
        this.length = this.bytes.writeBigInt64LE(value, this.length);
        return 18;
      case 'undefined':
        return 10;
      default:
        return this.object(value, depth);
    }
  }

  private object(value: Exclude<Value, string | number | boolean | bigint>, depth: number): number {
    if (value === null) return 10;
    if (value instanceof ObjectId) return this.raw(7, value.id);
    if (value instanceof Date) return this.date(value);
    if (Buffer.isBuffer(value)) return this.raw(3, value);
    if (value instanceof Map) {
      this.document(value, depth + 1);
      return 3;
    }
    if (Array.isArray(value)) {
      this.array(value, depth + 1);
      return 4;
    }
    if (value instanceof Double) return this.double(value.value);
    return this.rare(value);
  }

  private rare(value: Decimal128 | Binary | Timestamp | BSONRegExp | Code | MinKey | MaxKey): number {
    if (value instanceof Decimal128) return this.raw(19, value.bytes);
    if (value instanceof Binary) return this.binary(value);
    if (value instanceof Timestamp) return this.timestamp(value);
    if (value instanceof BSONRegExp) {
      this.cstring(value.pattern);
      this.cstring(value.options);
      return 11;
    }
    if (value instanceof Code) {
      this.string(value.code);
      return 13;
    }
    return value instanceof MinKey ? 255 : 127;
  }

  private int32(value: number): number {
    this.grow(4);
    this.length = this.bytes.writeInt32LE(value, this.length);
    return 16;
  }

  private double(value: number): number {
    this.grow(8);
    this.length = this.bytes.writeDoubleLE(value, this.length);
    return 1;
  }

  private date(value: Date): number {
    this.grow(8);
    this.length = this.bytes.writeBigInt64LE(BigInt(value.getTime()), this.length);
    return 9;
  }

  private timestamp(value: Timestamp): number {
    this.grow(8);
    this.length = this.bytes.writeBigUInt64LE(BigInt.asUintN(64, value.toBigInt()), this.length);
    return 17;
  }

  private binary(value: Binary): number {
    const data = value.buffer.subarray(0, value.position);
    this.int32(data.length);
    this.byte(value.sub_type);
    return this.raw(5, data);
  }

  private raw(type: number, data: Uint8Array): number {
    this.grow(data.length);
    this.bytes.set(data, this.length);
    this.length += data.length;
    return type;
  }

  private string(value: string): void {
    const at = this.length;
    this.grow(4);
    this.length += 4;
    const start = this.length;
    this.text(value);
    this.byte(0);
    this.bytes.writeInt32LE(this.length - start, at);
  }

  private cstring(value: string): void {
    this.text(value);
    this.byte(0);
  }

  private text(value: string): void {
    this.grow(value.length * 3);
    this.length += this.bytes.write(value, this.length, 'utf8');
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
