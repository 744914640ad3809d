import { connect, type Socket } from 'node:net';
import { decodeDocument } from '../../bson/decode';
import { encodeDocument } from '../../bson/encode';
import type { Doc } from '../../bson/values';
import { FrameSplitter } from '../../wire/frames';

/** Whoever answers commands. */
export interface Peer {
  run(command: Doc): Promise<Doc>;
}

const OP_MSG = 2013;

/** A server at the other end of a socket, spoken to in OP_MSG: any version of MongoDB understands it. */
export class SocketPeer implements Peer {
  private readonly waiting: { answer: (reply: Doc) => void; fail: (error: Error) => void }[] = [];

  private constructor(private readonly socket: Socket) {
    const frames = new FrameSplitter();
    socket.on('data', (chunk) => {
      for (const frame of frames.push(chunk)) this.waiting.shift()?.answer(decodeDocument(frame.subarray(21)));
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.waiting.splice(0).forEach(({ fail }) => fail(new Error('the connection closed'))));
  }

  static connect(port: number): Promise<SocketPeer> {
    return new Promise((connected, failed) => {
      const socket = connect(port, '127.0.0.1', () => connected(new SocketPeer(socket)));
      socket.once('error', failed);
    });
  }

  run(command: Doc): Promise<Doc> {
    this.socket.write(frameOf(command));
    return new Promise((answer, fail) => this.waiting.push({ answer, fail }));
  }

  close(): void {
    this.socket.destroy();
  }
}

/** The frame of a command. */
export function frameOf(command: Doc): Buffer {
  const body = encodeDocument(command);
  const head = Buffer.alloc(21);
  head.writeInt32LE(21 + body.length, 0);
  head.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([head, body]);
}
