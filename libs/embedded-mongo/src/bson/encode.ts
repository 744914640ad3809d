import { serialize } from 'bson';
import { badValue, CommandFailure } from '../failure';
import { ByteWriter } from './byte-writer';
import { MAX_DEPTH } from './decode';
import { isDoc, typeOf, type Binary, type Doc, type Double, type Encoded, type ObjectId, type Value } from './values';

/** The largest document that is stored; a reply may hold several. */
export const MAX_DOCUMENT = 16 * 1024 * 1024;

/** The BSON bytes of a document. */
export const encodeDocument = (value: Doc): Buffer => writer.whole(value, 0);

/** The same behind so many bytes of any content. */
export const encodeBehind = (before: number, value: Doc): Buffer => writer.whole(value, before);

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

class DocumentWriter extends ByteWriter {
  whole(value: Doc, before: number): Buffer {
    this.length = before;
    this.document(value, 0);
    return this.finish();
  }

  private document(fields: Doc | Value[], depth: number): void {
    if (depth > MAX_DEPTH) throw badValue(`a document is nested deeper than ${MAX_DEPTH} levels`);
    const start = this.length;
    this.int32(0);
    if (Array.isArray(fields)) for (let i = 0; i < fields.length; i++) this.field(String(i), fields[i]!, depth);
    else for (const [name, value] of fields) this.field(name, value, depth);
    this.byte(0);
    this.bytes.writeInt32LE(this.length - start, start);
  }

  private field(name: string, value: Value, depth: number): void {
    const { number } = typeOf(value);
    this.byte(number & 0xff);
    this.text(name);
    this.byte(0);
    this.value(number, value, depth);
  }

  private embedded(value: Doc | Buffer | Encoded, depth: number): void {
    if (isDoc(value)) return this.document(value, depth + 1);
    if (Buffer.isBuffer(value)) return this.raw(value);
    this.grow(value.length);
    this.length += value.source.copy(this.bytes, this.length, value.start, value.end);
  }

  private value(type: number, value: Value, depth: number): void {
    switch (type) {
      case 1:
        return this.double(typeof value === 'number' ? value : (value as Double).value);
      case 2:
        return this.string(value as string);
      case 3:
        return this.embedded(value as Doc | Buffer | Encoded, depth);
      case 4:
        return this.document(value as Value[], depth + 1);
      case 5:
        return this.binary(value as Binary);
      case 7:
        return this.raw((value as ObjectId).id);
      case 8:
        return this.byte(value ? 1 : 0);
      case 9:
        return this.int64(BigInt((value as Date).getTime()));
      case 10:
        return;
      case 16:
        return this.int32(value as number);
      case 18:
        return this.int64(value as bigint);
      default:
        return this.rare(value);
    }
  }

  /** Of a document with nothing else in it, what stands between its head (length, type, empty name) and its end. */
  private rare(value: Value): void {
    this.raw(serialize({ '': value }).subarray(6, -1));
  }

  private int32(value: number): void {
    this.grow(4);
    this.length = this.bytes.writeInt32LE(value, this.length);
  }

  private int64(value: bigint): void {
    this.grow(8);
    this.length = this.bytes.writeBigInt64LE(value, this.length);
  }

  private double(value: number): void {
    this.grow(8);
    this.length = this.bytes.writeDoubleLE(value, this.length);
  }

  private binary(value: Binary): void {
    this.int32(value.position);
    this.byte(value.sub_type);
    this.raw(value.buffer.subarray(0, value.position));
  }

  private string(value: string): void {
    const start = this.length;
    this.int32(0);
    this.text(value);
    this.byte(0);
    this.bytes.writeInt32LE(this.length - start - 4, start);
  }
}

const writer = new DocumentWriter();
