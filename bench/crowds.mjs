/**
 * `npm run bench:crowds`: what becomes of a server when everybody comes back at once, and when many stop reading. It
 * prints a page; README.md says what is measured. This process is the crowd, the server is another one.
 */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { build, inRoot, install, nodePath, say } from '../scripts/setup.mjs';
import { Client, inParallel, percentile, rest } from './crowd.mjs';
import { describeMachine } from './machine.mjs';
import { POSTS_PER_SECOND, Traffic } from './traffic.mjs';
import { textsOf } from './wire.mjs';
import { World } from './world.mjs';

const CONNECT_AT_ONCE = 50;
/** What is missed of each room. */
const MISSED = 5;
const SPOKEN = 20;
/** Longer than the server keeps what many have just asked for. */
const LATER_MS = 40_000;

const SLOW_ROOM = 300;
const READERS = 100;
const SEQ = Buffer.from('"seq":');

const { values: options } = parseArgs({
  options: {
    storm: { type: 'boolean' },
    slow: { type: 'boolean' },
    clients: { type: 'string', default: '5000' },
    readers: { type: 'string', default: '1000' },
    people: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '20' },
    main: { type: 'string' },
    directory: { type: 'string', default: tmpdir() },
    out: { type: 'string' },
  },
});
const both = !options.storm && !options.slow;

await main();

async function main() {
  if (!options.main) {
    install();
    build();
  }
  const node = nodePath();
  const machine = describeMachine(node, options.directory);
  const world = new World(node, options.main ?? inRoot('dist/apps/api/src/main.js'), options.directory);
  process.once('exit', () => world.remove());
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  const people = Number(options.people);
  const slowRoom = Math.min(SLOW_ROOM, people);
  await world.build(people, [
    { key: 'storm', rooms: woven(people) },
    { key: 'slow', rooms: [Array.from({ length: slowRoom }, (_, index) => index)] },
  ]);
  say('The people and their rooms are there.');
  const parts = [];
  if (both || options.storm) parts.push(...(await storm(world)));
  if (both || options.slow) parts.push(...(await slow(world)));
  const page = [
    '# Crowds',
    '',
    'Written by `npm run bench:crowds`; [README.md](README.md) says what is measured.',
    '',
    ...about(machine),
    ...parts,
  ].join('\n');
  console.log(`\n${page}`);
  if (options.out) writeFileSync(options.out, `${page}\n`);
}

function about({ date, processor, memory, system, node }) {
  return [
    `${processor}, ${memory}, ${system}, Node ${node}; ${date} UTC. The server with its database and the crowd are two`,
    'processes on these cores.',
    '',
  ];
}

/** Rooms of twenty, ten of them for everybody. */
function woven(people) {
  const size = Math.min(20, people);
  return Array.from({ length: people / 2 }, (_, room) => [
    ...new Set(Array.from({ length: size }, (_each, at) => (room * 2 + at * (1 + (room % 7))) % people)),
  ]);
}

async function storm(world) {
  const data = world.copy();
  const first = await world.startOn(data, 0);
  const { host, port } = first;
  const clients = crowdOf(world, Number(options.clients), 0, world.accounts.length);
  await inParallel(clients, CONNECT_AT_ONCE, (client) => client.comesIn(first));
  await everybodySpeaks(world, clients);
  say(`${clients.length} clients are there.`);
  const before = await first.memory();
  const spokenIn = new Set(world.rooms.get('storm').map(({ id }) => id));
  for (const { seen } of clients) for (const id of seen.keys()) if (spokenIn.has(id)) seen.set(id, SPOKEN - MISSED);
  const killed = performance.now();
  const back = clients.map((client) => client.gone.then(() => client.comesBack({ host, port })));
  await first.kill();
  const second = await world.startOn(data, port);
  const ready = performance.now();
  const times = await Promise.all(back);
  const cpu = second.cpu();
  const resets = clients.reduce((sum, client) => sum + client.resets, 0);
  const atOnce = await second.memory();
  await rest(LATER_MS);
  const later = await second.memory();
  for (const client of clients) client.leaves();
  await second.stop();
  const rooms = clients.reduce((sum, { seen }) => sum + seen.size, 0);
  return [
    `## ${clients.length} clients lose their server at once`,
    '',
    `The server is killed (\`kill -9\`) and started again; everybody comes back as the SDK does, with what they have seen: ${(rooms / clients.length).toFixed(1)}`,
    `rooms each, of ${world.rooms.get('storm').length} in all, and in each ${MISSED} messages were missed. Each client checks that it has all of them.`,
    '',
    '| | |',
    '|---|---|',
    `| from the kill until the server was ready | ${seconds(ready - killed)} s |`,
    `| from the kill until the last client had everything | ${seconds(Math.max(...times) - killed)} s |`,
    `| from the server being ready until half, 99 %, all had everything | ${[0.5, 0.99, 1].map((share) => seconds(percentile(times, share) - ready)).join(', ')} s |`,
    `| rooms that were reset instead of told | ${resets} |`,
    `| CPU of the server meanwhile, its start included: all threads, the main one | ${cpu.all.toFixed(1)}, ${cpu.main.toFixed(1)} s |`,
    `| memory before, right after, and ${LATER_MS / 1_000} s later (resident) | ${[before, atOnce, later].map(({ rss }) => mib(rss)).join(', ')} MiB |`,
    `| the same, heap and buffers | ${[before, atOnce, later].map(({ heapUsed, external }) => mib(heapUsed + external)).join(', ')} MiB |`,
    '',
  ];
}

