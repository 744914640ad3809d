import { invalidBson, typeMismatch } from '../failure';
import {
  Binary,
  BSONRegExp,
  Decimal128,
  double,
  type Encoded,
  ObjectId,
  Timestamp,
  type Doc,
  type Value,
} from './values';

/** The deepest nesting that is accepted; mongod's limit for stored documents is 100 as well. */
export const MAX_DEPTH = 100;
const SHORT_STRING = 24;

/** The same text as a name of a property, which JavaScript compares with others by its place alone. */
const interned = (text: string): string => Object.keys({ [text]: 0 })[0]!;

/** A power of two. */
const NAMES_KEPT = 1024;
const names = new Array<string | undefined>(NAMES_KEPT);

/**
 * Reads one BSON document that must fill `bytes`, or that part of them, exactly. Elements of the top-level arrays named in `raw` are checked
 * later: they are left as encoded documents.
 */
export function decodeDocument(bytes: Buffer, raw?: ReadonlySet<string>, start = 0, end = bytes.length): Doc {
  const reader = new Reader(bytes, start, end);
  return filled(reader, reader.document(0, raw));
}

function filled({ position, end }: Reader, document: Doc): Doc {
  if (position !== end) throw invalidBson('BSON document does not fill its frame');
  return document;
}

/** Reads these top-level fields of a document and no others, which are only checked. */
export function decodeFields({ source, start, end }: Encoded, wanted: ReadonlySet<string>): Doc {
  const reader = new Reader(source, start, end);
  return filled(reader, reader.document(0, undefined, wanted));
}

