import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { compileInto, kill, startProcess, type ServerProcess } from './testing/compiled-server';

const WRITERS = 100;
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 10);

interface Entry {
  _id: string;
  room: number;
  seq: number;
}

let folder: string;
let data: string;
let running: ServerProcess | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'embedded-'));
  data = join(folder, 'data');
  compileInto(folder);
});
afterAll(async () => {
  if (running) await kill(running.process);
  rmSync(folder, { recursive: true });
});

/** Writes until the server is gone; answers what was acknowledged. */
async function writeUntilKilled(
  uri: string,
  round: number,
  killAfter: number,
  stop: () => Promise<void>,
): Promise<Set<string>> {
  const client = await MongoClient.connect(uri, {
    retryWrites: false,
    serverSelectionTimeoutMS: 300,
    maxPoolSize: WRITERS,
  });
  const entries = client.db('test').collection<Entry>('entries');
  await entries.createIndex({ room: 1, seq: 1 }, { unique: true });
  const totals = client.db('test').collection<{ _id: number; n: number }>('totals');
  await totals.createIndex({ n: 1 });
  const acknowledged = new Set<string>();
  const writer = async (room: number): Promise<void> => {
    for (let seq = 0; ; seq++) {
      const entry = { _id: `${round}-${room}-${seq}`, room: round * WRITERS + room, seq };
      if (seq % 10 === 9) {
        await client.withSession(async (session) => {
          session.startTransaction();
          await entries.insertOne(entry, { session });
          await totals.updateOne({ _id: entry.room }, { $inc: { n: 1 } }, { upsert: true, session });
          await session.commitTransaction();
        });
      } else await entries.insertOne(entry, { writeConcern: { w: 1, journal: true } });
      acknowledged.add(entry._id);
      if (acknowledged.size === killAfter) await stop();
    }
  };
  await Promise.allSettled(Array.from({ length: WRITERS }, (_, room) => writer(room)));
  await client.close(true);
  return acknowledged;
}

it(
  `keeps every acknowledged write over kill -9 under ${WRITERS} writers, ${ROUNDS} times`,
  async () => {
    const expected = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      running = await startProcess(folder, data);
      const { process: child, uri } = running;
      const killAfter = 1 + Math.floor(Math.random() * 1_500);
      for (const id of await writeUntilKilled(uri, round, killAfter, () => kill(child))) expected.add(id);
      running = await startProcess(folder, data);
      await expectAllIn(running.uri, expected);
      await kill(running.process);
      running = undefined;
    }
    expect(expected.size).toBeGreaterThanOrEqual(ROUNDS);
  },
  60_000 + ROUNDS * 6_000,
);

/** Everything that was acknowledged is there, once; both halves of each transaction; keys and documents agree. */
async function expectAllIn(uri: string, expected: ReadonlySet<string>): Promise<void> {
  const client = await MongoClient.connect(uri);
  const db = client.db('test');
  const entries = db.collection<Entry>('entries');
  const all = await entries.find().toArray();
  const stored = all.map((entry) => entry._id);
  expect(new Set(stored).size).toBe(stored.length);
  const there = new Set(stored);
  expect([...expected].filter((id) => !there.has(id))).toEqual([]);
  const inTransactions = all.filter((entry) => entry.seq % 10 === 9).length;
  const [total] = await db
    .collection('totals')
    .aggregate([{ $group: { _id: null, n: { $sum: '$n' } } }])
    .toArray();
  expect(total?.['n'] ?? 0).toBe(inTransactions);
  // Whoever is killed early has made only one of the two.
  for (const { name } of await db.listCollections().toArray())
    expect((await db.command({ validate: name }))['errors']).toEqual([]);
  await client.close();
}

it('says at once that the directory is in use, and starts when the other was killed', async () => {
  running = await startProcess(folder, data);
  await expect(startProcess(folder, data)).rejects.toThrow(
    /DirectoryInUse: The data directory .* is in use by another process\./,
  );
  await kill(running.process);
  running = await startProcess(folder, data);
  expect(running.uri).toMatch(/^mongodb:/);
});
