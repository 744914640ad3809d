/** The MongoDB wire protocol, bare: commands out, replies in, one at a time a connection. Also for servers that the driver refuses. */
import { deserialize, serialize } from 'bson';
import { connect } from 'node:net';

const OP_MSG = 2013;
const BODY_AT = 21;
const REFUSALS = ['errmsg', 'writeErrors', 'writeConcernError'].map((name) => Buffer.from(`${name}\0`));

export class Wire {
  #socket;
  #chunks = [];
  #held = 0;
  #settle;
  #requests = 0;

  static async open(path) {
    const wire = new Wire();
    await wire.#connect(path);
    return wire;
  }

  #connect(path) {
    this.#socket = connect(path);
    this.#socket.on('data', (chunk) => this.#receive(chunk));
    return new Promise((opened, failed) => {
      this.#socket.once('connect', opened);
      this.#socket.on('error', (error) => (this.#settle?.failed ?? failed)(error));
      this.#socket.on('close', () => this.#settle?.failed(new Error('The server closed a connection.')));
    });
  }

  /** Sends a command and resolves to the bytes of its reply's document; one that is an error rejects. */
  send(command) {
    const body = serialize({ ...command, $db: command.$db ?? 'bench' }, { ignoreUndefined: true });
    const frame = Buffer.alloc(BODY_AT + body.length);
    frame.writeInt32LE(frame.length, 0);
    frame.writeInt32LE(++this.#requests, 4);
    frame.writeInt32LE(OP_MSG, 12);
    frame.set(body, BODY_AT);
    this.#socket.write(frame);
    return new Promise((done, failed) => (this.#settle = { done, failed }));
  }

  /** Sends a command and resolves to its reply. */
  async ask(command) {
    return deserialize(await this.send(command));
  }

  close() {
    this.#settle = undefined;
    this.#socket.destroy();
  }

  #receive(chunk) {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    if (this.#held < 4) return;
    if (this.#chunks[0].length < 4) this.#chunks = [Buffer.concat(this.#chunks)];
    if (this.#held < this.#chunks[0].readInt32LE(0)) return;
    const body = (this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks)).subarray(BODY_AT);
    this.#chunks = [];
    this.#held = 0;
    const { done, failed } = this.#settle;
    this.#settle = undefined;
    if (REFUSALS.some((name) => body.includes(name)))
      failed(new Error(JSON.stringify(deserialize(body)).slice(0, 500)));
    else done(body);
  }
}
