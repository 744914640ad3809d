import type { Duplex } from 'node:stream';
import {
  CLOSE_CODES,
  type Author,
  type CloseCode,
  type EventName,
  type Events,
  type PersonStatus,
  type UserRole,
} from '@parley/contract';
import type { WebSocket } from 'ws';
import { OneATurn } from '../common/one-a-turn';
import { eventEnvelope, joinEnvelopes } from './frames';
import { encodeTextFrame, type SharedFrame } from './shared-frame';

/** Past this many bytes in the socket's own buffer, frames wait in the connection's queue, where they can be dropped. */
const SOCKET_BUFFER_BYTES = 64 * 1024;

/**
 * So many bytes are on their way before the client has said that it has read some of them. What it does not read would
 * fill the kernel's buffers otherwise, megabytes for each, and to write there costs more than to one who reads.
 */
const WINDOW_BYTES = 256 * 1024;

/** What has waited goes out in frames of about so many UTF-16 units, so that a client that reads on is not sent all at once. */
const FRAME_LENGTH = 64 * 1024;

/** A socket that does not answer the close within this many milliseconds is cut. */
const CLOSE_WITHIN_MS = 5_000;

/** So long, in milliseconds, a client may take to read what is waiting for it before the connection closes. */
const PART_WITHIN_MS = 2_000;

/** Where many read too slowly, all are found to be so at the same moment. */
const endings = new OneATurn();

/** Who somebody is on the gateway. */
export interface Person extends Author {
  role: UserRole;
  status: PersonStatus;
}

/**
 * Who has signed in on a connection. Shared by the connections of a session; `user` by all of a person, so that a new
 * name reaches all.
 */
export interface Identity {
  user: Person;
  session: { id: string; expiresAt: Date };
}

/** What a connection is allowed to keep. */
export interface ConnectionLimits {
  /** How much may wait for a slow reader, in UTF-16 units: about as many bytes. */
  queueBytes: number;
}

/** A place in what a connection sends, kept for something that is not known yet. What is told later waits behind it. */
export interface Slot {
  /** Puts envelopes, or none, into the place. Only the first call counts. */
  fill(envelopes: readonly string[]): void;
  /** As `fill`, for the last words of a connection: what was told behind the place is dropped. */
  fillLast(envelopes: readonly string[]): void;
}

/**
 * One client's socket, from its upgrade to its end: what goes out, in order, as few writes as possible, and never more
 * waiting than `queueBytes`. What one turn of the event loop tells joins one frame.
 */
export class Connection {
  /** Set by `signIn`; cleared where a sign-in could not be finished. */
  identity: Identity | undefined;
  /** Ended by the server or the client; nothing is taken to be sent any more. */
  closed = false;
  /** Whether anything was heard since the last heartbeat. */
  alive = true;

  private queue: (string | Part)[] = [];
  private queuedLength = 0;
  private blocked = false;
  /** Bytes of frames: written, written before the newest ping, and read as the client has said. */
  private written = 0;
  private asked = 0;
  private read = 0;
  private flushing = false;
  private signInDue: NodeJS.Timeout | undefined;
  /** While the last of what waits is sent: how the connection closes afterwards, or when the client takes too long. */
  private parting: { close: () => void; due: NodeJS.Timeout } | undefined;

  constructor(
    readonly socket: WebSocket,
    private readonly transport: Duplex,
    /** The peer's address, for limits and the log. */
    readonly address: string,
    private readonly limits: ConnectionLimits,
  ) {}

  /** Closes the connection unless somebody signs in on it within so many milliseconds. */
  expectSignIn(withinMs: number): void {
    this.signInDue = setTimeout(() => {
      this.close(CLOSE_CODES.authenticateTimeout, 'authenticate did not come in time.');
    }, withinMs);
    this.signInDue.unref();
  }

  /** The connection is somebody's. */
  signIn(identity: Identity): void {
    this.identity = identity;
    clearTimeout(this.signInDue);
    this.signInDue = undefined;
  }

  /** What waits for the client, here and in its socket: about as many bytes. */
  get queuedBytes(): number {
    return this.queuedLength + this.transport.writableLength;
  }

  /** Tells an event at the end of this turn. */
  tell<E extends EventName>(event: E, data: Events[E]): void {
    this.enqueue(eventEnvelope(event, data));
  }

  /** Sends frames of rooms, in one write: at once where nothing is waiting before them. */
  share(frames: readonly SharedFrame[]): void {
    if (this.closed) return;
    if (this.isHeld || this.queue.length > 0) for (const frame of frames) this.put(frame, frame.length);
    else this.write(frames.length === 1 ? frames[0]!.bytes : Buffer.concat(frames.map(({ bytes }) => bytes)));
  }

  /** Sends what a client can do without, as one that reads too slowly has to. */
  whisper(frame: SharedFrame): void {
    if (!this.isHeld) this.share([frame]);
  }

  /** Adds an envelope to what goes out at the end of this turn. */
  enqueue(envelope: string): void {
    this.put(envelope, envelope.length);
  }

  private put(part: string | Part, length: number): void {
    if (this.closed) return;
    this.queue.push(part);
    this.queuedLength += length;
    this.bound();
    this.flushSoon();
  }

  /** Keeps the next place: a reply, say, comes before whatever happens from this moment on. */
  reserve(): Slot {
    const reserved: Part = { envelopes: undefined };
    if (!this.closed) this.queue.push(reserved);
    return {
      fill: (envelopes) => this.fill(reserved, envelopes),
      fillLast: (envelopes) => {
        this.dropBehind(reserved);
        this.fill(reserved, envelopes);
      },
    };
  }

