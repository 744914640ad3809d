import { MongoClient, type Db } from 'mongodb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Address } from '../support/people';
import { ServerProcess } from '../support/server-process';

const MAIN = 'dist/apps/api/src/main.js';

export interface MortalServerOptions {
  /** What starts the built server. */
  main?: string;
  /** Variables of its configuration beside those of every test. */
  env?: Readonly<Record<string, string>>;
}

/**
 * A built server as a process of its own on a data directory, that is killed and started again on the same, at the
 * same address.
 */
export class MortalServer implements Address {
  url = '';
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'parley-kill-'));
  private process: ServerProcess | undefined;

  constructor(private readonly options: MortalServerOptions = {}) {}

  get gatewayUrl(): string {
    return `${this.url.replace('http', 'ws')}/ws`;
  }

  /** What tells a script of the operator's which server is meant. */
  get environment(): Readonly<Record<string, string>> {
    return { HOST: '127.0.0.1', DATA_DIR: this.dataDir, LOG_LEVEL: 'error', RATE_LIMITS: 'off', MONGO_URI: '' };
  }

  async starts(): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port;
    const { main = MAIN, env: more } = this.options;
    this.process = ServerProcess.run([process.execPath, main], { ...this.environment, PORT: port, ...more });
    this.url = await this.process.address();
  }

  /** As the kernel does it when memory runs out: at once, without a word. */
  async isKilled(): Promise<void> {
    this.process?.signal('SIGKILL');
    await this.process?.ended;
  }

  /** Stands still for so long, as on a machine that has other things to do, and goes on. */
  async isFrozen(forMs: number): Promise<void> {
    this.process?.signal('SIGSTOP');
    await pause(forMs);
    this.process?.signal('SIGCONT');
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
