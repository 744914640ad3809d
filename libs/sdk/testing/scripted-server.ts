import type { AddressInfo } from 'node:net';
import type { ClientFrame, CommandName, EventEnvelope, ServerEnvelope, WireError } from '@parley/contract';
import { type WebSocket, WebSocketServer } from 'ws';

/** A command as it came, of the name that was asked for. */
export type Command<C extends CommandName> = Extract<ClientFrame, { event: C }>;

/** One connection of a client, as the server of a test sees it. */
export class Peer {
  readonly #socket: WebSocket;
  readonly #inbox: ClientFrame[] = [];
  #wake = (): void => {};
  /** Resolves with the close code when the connection has ended. */
  readonly closed: Promise<number>;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#receive(JSON.parse(String(data)) as ClientFrame));
    this.closed = new Promise((resolve) => socket.on('close', resolve));
  }

  /** The next command of the client, which must be a `C`. */
  async command<C extends CommandName>(name: C): Promise<Command<C>> {
    while (this.#inbox.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    const frame = this.#inbox.shift();
    if (frame?.event !== name) throw new Error(`Expected ${name}, got ${JSON.stringify(frame)}`);
    return frame as Command<C>;
  }

  /** Commands that came and were not looked at. */
  get unread(): readonly ClientFrame[] {
    return this.#inbox;
  }

  /** Sends one envelope, or several in one frame. */
  send(...envelopes: ServerEnvelope[]): void {
    this.#socket.send(JSON.stringify(envelopes.length === 1 ? envelopes[0] : envelopes));
  }

  /** Sends any text at all. */
  sendRaw(text: string | Uint8Array): void {
    this.#socket.send(text);
  }

  reply({ id }: ClientFrame, data: unknown): void {
    this.sendRaw(JSON.stringify({ event: 'reply', id, data }));
  }

  refuse({ id }: ClientFrame, data: WireError): void {
    this.sendRaw(JSON.stringify({ event: 'error', id, data }));
  }

  event(envelope: EventEnvelope): void {
    this.send(envelope);
  }

  close(code: number, reason = ''): void {
    this.#socket.close(code, reason);
  }

  /** Cuts the line without a farewell. */
  cut(): void {
    this.#socket.terminate();
  }

  #receive(frame: ClientFrame): void {
    this.#inbox.push(frame);
    this.#wake();
  }
}

/** A WebSocket server that does what a test tells it, on a port of its own. */
export class ScriptedServer {
  readonly #server: WebSocketServer;
  readonly #arrived: Peer[] = [];
  #wake = (): void => {};

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#arrived.push(new Peer(socket));
      this.#wake();
    });
  }

  static async start(): Promise<ScriptedServer> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => server.once('listening', resolve));
    return new ScriptedServer(server);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ws`;
  }

  /** The next connection. */
  async accept(): Promise<Peer> {
    while (this.#arrived.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#arrived.shift() as Peer;
  }

  async stop(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
