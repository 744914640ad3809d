import { MongoClient, type Db } from 'mongodb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Line } from '../faults/line';
import type { Address } from './people';
import { RedisProcess } from './redis-process';
import { ServerProcess } from './server-process';

const MAIN = 'dist/apps/api/src/main.js';
const DATABASE = 'scripts/cluster/database.mjs';

/** Variables of the nodes' configuration that a spec wants otherwise. */
type Environment = Readonly<Record<string, string>>;

/** One api process of a cluster: built, on its own port, with a line of its own to the database. */
export class ClusterNode implements Address {
  url = '';
  private process: ServerProcess | undefined;

  constructor(
    /** Its line to the database: can be cut, mended, and lose answers. */
    readonly line: Line,
    private readonly environment: Environment,
    private readonly main: string,
  ) {}

  get gatewayUrl(): string {
    return `${this.url.replace('http', 'ws')}/ws`;
  }

  /** Starts it, at the address that it had before. */
  async starts(): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port;
    this.process = ServerProcess.run([process.execPath, this.main], { ...this.environment, PORT: port });
    this.url = await this.process.address();
  }

  /** As the kernel does it when memory runs out: at once, without a word. */
  async isKilled(): Promise<void> {
    this.process?.signal('SIGKILL');
    await this.process?.ended;
  }

  /** Stops it as a supervisor does; it finishes what it has begun. */
  async stops(): Promise<void> {
    this.process?.signal('SIGTERM');
    await this.process?.ended;
  }

  /** It keeps its connections and does nothing. */
  pauses(): void {
    this.process?.signal('SIGSTOP');
  }

  goesOn(): void {
    this.process?.signal('SIGCONT');
  }
}

/** Several api processes on one database, the embedded one in a process of its own, and one Redis. */
export class Cluster {
  private constructor(
    readonly nodes: readonly ClusterNode[],
    readonly redis: RedisProcess,
    private readonly database: ServerProcess,
    private readonly databaseUri: string,
    private readonly dataDir: string,
  ) {}

  /**
   * Starts a cluster with an empty database. @param main what starts a built node: a spec may plant something in it.
   */
  static async starts(count: number, environment: Environment = {}, main = MAIN): Promise<Cluster> {
    const dataDir = mkdtempSync(join(tmpdir(), 'parley-cluster-'));
    const redis = await RedisProcess.starts();
    const env = { DATA_DIR: dataDir, DATABASE_PORT: '0' };
    const database = ServerProcess.run([process.execPath, DATABASE], env);
    const [uri] = await database.said(/mongodb:\S+/);
    const common = {
      HOST: '127.0.0.1',
      DATA_DIR: dataDir,
      LOG_LEVEL: 'error',
      RATE_LIMITS: 'off',
      REDIS_URL: redis.url,
    };
    const nodes = await Promise.all(
      Array.from({ length: count }, async () => {
        const port = Number(/:(\d+)\//.exec(uri)?.[1]);
        const line = await Line.to(port);
        const MONGO_URI = uri.replace(`:${port}/`, `:${line.nearPort}/`);
        return new ClusterNode(line, { ...common, MONGO_URI, ...environment }, main);
      }),
    );
    const cluster = new Cluster(nodes, redis, database, uri, dataDir);
    try {
      await Promise.all(nodes.map((node) => node.starts()));
      return cluster;
    } catch (error) {
      await cluster.ends();
      throw error;
    }
  }

  /** Looks into the database, past the nodes. */
  async looksInto<T>(work: (database: Db) => Promise<T>): Promise<T> {
    const client = await new MongoClient(this.databaseUri).connect();
    return work(client.db('parley')).finally(() => client.close());
  }

  /** The end of all processes and data. */
  async ends(): Promise<void> {
    for (const node of this.nodes) node.goesOn();
    this.redis.goesOn();
    await Promise.all(this.nodes.map((node) => node.isKilled()));
    for (const { line } of this.nodes) line.close();
    await this.redis.stops();
    this.database.signal('SIGKILL');
    await this.database.ended;
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