  /** Answers a ping, but for one of a client that does not read what it gets: its pongs would pile up without bound. */
  pong(data: Buffer): void {
    if (!this.closed && this.socket.bufferedAmount <= SOCKET_BUFFER_BYTES) this.socket.pong(data);
  }

  /**
   * Asks whether the client is there, and how far it has read: a pong comes in its place in what it reads, and carries
   * what its ping did. Of several pings the client need only answer the newest.
   */
  ping(): void {
    this.asked = this.written;
    this.socket.ping(String(this.written));
  }

  /** The client has sent a pong: it is there, and perhaps it says how far it has read. */
  heard(pong: Buffer): void {
    this.alive = true;
    const read = Number(pong.toString('latin1'));
    if (!(read > this.read && read <= this.asked)) return;
    this.read = read;
    this.ask();
    this.flush();
  }

  /** Drops what is waiting and closes with a code, soon; cuts the socket where the client does not answer. */
  close(code: CloseCode, reason: string): void {
    if (this.isOver) return;
    this.takeNoMore();
    clearTimeout(this.parting?.due);
    this.parting = undefined;
    this.queue = [];
    this.queuedLength = 0;
    endings.add(() => this.sayGoodbye(code, reason));
  }

  /** Takes no more, sends what is waiting as far as the client reads it in time, then closes with a code. */
  closeAfterFlush(code: CloseCode, reason: string): void {
    if (this.closed) return;
    this.takeNoMore();
    // Its pongs, which say how far it has read, are not heard while reading pauses.
    this.socket.resume();
    const close = (): void => this.close(code, reason);
    this.parting = { close, due: setTimeout(close, PART_WITHIN_MS).unref() };
    this.flush();
  }

  private takeNoMore(): void {
    this.closed = true;
    clearTimeout(this.signInDue);
  }

  /** Whether nothing is sent any more, not even what was waiting. */
  private get isOver(): boolean {
    return this.closed && !this.parting;
  }

  /** Ends the connection without a word, soon. */
  cut(): void {
    endings.add(() => this.socket.terminate());
  }

  private sayGoodbye(code: CloseCode, reason: string): void {
    // The client's answer to the close is not read while reading pauses.
    this.socket.resume();
    this.socket.close(code, reason);
    const cut = setTimeout(() => this.cut(), CLOSE_WITHIN_MS);
    cut.unref();
    this.socket.once('close', () => clearTimeout(cut));
  }

  private fill(reserved: Part, envelopes: readonly string[]): void {
    if (this.isOver || reserved.envelopes) return;
    reserved.envelopes = envelopes;
    const isAlone = this.queue.length === 1 && this.queue[0] === reserved;
    if (envelopes.length === 0 && isAlone && !this.parting) return void this.queue.pop();
    for (const each of envelopes) this.queuedLength += each.length;
    // A lone large reply may pass where the reader keeps up; behind a full socket it counts like everything else.
    if (this.isHeld) this.bound();
    this.flushSoon();
  }

  private dropBehind(reserved: Part): void {
    const dropped = this.queue.splice(this.queue.indexOf(reserved) + 1);
    const envelopes = dropped.flatMap((each) => (typeof each === 'string' ? each : (each.envelopes ?? [])));
    for (const each of envelopes) this.queuedLength -= each.length;
  }

  private bound(): void {
    if (this.queuedLength > this.limits.queueBytes) this.close(CLOSE_CODES.tooSlowOrFast, 'Too slow: sync again.');
  }

  private flushSoon(): void {
    if (this.flushing || this.isHeld || this.isOver) return;
    this.flushing = true;
    setImmediate(() => {
      this.flushing = false;
      this.flush();
    });
  }

  /** Sends what waits, as far as the client may get it now. */
  private flush(): void {
    while (!this.isOver && !this.isHeld) {
      const envelopes = this.takeReady();
      if (envelopes.length === 0) break;
      this.write(encodeTextFrame(joinEnvelopes(envelopes)));
    }
    if (this.queue.length === 0) this.parting?.close();
  }

  /** What waits, up to the first place that is still empty, and enough for one frame. */
  private takeReady(): string[] {
    const envelopes: string[] = [];
    let [parts, length] = [0, 0];
    for (const part of this.queue) {
      const ready = typeof part === 'string' ? [part] : part.envelopes;
      if (!ready || length >= FRAME_LENGTH) break;
      envelopes.push(...ready);
      for (const each of ready) length += each.length;
      parts += 1;
    }
    this.queue = this.queue.slice(parts);
    this.queuedLength -= length;
    return envelopes;
  }

  /** Past ws, which would write each header apart, and build it anew for each connection of a room. */
  private write(frames: Buffer): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.transport.write(frames);
    this.written += frames.length;
    this.ask();
    this.wait();
  }

  private get isHeld(): boolean {
    return this.blocked || this.unread > WINDOW_BYTES;
  }

  private get unread(): number {
    return this.written - this.read;
  }

  /** Early enough that one who reads is never held up. */
  private ask(): void {
    if (this.asked === this.read && this.unread >= WINDOW_BYTES / 2) this.ping();
  }

  /** What follows stays in the queue, where it can be dropped, until a full socket has drained. */
  private wait(): void {
    if (this.transport.writableLength <= SOCKET_BUFFER_BYTES) return;
    this.blocked = true;
    this.transport.once('drain', () => {
      this.blocked = false;
      this.flush();
    });
  }
}

/** Some of what waits: a frame of rooms, or a kept place, which may be empty still. */
interface Part {
  envelopes: readonly string[] | undefined;
}
