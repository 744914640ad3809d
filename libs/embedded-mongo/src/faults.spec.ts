import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { DirectoryUnusable, EmbeddedMongo } from './index';
import { DatabaseFile } from './storage/database-file';
import { EngineHarness, frameOf } from './testing/engine-harness';
import { parseRequest } from './wire/frames';

let parent: string;
beforeEach(() => (parent = mkdtempSync(join(tmpdir(), 'embedded-'))));
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** A file system of 8 MB, or a loud skip where this user may not mount one. */
function withTinyDisk(title: string, test: (disk: string) => Promise<void>): void {
  it(title, async () => {
    const disk = join(parent, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk], { stdio: 'pipe' });
    } catch (error) {
      process.stderr.write(`SKIPPED: ${title}: no tmpfs can be mounted here (${String(error).split('\n')[0]})\n`);
      return;
    }
    try {
      await test(disk);
    } finally {
      execFileSync('umount', ['--lazy', disk]);
    }
  });
}

withTinyDisk('a full disk is said to be full; what was acknowledged is there, and reads go on', async (disk) => {
  const directory = join(disk, 'data');
  let harness = new EngineHarness(directory);
  let acknowledged = 0;
  let reply = {};
  for (; acknowledged < 5_000; acknowledged++) {
    const documents = [{ _id: acknowledged, text: 'x'.repeat(4_000) }];
    reply = await harness.run({ insert: 'c', documents });
    if (!('n' in reply)) break;
  }
  expect(reply).toMatchObject({ ok: 0, code: 14031, errmsg: 'The disk is full: nothing was written' });
  expect(acknowledged).toBeGreaterThan(100);
  expect(await harness.run({ count: 'c', query: { text: /^x/ } })).toMatchObject({ n: acknowledged });
  harness.close();
  harness = new EngineHarness(directory);
  expect(await harness.run({ count: 'c', query: { text: /^x/ } })).toMatchObject({ n: acknowledged });
  expect((await harness.run({ validate: 'c' }))['errors']).toEqual([]);
  harness.close();
});

it('a commit that fails undoes what was in it; a write that waits for a transaction is answered once, later', async () => {
  const harness = new EngineHarness();
  await harness.insert('c', { _id: 1 });
  const change = { update: 'c', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] };
  const transaction = { lsid: harness.session(), txnNumber: 1n, autocommit: false };
  await harness.run({ ...change, ...transaction, startTransaction: true });
  const answers: unknown[] = [];
  const held = { findAndModify: 'c', query: { _id: 1 }, update: { $inc: { n: 1 } }, $db: 'test' };
  harness.engine.submit(parseRequest(frameOf(held)), 2, (reply) => answers.push(reply));
  jest.spyOn(DatabaseFile.prototype, 'commit').mockImplementation(() => {
    throw Object.assign(new Error('full'), { errcode: 13 });
  });
  expect(await harness.insert('c', { _id: 2 })).toMatchObject({ ok: 0, code: 14031 });
  jest.restoreAllMocks();
  expect(answers).toHaveLength(0);
  await harness.run({ abortTransaction: 1, ...transaction, $db: 'admin' });
  expect(await harness.find('c')).toEqual([{ _id: 1, n: 1 }]);
  expect(answers).toHaveLength(1);
  harness.close();
});

it('a write that waits for a transaction does not go on with what a failed commit made stale', async () => {
  const harness = new EngineHarness();
  await harness.insert('c', { _id: 1 });
  const change = { update: 'c', updates: [{ q: { _id: 1 }, u: { $set: { n: 1 } }, multi: true }] };
  const transaction = { lsid: harness.session(), txnNumber: 1n, autocommit: false };
  await harness.run({ ...change, ...transaction, startTransaction: true });
  const waiting = harness.run(change, 2);
  await harness.run({ ping: 1 });
  jest.spyOn(DatabaseFile.prototype, 'commit').mockImplementationOnce(() => {
    throw Object.assign(new Error('full'), { errcode: 13 });
  });
  expect(await harness.insert('c', { _id: 2 })).toMatchObject({ ok: 0 });
  await harness.run({ createIndexes: 'c', indexes: [{ key: { n: 1 }, name: 'n' }] });
  await harness.run({ abortTransaction: 1, ...transaction, $db: 'admin' });
  expect(await waiting).toMatchObject({ writeErrors: [{ code: 175 }] });
  expect((await harness.run({ validate: 'c' }))['errors']).toEqual([]);
  harness.close();
});

