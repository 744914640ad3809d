import { MongoClient, type Db } from 'mongodb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Address } from '../support/people';
import { ServerProcess } from '../support/server-process';

const MAIN = 'dist/apps/api/src/main.js';

/**
 * A built server as a process of its own on a data directory, that is killed and started again on the same, at the
 * same address.
 */
export class MortalServer implements Address {
  url = '';
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'parley-kill-'));
  private process: ServerProcess | undefined;

  /** @param main what starts the built server. */
  constructor(private readonly main = MAIN) {}

  get gatewayUrl(): string {
    return `${this.url.replace('http', 'ws')}/ws`;
  }

  async starts(): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port;
    const env = { PORT: port, HOST: '127.0.0.1', DATA_DIR: this.dataDir, LOG_LEVEL: 'error', RATE_LIMITS: 'off' };
    this.process = ServerProcess.run([process.execPath, this.main], { ...env, MONGO_URI: '' });
    this.url = await this.process.address();
  }

  /** As the kernel does it when memory runs out: at once, without a word. */
  async isKilled(): Promise<void> {
    this.process?.signal('SIGKILL');
    await this.process?.ended;
  }

  /** Looks into the database of the running server, past the server. */
  async looksInto<T>(work: (database: Db) => Promise<T>): Promise<T> {
    const socket = encodeURIComponent(join(this.dataDir, 'db', 'mongo.sock'));
    const client = await new MongoClient(`mongodb://${socket}/?directConnection=true`).connect();
    return work(client.db('parley')).finally(() => client.close());
  }

  async isGone(): Promise<void> {
    await this.isKilled();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
