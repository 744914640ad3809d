/**
 * What several nodes cost: the same load on one process alone, on one node with Redis, and on two nodes whose people
 * write to rooms of their own, to rooms with people at both, and to one single room. Two servers that know nothing of
 * each other show what of it is due to the machine, which they share. `npm run bench:nodes` prints a table.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { frame, textsOf, Wire } from './wire.mjs';

const SECONDS = Number(process.env.SECONDS ?? 4);
/** Long enough that nodes no longer follow rooms that nobody there listens to. */
const WARM_UP_SECONDS = 6;
const IN_FLIGHT = 4;
const REDIS_PORT = 20_000 + (process.pid % 10_000);
const TICKS_PER_SECOND = 100;
const root = fileURLToPath(new URL('..', import.meta.url));
const children = [];

/** Who writes where: `node` of each person, the members of each room, and who of them writes. */
const SCENARIOS = [
  { title: 'alone, 8 rooms of 5', nodes: 1, redis: false, ...rooms(8, 5, () => 0) },
  { title: 'one node with Redis, 8 rooms of 5', nodes: 1, redis: true, ...rooms(8, 5, () => 0) },
  { title: 'two nodes, rooms of their own', nodes: 2, redis: true, ...rooms(8, 5, (_person, room) => room % 2) },
  { title: 'two nodes, 16 rooms of their own', nodes: 2, redis: true, ...rooms(16, 5, (_person, room) => room % 2) },
  { title: 'two servers without Redis, 8 rooms', nodes: 2, redis: false, ...rooms(8, 5, (_person, room) => room % 2) },
  {
    title: 'two servers without Redis, 16 rooms',
    nodes: 2,
    redis: false,
    ...rooms(16, 5, (_person, room) => room % 2),
  },
  { title: 'two nodes, everybody mixed', nodes: 2, redis: true, ...rooms(8, 5, (person) => person % 2) },
  { title: 'alone, one room of 40', nodes: 1, redis: false, ...rooms(1, 40, () => 0) },
  { title: 'two nodes, one room of 40', nodes: 2, redis: true, ...rooms(1, 40, (person) => person % 2) },
];

function rooms(count, size, nodeOf) {
  const people = Array.from({ length: count * size }, (_, person) => nodeOf(person, Math.floor(person / size)));
  const members = Array.from({ length: count }, (_, room) =>
    Array.from({ length: size }, (_, index) => room * size + index),
  );
  return { nodeOf: people, members, writers: count === 1 ? 4 : 2 };
}

function start(command, args, env, ready) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    let said = '';
    child.once('exit', () => reject(new Error(`${command} ended: ${said}`)));
    child.stdout.on('data', (text) => {
      const [, found] = ready.exec((said += text)) ?? [];
      if (found) resolve({ child, found });
    });
  });
}

async function startCluster({ nodes, redis }, directory) {
  const env = { DATA_DIR: directory, DATABASE_PORT: '0' };
  const database = await start(process.execPath, ['scripts/cluster/database.mjs'], env, /(mongodb:\S+)/);
  const store = ['--port', String(REDIS_PORT), '--bind', '127.0.0.1', '--save', ''];
  const hints = redis && (await start('redis-server', store, {}, /(Ready to accept)/));
  const common = {
    DATA_DIR: directory,
    HOST: '127.0.0.1',
    PORT: '0',
    RATE_LIMITS: 'off',
    LOG_LEVEL: 'error',
    MONGO_URI: database.found,
    REDIS_URL: redis ? `redis://127.0.0.1:${REDIS_PORT}` : '',
  };
  const main = ['dist/apps/api/src/main.js'];
  const servers = [];
  while (servers.length < nodes) servers.push(await start(process.execPath, main, common, /(http:\S+)/));
  return { database, hints, servers };
}

