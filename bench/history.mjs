/**
 * `npm run bench:history`: whether a long history costs more to read than a short one. Rooms of 1,000 entries and more
 * are filled straight into the database; then pages of their logs are asked for through REST, the rooms in turn, and
 * messages are posted to them. It prints a table.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { MongoClient, ObjectId } from 'mongodb';
import { build, inRoot, install, nodePath, say } from '../scripts/setup.mjs';
import { inParallel, percentile } from './crowd.mjs';
import { describeMachine } from './machine.mjs';
import { World } from './world.mjs';

const PAGE = 50;
const DOCUMENTS_AT_ONCE = 1_000;
const COMMANDS_AT_ONCE = 4;
const WARM_UP = 50;

const { values: options } = parseArgs({
  options: {
    entries: { type: 'string', multiple: true, default: ['1000', '100000', '10000000'] },
    asked: { type: 'string', default: '500' },
    main: { type: 'string' },
    directory: { type: 'string', default: tmpdir() },
  },
});

/** What is asked of a room whose newest entry has the seq `last`. */
const QUESTIONS = {
  'the newest page': () => '',
  'a page somewhere': (last) => `&before=${PAGE + 1 + Math.floor(Math.random() * (last - PAGE))}`,
  'the oldest page': () => '&after=0',
};

await main();

async function main() {
  if (!options.main) {
    install();
    build();
  }
  const entry = options.main ?? inRoot('dist/apps/api/src/main.js');
  const node = nodePath();
  const world = new World(node, entry, options.directory);
  process.once('exit', () => world.remove());
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  const sizes = options.entries.map(Number);
  await world.build(2, [{ key: 'history', rooms: sizes.map(() => [0, 1]) }]);
  const data = world.copy();
  const rooms = world.rooms.get('history').map(({ id }, index) => ({ id, size: sizes[index] }));
  await fill(join(entry, '../../../../libs/embedded-mongo/src/index.js'), join(data, 'db'), rooms, world.accounts[0]);
  const began = performance.now();
  const server = await world.startOn(data, 0);
  const ready = performance.now() - began;
  const times = await ask(server.url, rooms, world.accounts[0].token);
  const { processor, system, date } = describeMachine(node, options.directory);
  await server.stop();
  console.log(`\n${processor}, ${system}; ${date} UTC. The server was ready after ${ready.toFixed(0)} ms.\n`);
  console.log(table(rooms, times));
}

async function fill(library, directory, rooms, author) {
  const { EmbeddedMongo } = createRequire(import.meta.url)(library);
  const mongo = await EmbeddedMongo.start({ directory });
  const client = await MongoClient.connect(mongo.uri);
  const entries = client.db('parley').collection('entries');
  for (const room of rooms) {
    const _id = new ObjectId(room.id);
    const before = await entries.countDocuments({ room: _id });
    const batches = Array.from({ length: Math.ceil((room.size - before) / DOCUMENTS_AT_ONCE) }, (_, batch) => batch);
    await inParallel(batches, COMMANDS_AT_ONCE, (batch) => {
      const from = before + batch * DOCUMENTS_AT_ONCE;
      return entries.insertMany(entriesOf(_id, author, from, Math.min(DOCUMENTS_AT_ONCE, room.size - from)));
    });
    say(`A room of ${room.size.toLocaleString('en')} entries is there.`);
  }
  await client.close();
  await mongo.stop();
}

function entriesOf(room, { id, name }, from, count) {
  const author = { id: new ObjectId(id), name };
  return Array.from({ length: count }, (_, index) => {
    const seq = from + index + 1;
    const text = `Message ${seq} of a long history, about as long as people write`;
    return { room, seq, type: 'message', author, at: new Date(), text, clientId: `${room.toHexString()}-${seq}` };
  });
}

/** Times in ms: of each question, for each room. */
async function ask(url, rooms, token) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const timed = async (path, body) => {
    const began = performance.now();
    const response = await fetch(new URL(path, url), { method: body ? 'POST' : 'GET', headers, body });
    const answer = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return { answer, ms: performance.now() - began };
  };
  const times = new Map();
  const note = (what, room, ms) =>
    times.set(what, (times.get(what) ?? new Map()).set(room, [...(times.get(what)?.get(room) ?? []), ms]));
  for (let count = -WARM_UP; count < Number(options.asked); count++) {
    for (const [what, where] of Object.entries(QUESTIONS)) {
      for (const { id, size } of rooms) {
        const { answer, ms } = await timed(`/api/rooms/${id}/log?limit=${PAGE}${where(size)}`);
        if (answer.entries.length !== PAGE) throw new Error(`${what}: ${answer.entries.length} entries`);
        if (count >= 0) note(what, id, ms);
      }
    }
    for (const { id } of rooms) {
      const { ms } = await timed(
        `/api/rooms/${id}/messages`,
        JSON.stringify({ clientId: `now-${id}-${count}`, text: 'Now' }),
      );
      if (count >= 0) note('posting a message', id, ms);
    }
  }
  return times;
}

function table(rooms, times) {
  const cell = (list) => [0.5, 0.99].map((share) => percentile(list, share).toFixed(2)).join(' / ');
  return [
    `| p50 / p99, ms | ${rooms.map(({ size }) => `${size.toLocaleString('en')} entries`).join(' | ')} |`,
    `|---|${rooms.map(() => '---:|').join('')}`,
    ...[...times].map(([what, ofRooms]) => `| ${what} | ${rooms.map(({ id }) => cell(ofRooms.get(id))).join(' | ')} |`),
  ].join('\n');
}