/** A view of bytes that SQLite or the wire handed over. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

class Reader {
  constructor(
    private readonly bytes: Buffer,
    public position: number,
    readonly end: number,
  ) {}

  document(depth: number, raw?: ReadonlySet<string>, wanted?: ReadonlySet<string>): Doc {
    const end = this.enter(depth);
    const result: Doc = new Map();
    for (let type = this.byte(); type !== 0; type = this.byte()) {
      const name = this.name();
      if (wanted !== undefined && !wanted.has(name)) this.skip(type, depth);
      else
        result.set(name, raw !== undefined && type === 4 && raw.has(name) ? this.rawArray() : this.value(type, depth));
    }
    if (this.position !== end) throw invalidBson('BSON document has a wrong length');
    return result;
  }

  /** Checks a value; it is made only where that costs little. */
  private skip(type: number, depth: number): void {
    if (type === 2) this.stringBytes();
    else if (type === 3 || type === 4) this.skipAll(depth + 1);
    else if (type === 7) this.take(12);
    else this.value(type, depth);
  }

  private skipAll(depth: number): void {
    const end = this.enter(depth);
    for (let type = this.byte(); type !== 0; type = this.byte()) {
      this.skipName();
      this.skip(type, depth);
    }
    if (this.position !== end) throw invalidBson('BSON document has a wrong length');
  }

  private array(depth: number): Value[] {
    const end = this.enter(depth);
    const result: Value[] = [];
    for (let type = this.byte(); type !== 0; type = this.byte()) {
      this.skipName();
      result.push(this.value(type, depth));
    }
    if (this.position !== end) throw invalidBson('BSON array has a wrong length');
    return result;
  }

  private rawArray(): Value[] {
    const end = this.enter(0);
    const result: Value[] = [];
    for (let type = this.byte(); type !== 0; type = this.byte()) {
      if (type !== 3) throw typeMismatch('an array of documents holds something else');
      this.skipName();
      const length = this.peekLength();
      result.push(this.bytes.subarray(this.position, this.position + length));
      this.position += length;
    }
    if (this.position !== end) throw invalidBson('BSON array has a wrong length');
    return result;
  }

  private peekLength(): number {
    this.need(5);
    const length = this.bytes.readInt32LE(this.position);
    if (length < 5) throw invalidBson('BSON document is too short');
    this.need(length);
    return length;
  }

  private enter(depth: number): number {
    if (depth > MAX_DEPTH) throw invalidBson(`BSON is nested deeper than ${MAX_DEPTH} levels`);
    const end = this.position + this.peekLength();
    this.position += 4;
    return end;
  }

  private value(type: number, depth: number): Value {
    switch (type) {
      case 1:
        return double(this.bytes.readDoubleLE(this.take(8)));
      case 2:
        return this.string();
      case 3:
        return this.document(depth + 1);
      case 4:
        return this.array(depth + 1);
      case 5:
        return this.binary();
      case 10:
        return null;
      case 7:
        return new ObjectId(this.copy(12));
      case 8:
        return this.boolean();
      case 9:
        return this.date();
      case 16:
        return this.bytes.readInt32LE(this.take(4));
      case 18:
        return this.bytes.readBigInt64LE(this.take(8));
      default:
        return this.rareValue(type, depth);
    }
  }

  private rareValue(type: number, depth: number): Value {
    switch (type) {
      case 11:
        return this.regex();
      case 17:
        return new Timestamp(this.bytes.readBigUInt64LE(this.take(8)));
      case 19:
        return new Decimal128(this.copy(16));
      default:
        throw invalidBson(`BSON type ${type} is not supported (at depth ${depth})`);
    }
  }

  private boolean(): boolean {
    const byte = this.byte();
    if (byte > 1) throw invalidBson('BSON boolean is neither 0 nor 1');
    return byte === 1;
  }

  private date(): Date {
    const at = this.take(8);
    const date = new Date(this.bytes.readInt32LE(at + 4) * 2 ** 32 + this.bytes.readUInt32LE(at));
    if (Number.isNaN(date.getTime())) throw invalidBson('BSON date is out of the range of years -271821 to 275760');
    return date;
  }

  private regex(): BSONRegExp {
    const pattern = this.cstring();
    const options = this.cstring();
    if (!/^[imslux]*$/.test(options)) throw invalidBson(`regular expression options '${options}' are not supported`);
    return new BSONRegExp(pattern, options);
  }

  private binary(): Binary {
    const length = this.bytes.readInt32LE(this.take(4));
    const subtype = this.byte();
    if (length < 0) throw invalidBson('BSON binary has a negative length');
    return new Binary(this.copy(length), subtype);
  }

  private string(): string {
    const start = this.stringBytes();
    return this.text(start, this.position - 1);
  }

  /** Where a string begins; it ends one byte before the position. */
  private stringBytes(): number {
    const length = this.bytes.readInt32LE(this.take(4));
    if (length < 1) throw invalidBson('BSON string has a wrong length');
    const start = this.take(length);
    if (this.bytes[start + length - 1] !== 0) throw invalidBson('BSON string is not terminated');
    return start;
  }

  private cstring(): string {
    const start = this.position;
    this.skipName();
    return this.text(start, this.position - 1);
  }

  /** A field's name: those that were read lately are found by their bytes, as the same string each time. */
  private name(): string {
    const start = this.position;
    const { bytes } = this;
    let hash = 0;
    let at = start;
    for (let code = bytes[at]; code !== 0; code = bytes[++at]) {
      if (code === undefined) throw invalidBson('BSON name is not terminated');
      hash = (hash * 31 + code) | 0;
    }
    this.position = at + 1;
    const slot = hash & (NAMES_KEPT - 1);
    const known = names[slot];
    if (known !== undefined && this.spells(known, start, at)) return known;
    return (names[slot] = interned(this.text(start, at)));
  }

  private spells(name: string, start: number, end: number): boolean {
    if (name.length !== end - start) return false;
    for (let i = start; i < end; i++) if (this.bytes[i] !== name.charCodeAt(i - start)) return false;
    return true;
  }

  private skipName(): void {
    const { bytes } = this;
    let at = this.position;
    while (bytes[at] !== 0) if (++at >= bytes.length) throw invalidBson('BSON name is not terminated');
    this.position = at + 1;
  }

  /** Short ASCII text is built here: a call into the runtime costs more than the loop. */
  private text(start: number, end: number): string {
    if (end - start > SHORT_STRING) return this.bytes.toString('utf8', start, end);
    let result = '';
    for (let i = start; i < end; i++) {
      const code = this.bytes[i]!;
      if (code > 127) return this.bytes.toString('utf8', start, end);
      result += String.fromCharCode(code);
    }
    return result;
  }

  /** What is decoded may be kept: it must not keep the many bytes around it. */
  private copy(length: number): Buffer {
    const start = this.take(length);
    const copy = Buffer.allocUnsafe(length);
    this.bytes.copy(copy, 0, start, start + length);
    return copy;
  }

  private byte(): number {
    return this.bytes[this.take(1)]!;
  }

  private take(length: number): number {
    this.need(length);
    const start = this.position;
    this.position += length;
    return start;
  }

  private need(length: number): void {
    if (this.position + length > this.end) throw invalidBson('BSON ends too early');
  }
}
