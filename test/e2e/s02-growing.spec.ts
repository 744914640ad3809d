import { EmbeddedMongo } from '@parley/embedded-mongo';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Binary, Decimal128, Double, Int32, Long, MongoClient, Timestamp } from 'mongodb';
import { ServerProcess, type Ending } from '../support/server-process';

let parent: string;
let embedded: EmbeddedMongo | undefined;
let client: MongoClient;

const dataDir = (): string => join(parent, 'data');
const run = (script: string, argument: string, data = dataDir()): Promise<Ending> =>
  ServerProcess.run([process.execPath, `scripts/${script}.mjs`, argument], { DATA_DIR: data }).ended;

beforeEach(async () => {
  parent = mkdtempSync(join(tmpdir(), 'parley-'));
  mkdirSync(dataDir());
  embedded = await EmbeddedMongo.start({ directory: join(dataDir(), 'db') });
  client = await MongoClient.connect(embedded.uri);
  await client.db('parley').collection<object>('entries').insertMany(SAMPLES);
  const indexes = [
    { key: { room: 1, seq: -1 }, name: 'room_seq', unique: true },
    { key: { at: 1 }, name: 'ttl', expireAfterSeconds: 1e9 },
    { key: { tag: 1 }, name: 'tag', unique: true, partialFilterExpression: { tag: { $exists: true } } },
  ] as const;
  await client
    .db('parley')
    .collection('entries')
    .createIndexes(indexes.map((index) => ({ ...index })));
  await client.db('parley').createCollection('empty');
});
afterEach(async () => {
  await client.close();
  await embedded?.stop();
  rmSync(parent, { recursive: true, force: true });
});

const SAMPLES = Array.from({ length: 2_500 }, (_, seq) => ({
  room: seq % 3,
  seq,
  at: new Date(1.7e12 + seq),
  text: `xin chào 🙂 ${seq}`,
  ...(seq % 2
    ? { tag: `t${seq}`, kinds: [new Int32(1), new Double(1), Long.fromNumber(1), Decimal128.fromString('1.0')] }
    : {}),
  ...(seq === 7
    ? { odd: [null, /a/i, new Binary(Buffer.from('b')), new Timestamp({ t: 1, i: 2 }), { '$a.b': { c: [] } }] }
    : {}),
}));

/** All that is in a database, as it is stored. */
async function contentsOf({ uri }: { uri: string }): Promise<unknown> {
  const other = await MongoClient.connect(uri);
  const database = other.db('parley');
  const names = (await database.listCollections().toArray()).map(({ name }) => name).sort();
  const contents = [];
  for (const name of names) {
    const documents = await database
      .collection(name)
      .find({}, { raw: true, sort: { _id: 1 } })
      .toArray();
    const bytes = documents.map((document) => Buffer.from(document as unknown as Buffer).toString('base64'));
    contents.push({ name, bytes, indexes: await database.collection(name).listIndexes().toArray() });
  }
  await other.close();
  return contents;
}

it('S2 a backup that is taken while the server runs becomes a data directory', async () => {
  const file = join(parent, 'backup.sqlite');
  expect(await run('backup', file)).toMatchObject({ code: 0 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await run('backup', file)).toMatchObject({ code: 1 });
  const restored = join(parent, 'restored', 'db');
  mkdirSync(restored, { recursive: true });
  copyFileSync(file, join(restored, 'data.sqlite'));
  chmodSync(join(restored, 'data.sqlite'), 0o600);
  const before = await contentsOf(embedded!);
  const again = await EmbeddedMongo.start({ directory: restored });
  expect(await contentsOf(again)).toEqual(before);
  await again.stop();
});

it('S2 what is exported to a MongoDB and imported from it is the same, byte for byte', async () => {
  const other = await EmbeddedMongo.start({ listen: { port: 0 } });
  const exported = await run('db-export', other.uri);
  expect(exported).toMatchObject({ code: 0, stderr: expect.stringContaining('entries: 2000 of 2500') as string });
  const before = await contentsOf(embedded!);
  expect(await contentsOf(other)).toEqual(before);
  expect(await run('db-export', other.uri)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is not empty there') as string,
  });

  const fresh = join(parent, 'fresh');
  expect(await run('db-import', other.uri, fresh)).toMatchObject({ code: 0 });
  await other.stop();
  const imported = await EmbeddedMongo.start({ directory: join(fresh, 'db') });
  expect(await contentsOf(imported)).toEqual(before);
  await imported.stop();
});
