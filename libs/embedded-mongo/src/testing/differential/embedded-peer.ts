import { decodeDocument } from '../../bson/decode';
import type { Doc } from '../../bson/values';
import { Engine } from '../../engine';
import { failureReply } from '../../failure';
import { encodeReply, parseRequest, type Reply } from '../../wire/frames';
import { frameOf, type Peer } from './socket-peer';

/** The library itself, in this thread and in memory, its frames encoded and decoded as on a socket. */
export class EmbeddedPeer implements Peer {
  private readonly engine = new Engine({
    directory: undefined,
    server: { address: '127.0.0.1:1' },
    now: Date.now,
    elapsed: () => performance.now(),
  });

  run(command: Doc): Promise<Doc> {
    return new Promise((done) => {
      const answer = (reply: Reply): void =>
        done(decodeDocument(encodeReply({ id: 1, legacy: false }, 1, reply).subarray(21)));
      try {
        this.engine.submit(parseRequest(frameOf(command)), 1, answer);
      } catch (error) {
        answer(failureReply(error));
      }
    });
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}
