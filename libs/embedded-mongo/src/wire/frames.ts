import { decodeDocument } from '../bson/decode';
import { encodeBehind } from '../bson/encode';
import type { Doc } from '../bson/values';
import { CommandFailure } from '../failure';

/** The largest message that is read; a larger one closes the connection. */
export const MAX_MESSAGE = 48_000_000;

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER = 16;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
const REQUIRED_BITS = 0xffff;
const AWAIT_CAPABLE = 8;
const DOCUMENT_ARRAYS: ReadonlySet<string> = new Set(['documents']);

/** A command as it came: the bodies of `documents` are left encoded. */
export interface Request {
  id: number;
  /** The handshake of old drivers comes as a query and is answered as one. */
  legacy: boolean;
  expectsReply: boolean;
  body: Doc;
  frame: Buffer;
}

/** A reply's document, as such or encoded. */
export type Reply = Doc | Buffer;

/** A frame that breaks the protocol: the connection cannot go on. */
export class ProtocolViolation extends Error {}

/** Many small pieces are put together now and then: each has a price of its own. */
const MOST_CHUNKS = 512;

/** Cuts a byte stream into frames. */
export class FrameSplitter {
  /** A longer frame is a violation. */
  longest = MAX_MESSAGE;
  private chunks: Buffer[] = [];
  private held = 0;

  /** Takes bytes and answers the frames that are complete now. */
  push(chunk: Buffer): Buffer[] {
    this.chunks.push(chunk);
    this.held += chunk.length;
    if (this.chunks.length > MOST_CHUNKS) this.joined();
    const frames: Buffer[] = [];
    for (let length = this.nextLength(); length !== undefined && this.held >= length; length = this.nextLength()) {
      const all = this.joined();
      frames.push(length === all.length ? all : all.subarray(0, length));
      this.held -= length;
      this.chunks = this.held > 0 ? [all.subarray(length)] : [];
    }
    return frames;
  }

  private nextLength(): number | undefined {
    if (this.held < 4) return undefined;
    const first = this.chunks[0]!.length >= 4 ? this.chunks[0]! : this.joined();
    const length = first.readInt32LE(0);
    if (length < HEADER || length > this.longest) throw new ProtocolViolation(`a message of ${length} bytes`);
    return length;
  }

  private joined(): Buffer {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0]!;
  }
}

/** Reads one frame; throws a `ProtocolViolation`, or a `CommandFailure` where only its document is broken. */
export function parseRequest(frame: Buffer): Request {
  const id = frame.readInt32LE(4);
  const opcode = frame.readInt32LE(12);
  if (opcode === OP_MSG) return parseMessage(frame, id);
  if (opcode === OP_QUERY) return parseQuery(frame, id);
  throw new ProtocolViolation(`opcode ${opcode}`);
}

function parseMessage(frame: Buffer, id: number): Request {
  if (frame.length < HEADER + 9) throw new ProtocolViolation('a message without sections');
  const flags = frame.readUInt32LE(HEADER);
  if ((flags & REQUIRED_BITS & ~(CHECKSUM_PRESENT | MORE_TO_COME)) !== 0)
    throw new ProtocolViolation('an unknown flag');
  const end = frame.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  let body: Doc | undefined;
  const sequences: [string, Buffer[]][] = [];
  for (let at = HEADER + 4; at < end;) {
    const kind = frame[at];
    const size = at + 5 <= end ? frame.readInt32LE(at + 1) : 0;
    if (size < 5 || at + 1 + size > end) throw new ProtocolViolation('a section of a wrong length');
    const [from, to] = [at + 1, at + 1 + size];
    if (kind === 0 && !body) body = decodeDocument(frame, DOCUMENT_ARRAYS, from, to);
    else if (kind === 1) sequences.push(parseSequence(frame.subarray(from, to)));
    else throw new ProtocolViolation(`a section of kind ${kind}`);
    at += 1 + size;
  }
  if (!body) throw new ProtocolViolation('a message without a body');
  for (const [name, documents] of sequences)
    body.set(name, name === 'documents' ? documents : documents.map((bytes) => decodeDocument(bytes)));
  return { id, legacy: false, expectsReply: (flags & MORE_TO_COME) === 0, body, frame };
}

function parseSequence(section: Buffer): [string, Buffer[]] {
  const nameEnd = section.indexOf(0, 4);
  if (nameEnd < 0) throw new ProtocolViolation('a document sequence without a name');
  const documents: Buffer[] = [];
  for (let at = nameEnd + 1; at < section.length;) {
    const size = at + 5 <= section.length ? section.readInt32LE(at) : 0;
    if (size < 5 || at + size > section.length) throw new ProtocolViolation('a document of a wrong length');
    documents.push(section.subarray(at, at + size));
    at += size;
  }
  return [section.toString('utf8', 4, nameEnd), documents];
}

function parseQuery(frame: Buffer, id: number): Request {
  const nameEnd = frame.indexOf(0, HEADER + 4);
  const start = nameEnd + 9;
  if (nameEnd < 0 || start + 5 > frame.length) throw new ProtocolViolation('a query that is cut short');
  const namespace = frame.toString('utf8', HEADER + 4, nameEnd);
  const size = frame.readInt32LE(start);
  if (size < 5 || start + size > frame.length || !namespace.endsWith('.$cmd'))
    throw new ProtocolViolation('a query that is no command');
  const body = decodeDocument(frame.subarray(start, start + size));
  if (!/^(?:hello|ismaster)$/i.test(body.keys().next().value ?? ''))
    throw new CommandFailure(352, 'Unsupported OP_QUERY command: only the handshake comes as a query');
  body.set('$db', namespace.slice(0, -'.$cmd'.length));
  return { id, legacy: true, expectsReply: true, body, frame };
}

/** The frame of a reply. */
export function encodeReply(request: { id: number; legacy: boolean }, replyId: number, reply: Reply): Buffer {
  const before = request.legacy ? HEADER + 20 : HEADER + 5;
  const frame = Buffer.isBuffer(reply) ? Buffer.concat([Buffer.alloc(before), reply]) : encodeBehind(before, reply);
  if (frame.length > MAX_MESSAGE) throw new CommandFailure(10334, 'the reply is larger than a message may be');
  frame.writeInt32LE(frame.length, 0);
  frame.writeInt32LE(replyId, 4);
  frame.writeInt32LE(request.id, 8);
  frame.writeInt32LE(request.legacy ? OP_REPLY : OP_MSG, 12);
  frame.writeInt32LE(request.legacy ? AWAIT_CAPABLE : 0, HEADER);
  if (request.legacy) frame.fill(0, HEADER + 4, before).writeInt32LE(1, HEADER + 16);
  else frame[HEADER + 4] = 0;
  return frame;
}
