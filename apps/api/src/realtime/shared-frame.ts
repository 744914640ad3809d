import { joinEnvelopes } from './frames';

/** FIN and the opcode of a text frame. */
const TEXT_FRAME = 0x81;
const LENGTH_IN_TWO_BYTES = 126;
const LENGTH_IN_EIGHT_BYTES = 127;

/**
 * What one commit has for one room: the same envelopes for every member, made into a whole WebSocket frame once. A
 * server's frames are not masked, so the same bytes do for every connection, in one write each.
 */
export class SharedFrame {
  private encoded?: Buffer;
  private measured?: number;

  constructor(readonly envelopes: readonly string[]) {}

  /** Of all envelopes, in UTF-16 units. */
  get length(): number {
    return (this.measured ??= this.envelopes.reduce((sum, { length }) => sum + length, 0));
  }

  /** Header and payload. */
  get bytes(): Buffer {
    return (this.encoded ??= encodeTextFrame(joinEnvelopes(this.envelopes)));
  }
}

/** A text frame as RFC 6455 has it, unmasked and whole. */
export function encodeTextFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = headerOf(length);
  const frame = Buffer.allocUnsafe(header.length + length);
  frame.set(header);
  frame.write(text, header.length);
  return frame;
}

function headerOf(length: number): Buffer {
  if (length < LENGTH_IN_TWO_BYTES) return Buffer.of(TEXT_FRAME, length);
  const long = length > 0xffff;
  const header = Buffer.alloc(long ? 10 : 4);
  header[0] = TEXT_FRAME;
  header[1] = long ? LENGTH_IN_EIGHT_BYTES : LENGTH_IN_TWO_BYTES;
  if (long) header.writeBigUInt64BE(BigInt(length), 2);
  else header.writeUInt16BE(length, 2);
  return header;
}
