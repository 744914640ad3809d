import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Engine } from './engine';
import { Connection } from './wire/connection';

/** How an embedded server is set up. */
export interface EmbeddedMongoOptions {
  /** Where the data is kept; made with rights for the owner only. Absent: the data lives in memory and dies with `stop`. */
  directory?: string;
  /** Listens on this TCP port of 127.0.0.1 (0: any free one). Absent: a Unix socket that only the owner can open. */
  listen?: { port: number };
  /** The name of the replica set that it says it is. */
  replicaSet?: string;
  /** How often documents of TTL indexes, idle cursors and transactions are looked at. */
  sweepEveryMs?: number;
}

/** Longer paths do not fit the operating system's address of a Unix socket. */
const LONGEST_SOCKET_PATH = 100;
const DEFAULT_SWEEP_MS = 60_000;

/** The engine behind its listening socket, in the thread that it is started in. */
export class MongoServer {
  private readonly sockets = new Set<Socket>();
  private connections = 0;
  private constructor(
    readonly uri: string,
    private readonly engine: Engine,
    private readonly listener: Server,
    private readonly sweeper: NodeJS.Timeout,
    private readonly temporary: string | undefined,
  ) {}

  /** Opens the database and listens. */
  static async start(options: EmbeddedMongoOptions = {}): Promise<MongoServer> {
    const replicaSet = options.replicaSet ?? 'embedded';
    const directory = options.directory === undefined ? undefined : resolve(options.directory);
    const facts = { address: '', replicaSet, startedAt: Date.now() };
    const engine = new Engine({ directory, server: facts, now: Date.now });
    const temporary = options.listen || socketPath(directory) ? undefined : mkdtempSync(join(tmpdir(), 'mongo-'));
    const listener = createServer({ noDelay: true });
    try {
      const path = options.listen ? undefined : (socketPath(directory) ?? join(temporary!, 'mongo.sock'));
      facts.address = await listen(listener, path, options.listen?.port ?? 0);
    } catch (error) {
      engine.close();
      if (temporary) rmSync(temporary, { recursive: true, force: true });
      throw error;
    }
    const sweeper = setInterval(() => engine.sweep(), options.sweepEveryMs ?? DEFAULT_SWEEP_MS).unref();
    const uri = `mongodb://${encodeURIComponent(facts.address).replace('%3A', ':')}/?directConnection=true&replicaSet=${encodeURIComponent(replicaSet)}`;
    const server = new MongoServer(uri, engine, listener, sweeper, temporary);
    listener.on('connection', (socket: Socket) => server.accept(socket));
    return server;
  }

  /** Stops listening, finishes what came in, and closes the database. */
  async stop(): Promise<void> {
    clearInterval(this.sweeper);
    const closed = new Promise<void>((done) => this.listener.close(() => done()));
    this.engine.close();
    for (const socket of this.sockets) socket.end(() => socket.destroy());
    await closed;
    if (this.temporary) rmSync(this.temporary, { recursive: true, force: true });
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    new Connection(socket, ++this.connections, this.engine);
  }
}

/** The socket inside the data directory, where its path is short enough. */
function socketPath(directory: string | undefined): string | undefined {
  const path = directory && join(directory, 'mongo.sock');
  return path && Buffer.byteLength(path) <= LONGEST_SOCKET_PATH ? path : undefined;
}

function listen(listener: Server, path: string | undefined, port: number): Promise<string> {
  return new Promise((done, failed) => {
    listener.once('error', failed);
    const listening = (): void => {
      listener.off('error', failed);
      if (path !== undefined) chmodSync(path, 0o600);
      const address = listener.address();
      done(typeof address === 'object' && address ? `127.0.0.1:${address.port}` : path!);
    };
    if (path === undefined) listener.listen(port, '127.0.0.1', listening);
    else {
      rmSync(path, { force: true });
      listener.listen(path, listening);
    }
  });
}
