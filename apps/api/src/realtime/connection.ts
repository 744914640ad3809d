import type { Duplex } from 'node:stream';
import { CLOSE_CODES, type Author, type CloseCode, type EventName, type Events } from '@parley/contract';
import type { WebSocket } from 'ws';
import { eventEnvelope, joinEnvelopes } from './frames';
import type { SharedFrame } from './shared-frame';

/** Past this many bytes in the socket's own buffer, frames wait in the connection's queue, where they can be dropped. */
const SOCKET_BUFFER_BYTES = 64 * 1024;

/** A socket that does not answer the close within this many milliseconds is cut. */
const CLOSE_WITHIN_MS = 5_000;

const AS_TEXT = { binary: false } as const;

/** Who has signed in on a connection. `user` is shared by a person's connections, so that a new name reaches all. */
export interface Identity {
  user: Author;
  session: { id: string; expiresAt: Date };
}

/** What a connection is allowed to keep, and whom it tells of its end. */
export interface ConnectionLimits {
  /** Bytes that may wait for a slow reader. */
  queueBytes: number;
}

/**
 * One client's socket, from its upgrade to its end: what goes out, in order, as few writes as possible, and never more
 * waiting than `queueBytes`. Within one turn of the event loop everything that is told joins one frame.
 */
export class Connection {
  /** Set by sign-in. */
  identity: Identity | undefined;
  /** Ended by the server or the client; nothing is sent any more. */
  closed = false;
  /** Whether anything was heard since the last heartbeat. */
  alive = true;

  private queue: string[] = [];
  private queuedLength = 0;
  private afterReply: string[] | undefined;
  private held = false;
  private blocked = false;
  private flushing = false;

  constructor(
    readonly socket: WebSocket,
    private readonly transport: Duplex,
    /** The peer's address, for limits and the log. */
    readonly address: string,
    private readonly limits: ConnectionLimits,
  ) {}

  /** Tells an event at the end of this turn. */
  tell<E extends EventName>(event: E, data: Events[E]): void {
    this.enqueue(eventEnvelope(event, data));
  }

  /** Tells an event right after the reply of the command that is being handled. */
  tellAfterReply<E extends EventName>(event: E, data: Events[E]): void {
    (this.afterReply ??= []).push(eventEnvelope(event, data));
  }

  /** Sends a reply's envelope (none where no reply was asked for) at the end of this turn, then what comes after it. */
  reply(envelope: string | undefined): void {
    if (envelope !== undefined) this.enqueue(envelope);
    const after = this.afterReply;
    this.afterReply = undefined;
    after?.forEach((each) => this.enqueue(each));
  }

  /** Sends a room's frame: at once where nothing is waiting before it. */
  share(frame: SharedFrame): void {
    if (this.closed) return;
    if (this.held || this.blocked || this.queue.length > 0) frame.envelopes.forEach((each) => this.enqueue(each));
    else this.write(frame.bytes);
  }

  /** Adds an envelope to what goes out at the end of this turn. */
  enqueue(envelope: string): void {
    if (this.closed) return;
    this.queue.push(envelope);
    this.queuedLength += envelope.length;
    if (this.queuedLength > this.limits.queueBytes) this.close(CLOSE_CODES.tooSlowOrFast, 'Too slow: sync again.');
    else this.flushSoon();
  }

  /** Keeps everything back until `release`, so that a reply comes before what happened after it. */
  hold(): void {
    this.held = true;
  }

  /** Ends `hold`. */
  release(): void {
    this.held = false;
    if (this.queue.length > 0) this.flushSoon();
  }

  /** Drops what is waiting and closes with a code; cuts the socket where the client does not answer. */
  close(code: CloseCode, reason: string): void {
    if (this.closed) return;
    this.closed = true;
    this.queue = [];
    this.queuedLength = 0;
    this.socket.close(code, reason);
    const cut = setTimeout(() => this.socket.terminate(), CLOSE_WITHIN_MS);
    cut.unref();
    this.socket.once('close', () => clearTimeout(cut));
  }

  /** Sends what is waiting, then closes with a code. */
  closeAfterFlush(code: CloseCode, reason: string): void {
    this.held = false;
    this.flush();
    this.close(code, reason);
  }

  private flushSoon(): void {
    if (this.flushing || this.held || this.blocked) return;
    this.flushing = true;
    setImmediate(() => {
      this.flushing = false;
      this.flush();
    });
  }

  private flush(): void {
    if (this.closed || this.held || this.blocked || this.queue.length === 0) return;
    const frame = joinEnvelopes(this.queue);
    this.queue = [];
    this.queuedLength = 0;
    this.write(frame);
  }

  private write(frame: string | Buffer): void {
    this.socket.send(frame, AS_TEXT);
    if (this.socket.bufferedAmount <= SOCKET_BUFFER_BYTES) return;
    this.blocked = true;
    this.transport.once('drain', () => {
      this.blocked = false;
      this.flush();
    });
  }
}
