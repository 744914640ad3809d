const LARGEST_KEPT = 1024 * 1024;
const SHORT_TEXT = 32;

/** Bytes that grow as they are written; the room for them is kept for the next. */
export class ByteWriter {
  protected bytes: Buffer = Buffer.allocUnsafe(1024);
  protected length = 0;

  /** What was written; the writer starts again. */
  finish(): Buffer {
    const result = Buffer.allocUnsafe(this.length);
    this.bytes.copy(result, 0, 0, this.length);
    this.length = 0;
    if (this.bytes.length > LARGEST_KEPT) this.bytes = Buffer.allocUnsafe(LARGEST_KEPT);
    return result;
  }

  protected byte(value: number): void {
    this.grow(1);
    this.bytes[this.length++] = value;
  }

  protected raw(data: Uint8Array): void {
    this.grow(data.length);
    this.bytes.set(data, this.length);
    this.length += data.length;
  }

  protected text(value: string): void {
    this.grow(value.length * 3);
    if (value.length <= SHORT_TEXT && this.ascii(value)) this.length += value.length;
    else this.length += this.bytes.write(value, this.length, 'utf8');
  }

  /** Short text is written here: a call into the runtime costs more than the loop. */
  private ascii(value: string): boolean {
    const { bytes, length } = this;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) return false;
      bytes[length + i] = code;
    }
    return true;
  }

  protected grow(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + more));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}
