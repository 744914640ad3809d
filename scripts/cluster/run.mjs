/**
 * Several servers on one machine: the embedded database in this process, Redis beside it where `redis-server` is to be
 * had, and the servers on ports from PORT on. They end together.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import process from 'node:process';
import { fail, inRoot, say } from '../setup.mjs';
import { openDatabase } from './database.mjs';

const MOST = 16;
const FIRST_PORT = 6789;

const children = new Set();

async function main() {
  const count = Number(process.argv[2] ?? 3);
  if (!(Number.isInteger(count) && count >= 1 && count <= MOST))
    fail(`How many servers? A whole number up to ${MOST}.`);
  const database = process.env.MONGO_URI
    ? undefined
    : await openDatabase(process.env.DATA_DIR ?? './data').catch(refuse);
  endTogether(database);
  const env = { ...process.env, MONGO_URI: process.env.MONGO_URI || database.uri, REDIS_URL: await redisUrl() };
  const first = Number(process.env.PORT || FIRST_PORT);
  for (let index = 0; index < count; index++) {
    const main = inRoot('dist/apps/api/src/main.js');
    start(process.execPath, ['--enable-source-maps', main], { ...env, PORT: String(first && first + index) });
  }
}

function refuse({ message }) {
  fail(`The cluster cannot start: ${message}`);
}

/** The Redis that is named, or one of our own. Without one the servers find out from the database, a second later. */
async function redisUrl() {
  if (process.env.REDIS_URL) return process.env.REDIS_URL;
  const port = await freePort();
  if (spawnSync('redis-server', ['--version']).status === 0) {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    start('redis-server', [...options, '--loglevel', 'warning'], process.env);
  } else {
    say(
      'There is no redis-server here (Debian: apt-get install redis-server): messages take a second between servers.',
    );
  }
  return `redis://127.0.0.1:${port}`;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

function start(command, args, env) {
  const child = spawn(command, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
  children.add(child);
  child.on('exit', (code) => {
    children.delete(child);
    stop(code);
  });
}

let stop = () => undefined;

/** Who ends, for whatever reason, ends all; the database last. */
function endTogether(database) {
  let ending;
  stop = (code) => {
    if (ending === undefined) for (const child of children) child.kill('SIGTERM');
    ending ??= code ?? 0;
    if (children.size === 0) void Promise.resolve(database?.stop()).then(() => process.exit(ending));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0));
}

await main();