it('documents that are too much for SQLite in one piece are read in smaller ones, and none is left out', async () => {
  const harness = new EngineHarness();
  await harness.insert('c', ...Array.from({ length: 300 }, (_, _id) => ({ _id, n: _id })));
  const get = DatabaseFile.prototype.get;
  jest.spyOn(DatabaseFile.prototype, 'get').mockImplementation(function (this: DatabaseFile, sql, ...values) {
    const [, limit] = /group_concat.* LIMIT (\d+)\)$/.exec(sql) ?? [];
    if (Number(limit) > 8) throw Object.assign(new Error('string or blob too big'), { errcode: 18 });
    return get.call(this, sql, ...values);
  });
  expect(await harness.find('c', { n: { $gte: 0 } })).toHaveLength(300);
  expect(await harness.run({ update: 'c', updates: [{ q: {}, u: { $inc: { n: 1 } }, multi: true }] })).toMatchObject({
    n: 300,
    nModified: 300,
  });
  jest.restoreAllMocks();
  harness.close();
});

it('a damaged page is told as such, and no write that meets it is acknowledged', async () => {
  const directory = join(parent, 'data');
  let harness = new EngineHarness(directory);
  await harness.insert('c', ...Array.from({ length: 2_000 }, (_, _id) => ({ _id, text: `text ${_id} `.repeat(20) })));
  await harness.run({ createIndexes: 'c', indexes: [{ key: { text: 1 }, name: 'text' }] });
  harness.close();
  const file = join(directory, 'data.sqlite');
  const handle = openSync(file, 'r+');
  for (let page = 20; page < 60; page++) writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096);
  harness = new EngineHarness(directory);
  const damaged = { ok: 0, code: 269, codeName: 'DataCorruptionDetected' };
  expect(await harness.run({ find: 'c', filter: { n: 1 } })).toMatchObject(damaged);
  expect(await harness.run({ update: 'c', updates: [{ q: {}, u: { $set: { n: 1 } }, multi: true }] })).toMatchObject(
    damaged,
  );
  expect(await harness.run({ ping: 1 })).toMatchObject({ ok: 1 });
  harness.close();
});

it.each([100, 4096 * 5])('damage where the catalog is, at byte %d, is a reason not to start', async (from) => {
  const directory = join(parent, 'data');
  const harness = new EngineHarness(directory);
  await harness.insert('c', { _id: 1 });
  harness.close();
  const handle = openSync(join(directory, 'data.sqlite'), 'r+');
  writeSync(handle, Buffer.alloc(3_000, 0xa5), 0, 3_000, from);
  expect(() => new EngineHarness(directory)).toThrow(DirectoryUnusable);
});

/** As the operating system refuses it: root is not refused by rights. */
function asReadOnly(directory: string): () => void {
  if (process.getuid?.() !== 0) {
    chmodSync(directory, 0o500);
    return () => chmodSync(directory, 0o700);
  }
  execFileSync('mount', ['--bind', directory, directory]);
  execFileSync('mount', ['-o', 'remount,ro,bind', directory]);
  return () => execFileSync('umount', ['--lazy', directory]);
}

it('a directory that cannot be written is a reason not to start', async () => {
  const directory = join(parent, 'data');
  new EngineHarness(directory).close();
  let restore: () => void;
  try {
    restore = asReadOnly(directory);
  } catch (error) {
    process.stderr.write(`SKIPPED: a read-only directory: ${String(error).split('\n')[0]}\n`);
    return;
  }
  try {
    await expect(EmbeddedMongo.start({ directory })).rejects.toThrow(DirectoryUnusable);
  } finally {
    restore();
  }
});

describe('a clock that jumps', () => {
  it.each([7_200_000, -7_200_000])('by %d ms ends no cursor and no transaction', async (jump) => {
    const directory = join(parent, 'data');
    const realNow = Date.now;
    const server = await EmbeddedMongo.start({ directory, sweepEveryMs: 10 });
    const client = await MongoClient.connect(server.uri);
    const rows = client.db('a').collection<{ _id: number }>('rows');
    await rows.insertMany(Array.from({ length: 10 }, (_, _id) => ({ _id })));
    const cursor = rows.find({}, { batchSize: 2 });
    await cursor.next();
    const session = client.startSession();
    session.startTransaction();
    await rows.insertOne({ _id: 100 }, { session });
    jest.spyOn(Date, 'now').mockImplementation(() => realNow() + jump);
    for (let i = 0; i < 20; i++) await client.db('a').command({ ping: 1 });
    await session.commitTransaction();
    expect(await cursor.toArray()).toHaveLength(10);
    expect(await rows.countDocuments()).toBe(11);
    jest.restoreAllMocks();
    await session.endSession();
    await client.close();
    await server.stop();
  });
});
