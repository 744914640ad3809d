import { deserialize, serialize, UUID, type Document } from 'bson';
import { Engine } from '../engine';
import { encodeReply, parseRequest } from '../wire/frames';

/** The frame of a command. */
export function frameOf(command: Document): Buffer {
  const body = Buffer.from(serialize(command, { ignoreUndefined: true }));
  const head = Buffer.alloc(21);
  head.writeInt32LE(21 + body.length, 0);
  head.writeInt32LE(2013, 12);
  return Buffer.concat([head, body]);
}

/** An engine in this thread, spoken to in plain documents, with a clock of its own. */
export class EngineHarness {
  now = Date.UTC(2026, 0, 1);
  readonly engine: Engine;

  constructor(directory?: string) {
    const server = { address: '127.0.0.1:1' };
    this.engine = new Engine({ directory, server, now: () => this.now, elapsed: () => this.now });
  }

  /** Sends a command, its name in front, and answers the reply. */
  run(command: Document, connection = 1): Promise<Document> {
    const request = parseRequest(frameOf({ ...command, $db: command['$db'] ?? 'test' }));
    return new Promise((done) => {
      this.engine.submit(request, connection, (reply) =>
        done(deserialize(encodeReply({ id: 1, legacy: false }, 1, reply).subarray(21), { promoteLongs: true })),
      );
    });
  }

  /** The documents that a `find` gives, all of them. */
  async find(collection: string, filter: Document = {}, options: Document = {}): Promise<Document[]> {
    const reply = await this.run({ find: collection, filter, batchSize: 100_000, ...options });
    if (reply['ok'] !== 1) throw new Error(`${reply['code']}: ${reply['errmsg']}`);
    return (reply['cursor'] as Document)['firstBatch'] as Document[];
  }

  async insert(collection: string, ...documents: Document[]): Promise<Document> {
    return this.run({ insert: collection, documents });
  }

  /** A new session's `lsid`. */
  session(): { id: UUID } {
    return { id: new UUID() };
  }

  close(): void {
    void this.engine.close();
  }
}
