import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, type ClientSession, type Collection } from 'mongodb';
import { compileInto, kill, startProcess, type ServerProcess } from '../testing/compiled-server';

const DOCUMENTS = 60_000;

interface Entry {
  _id: number;
  room: number;
  tags?: number[];
  text: string;
}

let folder: string;
let server: ServerProcess;
let restored: ServerProcess | undefined;
let client: MongoClient;
let entries: Collection<Entry>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'embedded-'));
  compileInto(folder);
  server = await startProcess(folder, join(folder, 'data'));
  client = await MongoClient.connect(server.uri);
  entries = client.db('test').collection('entries');
  const rows = (from: number): Entry[] =>
    Array.from({ length: 5_000 }, (_, i) => ({ _id: from + i, room: i % 7, text: `text ${(i * 7919) % 5000}` }));
  for (let from = 0; from < DOCUMENTS; from += 5_000) await entries.insertMany(rows(from));
}, 60_000);
afterAll(async () => {
  await client.close();
  await kill(server.process);
  if (restored) await kill(restored.process);
  rmSync(folder, { recursive: true });
});

describe('a read that goes through a whole collection', () => {
  const long: [string, () => Promise<unknown>, unknown][] = [
    ['find', () => entries.find({ text: 'nowhere' }).toArray(), []],
    ['count', () => entries.countDocuments({ text: /^text 1/ }), 12 * 1111],
    ['distinct', () => entries.distinct('room').then((rooms) => rooms.length), 7],
    [
      'sort',
      () => entries.find().sort({ text: 1, _id: -1 }).project({ _id: 1 }).limit(2).toArray(),
      [{ _id: 55_000 }, { _id: 50_000 }],
    ],
    [
      'aggregate',
      () => entries.aggregate([{ $group: { _id: null, most: { $max: '$text' }, n: { $sum: 1 } } }]).toArray(),
      [{ _id: null, most: 'text 999', n: DOCUMENTS }],
    ],
  ];

  it.each(long)('lets others go on meanwhile: %s', async (_, read, expected) => {
    let served = 0;
    let ended = false;
    const others = async (): Promise<void> => {
      for (; !ended; served++) await entries.updateOne({ _id: served }, { $set: { room: 0 } });
    };
    const reading = read().finally(() => (ended = true));
    await others();
    expect(await reading).toEqual(expected);
    expect(served).toBeGreaterThan(3);
  });

  it('fails as elsewhere', async () => {
    await client
      .db('test')
      .collection<{ _id: number }>('entries')
      .updateOne({ _id: 1 }, { $set: { a: [1, 2], b: [1, 2] } });
    const byParallelArrays = entries.aggregate([{ $match: { a: { $exists: true } } }, { $sort: { a: 1, b: 1 } }]);
    await expect(byParallelArrays.toArray()).rejects.toMatchObject({ code: 2 });
  });
});

describe('a read that goes through a whole collection, inside of a transaction', () => {
  const accounts = (): Collection<{ _id: number; held: number }> => client.db('test').collection('accounts');
  const ACCOUNTS = 20_000;
  /** Long, and with one right answer. */
  const sum = async (session: ClientSession): Promise<number> => {
    const [all] = await accounts()
      .aggregate<{ held: number }>([{ $group: { _id: null, held: { $sum: '$held' } } }], { session })
      .toArray();
    return all!.held;
  };
  const inTransaction = <T>(work: (session: ClientSession) => Promise<T>): Promise<T> =>
    client.withSession((session) => session.withTransaction(() => work(session)));
  const add = (_id: number, held: number, session?: ClientSession) =>
    accounts().updateOne({ _id }, { $inc: { held } }, { session });

  /** Has others write until the work is done; answers how often they did. */
  async function meanwhile(write: (n: number) => Promise<unknown>, work: () => Promise<unknown>): Promise<number> {
    let ended = false;
    let written = 0;
    const others = async (): Promise<void> => {
      for (; !ended; written++) await write(written);
    };
    await Promise.all([others(), work().finally(() => (ended = true))]);
    return written;
  }

  beforeAll(async () => {
    const rows = Array.from({ length: ACCOUNTS }, (_, _id) => ({ _id, held: 1, text: 'x'.repeat(200) }));
    await accounts().insertMany(rows);
  });

  it('lets others go on meanwhile who write elsewhere', async () => {
    const elsewhere = (n: number) => entries.updateOne({ _id: n % 100 }, { $set: { room: 0 } });
    let held = 0;
    const served = await meanwhile(elsewhere, async () => (held = await inTransaction(sum)));
    expect(held).toBe(ACCOUNTS);
    expect(served).toBeGreaterThan(3);
  });

  it('sees what was there at its start while others move what it adds up', async () => {
    const move = (n: number) =>
      inTransaction(async (session) => {
        await add(n % 100, 1, session);
        await add(ACCOUNTS - 1 - (n % 100), -1, session);
      });
    const seen: number[] = [];
    await meanwhile(move, async () => {
      for (let i = 0; i < 8; i++)
        await inTransaction(async (session) => seen.push(await sum(session), await sum(session)));
    });
    expect(seen).toEqual(seen.map(() => ACCOUNTS));
  });

  it('sees nothing of what others add after its start, and all that it did itself', async () => {
    const more = (n: number) => add(500 + (n % 100), 1);
    for (const own of [false, true])
      await meanwhile(more, () =>
        inTransaction(async (session) => {
          const before = await sum(session);
          if (own) await add(7, 1_000, session);
          expect(await sum(session)).toBe(before + (own ? 1_000 : 0));
          await add(600, 1);
          expect(await sum(session)).toBe(before + (own ? 1_000 : 0));
        }),
      );
  });

  it('gives all of a cursor as of its start', async () => {
    const filter = { text: { $not: /^y/ } };
    await inTransaction(async (session) => {
      const cursor = accounts().find(filter, { session, batchSize: 5_000, projection: { held: 1 } });
      const first = (await cursor.next())!;
      await accounts().updateMany({ _id: { $gt: ACCOUNTS - 100 } }, { $set: { held: 1e6 } });
      expect([first, ...(await cursor.toArray())].filter(({ held }) => held === 1e6)).toEqual([]);
    });
  });
});