function crowdOf({ accounts }, count, from, people) {
  return Array.from({ length: count }, (_, index) => new Client(accounts[from + (index % people)]));
}

/** Somebody says something in each room; everybody else hears it, and that is not what is measured. */
async function everybodySpeaks(world, clients) {
  await inParallel(world.rooms.get('storm'), CONNECT_AT_ONCE, async ({ id, members }) => {
    const speaker = clients[members[0]];
    let due = SPOKEN;
    const done = new Promise((resolve) => {
      speaker.answers ??= new Map();
      speaker.answers.set(id, () => --due === 0 && resolve());
    });
    speaker.onFrames = (frames) => {
      for (const envelope of textsOf(frames).flatMap((text) => JSON.parse(text))) {
        if (envelope.event === 'error') throw new Error(JSON.stringify(envelope));
        if (envelope.event === 'reply') speaker.answers.get(envelope.data.room)?.();
      }
    };
    for (let count = 0; count < SPOKEN; count++) {
      speaker.send(
        'postMessage',
        { room: id, clientId: `${id}-${count}`, text: `${count} of ${SPOKEN} things to say about something` },
        `${id} ${count}`,
      );
    }
    await done;
  });
}

async function slow(world) {
  const data = world.copy();
  const server = await world.startOn(data, 0);
  const [room] = world.rooms.get('slow');
  const readers = crowdOf(world, READERS, 0, READERS);
  const lazy = crowdOf(world, Number(options.readers), READERS, room.members.length - READERS);
  await inParallel([...readers, ...lazy], CONNECT_AT_ONCE, (client) => client.comesIn(server));
  for (const client of lazy) client.onFrames = (frames) => noteSeen(client, room.id, frames);
  const traffic = new Traffic(room.id, readers);
  const measured = async (during) => {
    const [since, cpu, peaks] = [performance.now(), server.cpu(), []];
    const looking = setInterval(() => peaks.push(server.rss()), 500);
    const times = (traffic.times = []);
    await during;
    traffic.times = [];
    clearInterval(looking);
    const main = (server.cpu().main - cpu.main) / ((performance.now() - since) / 1_000);
    return { times, rss: Math.max(server.rss(), ...peaks), main };
  };
  const ms = Number(options.seconds) * 1_000;
  await measured(rest(3_000));
  const reading = await measured(rest(ms));
  for (const client of lazy) client.pause();
  const notReading = await measured(rest(ms));
  const stillNot = await measured(rest(ms));
  say('They read on.');
  const comingBack = readOn(lazy, server);
  const returning = await measured(comingBack);
  const closed = await comingBack;
  const codes = Object.entries(Object.groupBy(closed, ({ ended }) => ended.split(' ')[1] ?? ended)).map(
    ([code, list]) => `${list.length} with ${code}`,
  );
  const resets = closed.reduce((sum, client) => sum + client.resets, 0);
  traffic.stop();
  await rest(1_000);
  for (const client of [...readers, ...lazy]) client.leaves();
  await rest(LATER_MS / 4);
  const after = await server.memory();
  await server.stop();
  return [
    `## ${lazy.length} clients stop reading while ${POSTS_PER_SECOND} messages a second arrive`,
    '',
    `One room of ${room.members.length} people: ${readers.length} connections that read, ${lazy.length} that stop reading. From posting to each reader that goes on:`,
    '',
    '| | p50 | p99 | resident, at most | cores, main thread |',
    '|---|---|---|---|---|',
    row('all read', reading),
    row(`${lazy.length} do not read, the first ${options.seconds} s`, notReading),
    row(`the next ${options.seconds} s`, stillNot),
    row('while they read on and come back', returning),
    '',
    `When they read on, ${closed.length} of them had been closed (${codes.join(', ')}); all of them resumed, ${closed.length - resets} told everything and ${resets} by a reset.`,
    `Resident in the end, everybody gone: ${mib(after.rss)} MiB.`,
    '',
  ];
}

/** Those who were closed come back; resolves with them when they have. */
async function readOn(lazy, server) {
  for (const client of lazy) client.resume();
  const late = rest(30_000);
  await Promise.all(lazy.map((client) => Promise.race([client.gone, late])));
  const closed = lazy.filter(({ online }) => !online);
  await Promise.all(closed.map((client) => client.comesBack(server)));
  return closed;
}

/** What a client has seen last: entries of its one room come in their order. */
function noteSeen({ seen }, room, frames) {
  const at = frames.lastIndexOf(SEQ);
  if (at >= 0) seen.set(room, Number.parseInt(frames.latin1Slice(at + SEQ.length, at + SEQ.length + 12), 10));
}

/** Not to be called before the traffic has ended: to sort so many times takes long. */
function row(what, { times, rss, main }) {
  const [p50, p99] = [0.5, 0.99].map((share) => percentile(times, share).toFixed(1));
  return `| ${what} | ${p50} ms | ${p99} ms | ${mib(rss)} MiB | ${main.toFixed(2)} |`;
}

function seconds(ms) {
  return (ms / 1_000).toFixed(1);
}

function mib(bytes) {
  return (bytes / 2 ** 20).toFixed(0);
}