async function call(url, path, body, token) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(new URL(path, url), { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function signUp(url, index) {
  const person = { name: `Person ${index}`, phone: `+8490${1_000_000 + index}`, password: 'not a secret 1' };
  const { id } = await call(url, '/api/signup', person);
  const { token } = await call(url, '/api/signin', { phone: person.phone, password: person.password });
  return { id, token };
}

/** One connection: counts what it gets, and posts the next message for each reply where it writes. */
class Client {
  deliveries = 0;
  replies = 0;
  #ids = 0;
  #waits = [];

  constructor(url) {
    const { hostname, port } = new URL(url);
    this.wire = new Wire({ host: hostname, port: Number(port) });
    this.wire.onFrames = (frames) => this.#take(frames);
  }

  async signIn(token) {
    await this.wire.opened;
    const welcomed = new Promise((resolve) => (this.onWelcome = resolve));
    this.wire.write(frame(JSON.stringify({ event: 'authenticate', id: 'in', data: { token } })));
    await welcomed;
  }

  writes(room, name) {
    this.room = room;
    this.name = name;
    this.writing = true;
    for (let count = 0; count < IN_FLIGHT; count++) this.#post();
  }

  stop() {
    this.writing = false;
    return this.#waits.length === 0 ? Promise.resolve() : new Promise((resolve) => (this.onQuiet = resolve));
  }

  #post() {
    const data = { room: this.room, clientId: `${this.name}-${++this.#ids}`, text: 'What a load looks like' };
    this.#waits.push(performance.now());
    this.wire.write(frame(JSON.stringify({ event: 'postMessage', id: this.#ids, data })));
  }

  #take(frames) {
    for (const text of textsOf(frames)) {
      this.deliveries += text.split('"messagePosted"').length - 1;
      const replies = text.split('"event":"reply"').length - 1;
      if (text.includes('"event":"error"')) throw new Error(text.slice(0, 300));
      if (replies > 0 && this.onWelcome) this.#welcome();
      else for (let count = 0; count < replies; count++) this.#answered();
    }
  }

  #welcome() {
    this.onWelcome();
    this.onWelcome = undefined;
  }

  #answered() {
    this.replies++;
    latencies.push(performance.now() - this.#waits.shift());
    if (this.writing) this.#post();
    else if (this.#waits.length === 0) this.onQuiet?.();
  }
}

let latencies = [];

function cpuOf({ pid }) {
  const seconds = readdirSync(`/proc/${pid}/task`).map((id) => {
    const fields = readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  });
  return seconds.reduce((sum, each) => sum + each, 0);
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
const sum = (clients, field) => clients.reduce((total, client) => total + client[field], 0);

async function measure(scenario) {
  const directory = mkdtempSync(join(tmpdir(), 'parley-nodes-'));
  const { database, hints, servers } = await startCluster(scenario, directory);
  const urls = servers.map(({ found }) => found);
  const people = await Promise.all(scenario.nodeOf.map((node, index) => signUp(urls[node], index)));
  const clients = people.map((_, index) => new Client(urls[scenario.nodeOf[index]]));
  await Promise.all(clients.map((client, index) => client.signIn(people[index].token)));
  const made = [];
  for (const [index, members] of scenario.members.entries()) {
    const [owner, ...others] = members.map((member) => people[member]);
    const room = { name: `Room ${index}`, users: others.map(({ id }) => id) };
    made.push(await call(urls[scenario.nodeOf[members[0]]], '/api/rooms', room, owner.token));
  }
  for (const [index, members] of scenario.members.entries()) {
    for (const writer of members.slice(0, scenario.writers)) clients[writer].writes(made[index].id, `p${writer}`);
  }
  await pause(WARM_UP_SECONDS);
  latencies = [];
  const before = {
    cpu: servers.map(({ child }) => cpuOf(child)),
    posts: sum(clients, 'replies'),
    got: sum(clients, 'deliveries'),
  };
  const others = [database, hints].filter(Boolean).map(({ child }) => child);
  const cpuElsewhere = others.map(cpuOf);
  const began = performance.now();
  await pause(SECONDS);
  const seconds = (performance.now() - began) / 1_000;
  const posts = sum(clients, 'replies') - before.posts;
  const cpu = servers.map(({ child }, index) => (cpuOf(child) - before.cpu[index]) / seconds);
  latencies.sort((a, b) => a - b);
  const result = {
    'posts/s': Math.round(posts / seconds),
    'deliveries/s': Math.round((sum(clients, 'deliveries') - before.got) / seconds),
    'p50 ms': latencies[Math.floor(latencies.length / 2)]?.toFixed(1),
    'p99 ms': latencies[Math.floor(latencies.length * 0.99)]?.toFixed(1),
    'cores of nodes': cpu.map((each) => each.toFixed(2)).join(' + '),
    'database, Redis': others
      .map((child, index) => ((cpuOf(child) - cpuElsewhere[index]) / seconds).toFixed(2))
      .join(' + '),
    'posts per core': Math.round(posts / seconds / cpu.reduce((total, each) => total + each, 0)),
  };
  await Promise.all(clients.map((client) => client.stop()));
  for (const client of clients) client.wire.destroy();
  await endAll();
  rmSync(directory, { recursive: true, force: true });
  return result;
}

async function endAll() {
  const ending = children.splice(0).reverse();
  for (const child of ending) child.kill('SIGKILL');
  await Promise.all(ending.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
}

const wanted = process.argv[2] ? process.argv[2].split(',').map(Number) : SCENARIOS.keys();
const table = {};
try {
  for (const index of wanted) table[SCENARIOS[index].title] = await measure(SCENARIOS[index]);
  console.table(table);
} finally {
  await endAll();
}
