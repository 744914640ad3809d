import type { Socket } from 'node:net';
import { CommandFailure, failureReply } from '../failure';
import type { Authentication } from './authentication';
import { encodeReply, FrameSplitter, parseRequest, ProtocolViolation, type Reply, type Request } from './frames';

/** What a connection hands its requests to. */
export interface RequestHandler {
  submit(request: Request, connection: number, answer: (reply: Reply) => void): void;
  disconnected(connection: number): void;
}

/** With so many bytes that a client has not read, nothing more is done for it. */
const MOST_UNREAD_BYTES = 16 * 1024 * 1024;

let replies = 0;

/**
 * One client: frames in, replies out, one after the other. Whatever comes in, the worst is that this connection is
 * closed; a client that does not wait for its replies is not read from meanwhile.
 */
export class Connection {
  private readonly splitter = new FrameSplitter();
  private readonly waiting: Buffer[] = [];
  private answering = false;

  /** Without an `Authentication` everybody who can connect is let in. */
  constructor(
    private readonly socket: Socket,
    private readonly id: number,
    private readonly handler: RequestHandler,
    private readonly authentication?: Authentication,
  ) {
    this.limit();
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('drain', () => this.work());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => handler.disconnected(id));
  }

  private receive(chunk: Buffer): void {
    this.orClose(() => this.waiting.push(...this.splitter.push(chunk)));
    this.work();
  }

  private work(): void {
    while (this.waiting.length > 0 && this.isIdle) this.orClose(() => this.handle(this.waiting.shift()!));
    const pause = this.waiting.length > 0;
    if (pause !== this.socket.isPaused()) this.socket[pause ? 'pause' : 'resume']();
  }

  private get isIdle(): boolean {
    return !this.answering && this.socket.writableLength <= MOST_UNREAD_BYTES;
  }

  private handle(frame: Buffer): void {
    let request: Request;
    try {
      request = parseRequest(frame);
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      return this.send({ id: frame.readInt32LE(4), legacy: false }, failureReply(error));
    }
    const own = this.authentication?.answer(request.body);
    this.limit();
    if (own) return this.send(request, own);
    this.answering = true;
    this.handler.submit(request, this.id, (reply) => {
      this.answering = false;
      if (request.expectsReply) this.send(request, this.authentication?.complete(reply) ?? reply);
      this.work();
    });
  }

  /** Who has not said yet who they are needs no long frames. */
  private limit(): void {
    if (this.authentication) this.splitter.longest = this.authentication.longestFrame;
  }

  private orClose(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      this.waiting.length = 0;
      this.socket.destroy();
    }
  }

  private send(request: { id: number; legacy: boolean }, reply: Reply): void {
    if (this.socket.destroyed) return;
    replies = (replies + 1) & 0x7fffffff;
    this.socket.write(encoded(request, reply));
  }
}

/** A reply that cannot be written, because it is too large, becomes one that says so. */
function encoded(request: { id: number; legacy: boolean }, reply: Reply): Buffer {
  try {
    return encodeReply(request, replies, reply);
  } catch (error) {
    return encodeReply(request, replies, failureReply(error));
  }
}
