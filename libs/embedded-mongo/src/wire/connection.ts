import type { Socket } from 'node:net';
import { CommandFailure } from '../failure';
import { failureReply } from './failure-reply';
import { encodeReply, FrameSplitter, parseRequest, ProtocolViolation, type Request } from './frames';
import type { Doc } from '../bson/values';

/** What a connection hands its requests to. */
export interface RequestHandler {
  submit(request: Request, connection: number, answer: (reply: Doc) => void): void;
  disconnected(connection: number): void;
}

let replies = 0;

/** One client: frames in, replies out. Whatever comes in, the worst is that this connection is closed. */
export class Connection {
  private readonly splitter = new FrameSplitter();

  constructor(
    private readonly socket: Socket,
    private readonly id: number,
    private readonly handler: RequestHandler,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => handler.disconnected(id));
  }

  private receive(chunk: Buffer): void {
    try {
      for (const frame of this.splitter.push(chunk)) this.handle(frame);
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      this.socket.destroy();
    }
  }

  private handle(frame: Buffer): void {
    let request: Request;
    try {
      request = parseRequest(frame);
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      this.send({ id: frame.readInt32LE(4), legacy: false }, failureReply(error));
      return;
    }
    this.handler.submit(request, this.id, (reply) => {
      if (request.expectsReply) this.send(request, reply);
    });
  }

  private send(request: { id: number; legacy: boolean }, reply: Doc): void {
    if (this.socket.destroyed) return;
    replies = (replies + 1) & 0x7fffffff;
    this.socket.write(encoded(request, reply));
  }
}

/** A reply that cannot be written, because it is too large, becomes one that says so. */
function encoded(request: { id: number; legacy: boolean }, reply: Doc): Buffer {
  try {
    return encodeReply(request, replies, reply);
  } catch (error) {
    return encodeReply(request, replies, failureReply(error));
  }
}