describe('a cursor that stays open', () => {
  it('gives every document once, and what was written meanwhile', async () => {
    const seen = new Set<number>();
    const cursor = entries.find({}, { sort: { _id: 1 }, batchSize: 1_000 });
    for await (const { _id } of cursor) {
      seen.add(_id);
      if (_id === 0) await entries.insertOne({ _id: DOCUMENTS, room: 1, text: 'late' });
    }
    expect(seen.size).toBe(DOCUMENTS + 1);
    await entries.deleteOne({ _id: DOCUMENTS });
  });

  it('is closed by its client, by the end of its session, and by the end of its collection', async () => {
    const db = client.db('test');
    const open = (options: object = {}): Promise<{ cursor: { id: bigint } }> =>
      db.command({ find: 'entries', batchSize: 2, ...options }, { useBigInt64: true }) as never;
    const more = (id: bigint) => db.command({ getMore: id, collection: 'entries' });
    const first = await open();
    await db.command({ killCursors: 'entries', cursors: [first.cursor.id] });
    await expect(more(first.cursor.id)).rejects.toMatchObject({ code: 43 });

    const session = client.startSession();
    const cursor = entries.find({}, { session, batchSize: 2 });
    await cursor.next();
    await session.endSession();
    expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });

    const other = db.collection('other');
    await other.insertMany(Array.from({ length: 10 }, (_, n) => ({ n })));
    const third = other.find({}, { batchSize: 2 });
    await third.next();
    await other.drop();
    await expect(third.toArray()).rejects.toMatchObject({ code: expect.any(Number) as number });
  });

  it('knows of arrays that came since the last read', async () => {
    await entries.createIndex({ tags: 1 });
    await entries.updateOne({ _id: 5 }, { $set: { tags: [3, 1, 2] } });
    expect(await entries.find({ tags: { $gt: 0 } }, { batchSize: 1 }).toArray()).toHaveLength(1);
    await entries.updateMany({ _id: { $in: [6, 7, 8] } }, { $set: { tags: [4, 9] } });
    const ids = entries.find({ tags: { $gt: 0 } }, { batchSize: 2 }).map(({ _id }) => _id);
    expect((await ids.toArray()).sort()).toEqual([5, 6, 7, 8]);
  });
});

it('what is written ahead stays short under a stream of writes', async () => {
  const text = 'x'.repeat(8_000);
  const stream = client.db('test').collection('stream');
  const write = async (): Promise<void> => {
    for (let i = 0; i < 60; i++) await stream.insertMany(Array.from({ length: 100 }, () => ({ text })));
  };
  await Promise.all([write(), write()]);
  expect(statSync(join(folder, 'data', 'data.sqlite')).size).toBeGreaterThan(50_000_000);
  expect(statSync(join(folder, 'data', 'data.sqlite-wal')).size).toBeLessThan(200_000_000);
}, 60_000);

it('writes a backup while others write', async () => {
  const file = join(folder, 'backup.sqlite');
  let ended = false;
  const counter = client.db('test').collection<{ _id: string; n: number }>('counter');
  const pairs = client.db('test').collection('pairs');
  await Promise.all(['counter', 'pairs'].map((name) => client.db('test').createCollection(name)));
  const others = async (): Promise<void> => {
    for (let n = 0; !ended; n++)
      await client.withSession((session) =>
        session.withTransaction(async () => {
          await counter.updateOne({ _id: 'n' }, { $set: { n } }, { upsert: true, session });
          await pairs.insertOne({ n }, { session });
        }),
      );
  };
  const writing = others();
  while ((await pairs.countDocuments()) === 0);
  const reply = await client.db('admin').command({ backup: file });
  ended = true;
  await writing;
  expect(reply['bytes']).toBeGreaterThan(1_000_000);
  await expect(client.db('admin').command({ backup: file })).rejects.toThrow(/EEXIST/);

  restored = await startProcess(folder, restore(file));
  const copy = await MongoClient.connect(restored.uri);
  const db = copy.db('test');
  expect(await db.collection('entries').countDocuments()).toBe(DOCUMENTS);
  expect((await db.collection('counter').findOne())?.['n'] ?? -1).toBe(
    (await db.collection('pairs').countDocuments()) - 1,
  );
  for (const name of ['entries', 'pairs']) expect((await db.command({ validate: name }))['errors']).toEqual([]);
  await copy.close();
}, 60_000);

/** As the README has it: the file becomes `data.sqlite` in an empty directory. */
function restore(file: string): string {
  const directory = join(folder, 'restored');
  mkdirSync(directory, { mode: 0o700 });
  copyFileSync(file, join(directory, 'data.sqlite'));
  return directory;
}
