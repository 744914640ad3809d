/** The two databases, each as a process on a directory that stays. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { inRoot } from '../../scripts/setup.mjs';
import { startMongod } from '../../scripts/mongod.mjs';
import { startServer } from '../processes.mjs';

const EMBEDDED = fileURLToPath(new URL('../peers/embedded-mongo.mjs', import.meta.url));
/** Enough for all that is measured: neither database waits for a disk to read from. */
const CACHE_GB = 1;

/** Each starts a server: where its socket is, which process it is, how long it took, how it stops. */
export const CONTENDERS = {
  mongod: {
    title: 'mongod 4.0',
    async start({ directory }) {
      const began = performance.now();
      const server = await startMongod(made(directory, 'mongod'), { cacheGB: CACHE_GB });
      return { ...server, startedIn: performance.now() - began };
    },
  },
  embedded: {
    title: 'embedded',
    async start({ directory, node, library = inRoot('dist/libs/embedded-mongo/src'), profileInto }) {
      const server = await startServer(node, EMBEDDED, { args: [library, made(directory, 'embedded')], profileInto });
      const said = Object.fromEntries([...server.url.searchParams].map(([name, value]) => [name, Number(value)]));
      return { socket: fileURLToPath(server.url), pid: server.child.pid, ...said, stop: () => server.stop() };
    },
  },
};

/** What a process occupies now, and has occupied at most, in bytes. */
export function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (name) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)[1]) * 1_024;
  return { now: bytes('VmRSS'), most: bytes('VmHWM') };
}

/** Seconds of CPU that a process has used. */
export function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function made(directory, name) {
  const path = join(directory, name);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
