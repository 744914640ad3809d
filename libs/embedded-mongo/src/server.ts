import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { REPLICA_SET } from './commands/server-commands';
import { Engine } from './engine';
import { Authentication, storeCredentials, type Credentials, type StoredCredentials } from './wire/authentication';
import { Connection } from './wire/connection';

/** How an embedded server is set up. */
export interface EmbeddedMongoOptions {
  /** Where the data is kept; made with rights for the owner only. Absent: the data lives in memory and dies with `stop`. */
  directory?: string;
  /**
   * Listens on this TCP port of 127.0.0.1 (0: any free one), for those who sign in with these credentials; without
   * credentials, with a password that only the connection string knows. Absent: a Unix socket that only the owner can open.
   */
  listen?: { port: number; credentials?: Credentials };
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
    const { listen: tcp, sweepEveryMs = DEFAULT_SWEEP_MS } = options;
    const directory = options.directory === undefined ? undefined : resolve(options.directory);
    const facts = { address: '' };
    const engine = new Engine({ directory, server: facts, now: Date.now, elapsed: () => performance.now() });
    const temporary = tcp || socketPath(directory) ? undefined : mkdtempSync(join(tmpdir(), 'mongo-'));
    const listener = createServer({ noDelay: true });
    try {
      const path = tcp ? undefined : (socketPath(directory) ?? join(temporary!, 'mongo.sock'));
      facts.address = await listen(listener, path, tcp?.port ?? 0);
    } catch (error) {
      await engine.close();
      if (temporary) rmSync(temporary, { recursive: true, force: true });
      throw error;
    }
    const sweeper = setInterval(() => engine.sweep(), sweepEveryMs).unref();
    const credentials = tcp && (tcp.credentials ?? { user: 'embedded', password: randomBytes(24).toString('hex') });
    const server = new MongoServer(uriOf(facts.address, credentials), engine, listener, sweeper, temporary);
    const stored = credentials && storeCredentials(credentials);
    listener.on('connection', (socket: Socket) => server.accept(socket, stored));
    return server;
  }

  /** Stops listening, finishes what came in, and closes the database. */
  async stop(): Promise<void> {
    clearInterval(this.sweeper);
    const closed = new Promise<void>((done) => this.listener.close(() => done()));
    await this.engine.close();
    for (const socket of this.sockets) socket.end(() => socket.destroy());
    await closed;
    if (this.temporary) rmSync(this.temporary, { recursive: true, force: true });
  }

  private accept(socket: Socket, stored: StoredCredentials | undefined): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    new Connection(socket, ++this.connections, this.engine, stored && new Authentication(stored));
  }
}

function uriOf(address: string, credentials?: Credentials): string {
  const [user, password] = [credentials?.user, credentials?.password].map((part) => encodeURIComponent(part ?? ''));
  const who = credentials ? `${user}:${password}@` : '';
  const host = encodeURIComponent(address).replace('%3A', ':');
  const sign = credentials ? '&authSource=admin&authMechanism=SCRAM-SHA-256' : '';
  return `mongodb://${who}${host}/?directConnection=true&replicaSet=${REPLICA_SET}${sign}`;
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
