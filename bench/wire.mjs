/**
 * A WebSocket client that costs next to nothing: frames are read off the socket in one shared buffer, found by their
 * lengths, and handed on as they lie there, many at once. It knows what a load generator needs and no more: text
 * frames in, small text frames out, pings answered, a close frame told.
 */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

const SHARED = Buffer.allocUnsafe(256 * 1024);
const HEAD_END = '\r\n\r\n';
const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const SMALL = 126;
const LARGE = 127;

export class Wire {
  /** Gets a buffer that begins and ends with a frame; it is overwritten afterwards. */
  onFrames = () => undefined;
  onEnd = () => undefined;
  #rest;
  #open = false;
  #opened;
  #socket;

  constructor({ host, port }) {
    this.opened = new Promise((resolve, reject) => (this.#opened = { resolve, reject }));
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      onread: { buffer: SHARED, callback: (length, buffer) => this.#read(buffer.subarray(0, length)) },
    });
    this.#socket.on('connect', () => this.#socket.write(upgrade(host, port)));
    this.#socket.on('error', (error) => this.#end(error.message));
    this.#socket.on('close', () => this.#end('closed'));
  }

  /** Sends frames made by `frame`. */
  write(frames) {
    this.#socket.write(frames);
  }

  /** Reads nothing any more: what the server sends piles up. */
  pause() {
    this.#socket.pause();
  }

  resume() {
    this.#socket.resume();
  }

  destroy() {
    this.onEnd = () => undefined;
    this.#socket.destroy();
  }

  #end(reason) {
    this.#opened.reject(new Error(reason));
    this.onEnd(reason);
  }

  #read(chunk) {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#rest = undefined;
    const from = this.#open ? 0 : this.#handshake(bytes);
    if (from < 0) this.#rest = Buffer.from(bytes);
    else if (from < bytes.length) this.#split(bytes, from);
    return true;
  }

  #handshake(bytes) {
    const end = bytes.indexOf(HEAD_END);
    if (end < 0) return -1;
    const head = bytes.toString('latin1', 0, end);
    if (!head.startsWith('HTTP/1.1 101')) this.#end(head.split('\r\n')[0]);
    this.#open = true;
    this.#opened.resolve(this);
    return end + HEAD_END.length;
  }

  #split(bytes, from) {
    let at = from;
    let start = from;
    for (let next = frameEnd(bytes, at); next > 0; next = frameEnd(bytes, at)) {
      const opcode = bytes[at] & 15;
      if (opcode !== TEXT) {
        if (start < at) this.onFrames(bytes.subarray(start, at));
        this.#control(opcode, bytes.subarray(payloadStart(bytes, at), next));
        start = next;
      }
      at = next;
    }
    if (start < at) this.onFrames(start === 0 && at === bytes.length ? bytes : bytes.subarray(start, at));
    if (at < bytes.length) this.#rest = Buffer.from(bytes.subarray(at));
  }

  #control(opcode, payload) {
    if (opcode === PING) this.#socket.write(frame(payload, 0x8a));
    else if (opcode === CLOSE)
      this.#end(`close ${payload.length < 2 ? '' : payload.readUInt16BE(0)} ${payload.subarray(2)}`);
  }
}

/** Where the frame that begins at `at` ends; 0 where it is not all there. */
function frameEnd(bytes, at) {
  const left = bytes.length - at;
  if (left < 2) return 0;
  const size = bytes[at + 1];
  let end = at + 2 + size;
  if (size === SMALL) {
    if (left < 4) return 0;
    end = at + 4 + bytes.readUInt16BE(at + 2);
  } else if (size === LARGE) {
    if (left < 10) return 0;
    end = at + 10 + bytes.readUIntBE(at + 4, 6);
  }
  return end <= bytes.length ? end : 0;
}

function payloadStart(bytes, at) {
  const size = bytes[at + 1];
  if (size === SMALL) return at + 4;
  return size === LARGE ? at + 10 : at + 2;
}

/** The payloads of the frames in a buffer, as text. */
export function textsOf(frames) {
  const texts = [];
  for (let at = 0; at < frames.length; at = frameEnd(frames, at)) {
    texts.push(frames.toString('utf8', payloadStart(frames, at), frameEnd(frames, at)));
  }
  return texts;
}

/** A client's frame, masked with zeros: the server unmasks it all the same. */
export function frame(payload, first = 0x81) {
  const bytes = Buffer.from(payload);
  const long = bytes.length >= SMALL;
  const head = Buffer.alloc(long ? 8 : 6);
  head[0] = first;
  head[1] = 0x80 | (long ? SMALL : bytes.length);
  if (long) head.writeUInt16BE(bytes.length, 2);
  return Buffer.concat([head, bytes]);
}

function upgrade(host, port) {
  const key = randomBytes(16).toString('base64');
  return (
    `GET /ws HTTP/1.1\r\nHost: ${host}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`
  );
}
