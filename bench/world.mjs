/**
 * The people and rooms that a run needs, made once through the project's own doors and kept as a data directory. Each
 * measurement gets a copy, so that it begins with the same database, and nobody waits for password hashes again.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startServer } from './processes.mjs';

const PASSWORD = 'not a secret 1';
const AT_ONCE = 8;
const PER_CALL = 200;

export class World {
  accounts = [];
  rooms = new Map();
  #base;
  #copies = 0;

  constructor(node, main, directory) {
    this.node = node;
    this.main = main;
    this.directory = mkdtempSync(join(directory, 'parley-bench-'));
    this.#base = join(this.directory, 'base');
  }

  /** Signs `people` up and in, and makes each scenario's rooms. */
  async build(people, scenarios) {
    const server = await this.#start(this.#base);
    const call = caller(server.url);
    try {
      this.accounts = await inParallel(people, (index) => signUp(call, index));
      for (const { key, rooms = [] } of scenarios) {
        this.rooms.set(key, await inParallel(rooms.length, (at) => this.#makeRoom(call, `${key} ${at}`, rooms[at])));
      }
    } finally {
      await server.stop();
    }
  }

  /** A project server on a copy of the data. */
  async startCopy(options) {
    const data = this.copy();
    const server = await this.#start(data, options);
    void server.ended.then(() => rmSync(data, { recursive: true, force: true }));
    return server;
  }

  /** A copy of the data, for a server that is to be started on it more than once. */
  copy() {
    const data = join(this.directory, `copy-${++this.#copies}`);
    cpSync(this.#base, data, { recursive: true, filter: (path) => !path.endsWith('.sock') });
    return data;
  }

  /** A project server on a folder that `copy` has made. */
  startOn(data, port) {
    return startServer(this.node, this.main, { env: { DATA_DIR: data, ...PROJECT_ENV, PORT: String(port) } });
  }

  remove() {
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  #start(data, options) {
    return startServer(this.node, this.main, { ...options, env: { DATA_DIR: data, ...PROJECT_ENV } });
  }

  async #makeRoom(call, name, members) {
    const [owner, ...others] = members.map((index) => this.accounts[index]);
    const ids = others.map(({ id }) => id);
    const { id } = await call(
      'POST',
      '/api/rooms',
      { name: `bench ${name}`, users: ids.slice(0, PER_CALL) },
      owner.token,
    );
    for (let at = PER_CALL; at < ids.length; at += PER_CALL) {
      await call('POST', `/api/rooms/${id}/members`, { users: ids.slice(at, at + PER_CALL) }, owner.token);
    }
    return { id, members };
  }
}

/** How the project is set up, beside its defaults. */
export const PROJECT_ENV = {
  PORT: '0',
  HOST: '127.0.0.1',
  RATE_LIMITS: 'off',
  LOG_LEVEL: 'error',
  CONNECTIONS_PER_USER: '1000',
  CONNECTIONS_PER_ADDRESS: '100000',
};

async function signUp(call, index) {
  const phone = `+8490${String(1_000_000 + index)}`;
  const name = `Person ${String(index).padStart(4, '0')}`;
  const { id } = await call('POST', '/api/signup', { name, phone, password: PASSWORD });
  const { token } = await call('POST', '/api/signin', { phone, password: PASSWORD });
  return { id, name, token };
}

function caller(url) {
  return async (method, path, body, token) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const response = await fetch(new URL(path, url), { method, headers, body: JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };
}

async function inParallel(count, work) {
  const results = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const at = next++;
      results[at] = await work(at);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
