import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Background } from './background/background';
import { LongReads } from './background/long-reads';
import { DatabaseFile } from './storage/database-file';
import { Journal } from './storage/journal';
import { EngineHarness } from './testing/engine-harness';

/** SQLite gives up a whole transaction where it meets a full disk, a failing one, or no memory: reads included. */
let parent: string;
let directory: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'embedded-'));
  directory = join(parent, 'data');
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(parent, { recursive: true, force: true });
});

const [FULL, NO_MEMORY, CANNOT_WRITE] = [13, 7, 778];

/** The next statement of a kind fails as SQLite's own failures do: nothing is left of the transaction. */
function giveUpAt(method: 'run' | 'get', pattern: RegExp, errcode: number): { happened: boolean } {
  const met = { happened: false };
  const original = DatabaseFile.prototype[method] as (this: DatabaseFile, sql: string, ...values: never[]) => unknown;
  const replaced = function (this: DatabaseFile, sql: string, ...values: never[]): unknown {
    if (met.happened || !pattern.test(sql)) return original.call(this, sql, ...values);
    met.happened = true;
    (this as unknown as { database: DatabaseSync }).database.exec('ROLLBACK');
    throw Object.assign(new Error('given up'), { errcode });
  };
  jest.spyOn(DatabaseFile.prototype, method).mockImplementation(replaced as never);
  return met;
}

const ids = async (harness: EngineHarness): Promise<unknown[]> =>
  (await harness.find('c', {}, { projection: { _id: 1 }, sort: { _id: 1 } })).map(({ _id }) => _id as unknown);

/** What is there after the process was killed, and what after it was stopped. */
async function found(harness: EngineHarness): Promise<unknown[][]> {
  const copy = mkdtempSync(join(parent, 'copy-'));
  cpSync(directory, copy, { recursive: true });
  await harness.engine.close();
  const all: unknown[][] = [];
  for (const place of [copy, directory]) {
    const again = new EngineHarness(place);
    all.push(await ids(again));
    expect((await again.run({ validate: 'c' }))['errors']).toEqual([]);
    await again.engine.close();
  }
  return all;
}

it.each([CANNOT_WRITE, NO_MEMORY])('a read that fails with %d takes nothing with it', async (errcode) => {
  const harness = new EngineHarness(directory);
  await harness.insert('c', { _id: 1 });
  await harness.insert('c', { _id: 2 });
  const met = giveUpAt('get', /^SELECT/, errcode);
  await harness.run({ find: 'c', filter: { n: 1 } });
  expect(met.happened).toBe(true);
  expect(await ids(harness)).toEqual([1, 2]);
  await harness.insert('c', { _id: 3 });
  expect(await found(harness)).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);
});

it('what came in before a read that fails, and was not committed, is refused with it', async () => {
  const harness = new EngineHarness(directory);
  await harness.insert('c', { _id: 1 });
  giveUpAt('get', /^SELECT/, CANNOT_WRITE);
  const replies = await Promise.all([
    harness.insert('c', { _id: 2 }),
    harness.run({ find: 'c', filter: { n: 1 } }),
    harness.insert('c', { _id: 3 }),
  ]);
  expect(replies.map(({ ok }) => ok as unknown)).toEqual([0, 0, 1]);
  expect(await found(harness)).toEqual([
    [1, 3],
    [1, 3],
  ]);
});

it('an index that cannot be built leaves the directory as it was', async () => {
  const harness = new EngineHarness(directory);
  const many = Array.from({ length: 2_000 }, (_, _id) => ({ _id, text: `text ${_id}` }));
  for (let at = 0; at < many.length; at += 100) await harness.insert('c', ...many.slice(at, at + 100));
  const built = harness.run({ createIndexes: 'c', indexes: [{ key: { text: 1 }, name: 'text' }] });
  // Some of its steps are committed by then.
  await harness.run({ ping: 1 });
  await harness.run({ ping: 1 });
  const met = giveUpAt('run', /INTO i_2 /, FULL);
  expect(await built).toMatchObject({ ok: 0 });
  expect(met.happened).toBe(true);
  await harness.insert('c', { _id: 'later' });
  const all = [...many.map(({ _id }) => _id), 'later'];
  expect(await found(harness)).toEqual([all, all]);
});

it('a long read beside a write that fails sees all that was acknowledged', async () => {
  let reads: LongReads | undefined;
  jest.spyOn(Background, 'start').mockImplementation(() => {
    const background = {
      isMoving: false,
      moveWrittenAhead: () => undefined,
      stop: () => Promise.resolve(),
      run: (frame: Buffer, connection: number, { answer }: { answer: (reply: Buffer | undefined) => void }) =>
        answer((reads ??= newReads()).run(Buffer.from(frame), connection, () => undefined) as Buffer),
    };
    return background as unknown as Background;
  });
  const newReads = (): LongReads => new LongReads(directory);
  const harness = new EngineHarness(directory);
  await harness.insert('c', { _id: 1 });
  await harness.insert('c', { _id: 2 });
  const read = harness.run({ validate: 'c' });
  giveUpAt('run', /^INSERT/, FULL);
  const write = harness.insert('c', { _id: 3 });
  expect(await write).toMatchObject({ ok: 0, code: 14031 });
  expect((await read)['nrecords']).toBe(2);
  expect(await found(harness)).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

it('what is acknowledged after a commit that failed on a full disk is there after a kill', async () => {
  const disk = join(parent, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', disk], { stdio: 'pipe' });
  } catch (error) {
    process.stderr.write(`SKIPPED: a commit that fails late: ${String(error).split('\n')[0]}\n`);
    return;
  }
  try {
    directory = join(disk, 'data');
    const harness = new EngineHarness(directory);
    await harness.insert('c', { _id: 0 });
    expect(() => writeFileSync(join(disk, 'filler'), Buffer.alloc(60_000_000))).toThrow(/ENOSPC/);
    let failed = 1;
    const next = () => harness.insert('c', { _id: failed, text: 'x'.repeat(300_000) });
    let reply = await next();
    for (; reply['ok'] === 1; reply = await next()) failed++;
    expect(reply).toMatchObject({ code: 14031, codeName: 'OutOfDiskSpace' });
    expect(failed).toBeGreaterThan(10);
    const acknowledged = await harness.insert('c', { _id: 'small' });
    const copy = join(parent, 'copy');
    cpSync(directory, copy, { recursive: true });
    await harness.engine.close();
    const again = new EngineHarness(copy);
    const there = await ids(again);
    expect(there).toEqual(expect.arrayContaining(Array.from({ length: failed }, (_, _id) => _id)));
    expect(there.includes('small')).toBe(acknowledged['ok'] === 1);
    await again.engine.close();
  } finally {
    execFileSync('umount', ['--lazy', disk]);
  }
});

it.each(['ENOSPC', 'EDQUOT'])('a journal that cannot be written because of %s is told as a full disk', async (code) => {
  const harness = new EngineHarness(directory);
  await harness.insert('c', { _id: 1 });
  jest.spyOn(Journal.prototype, 'write').mockImplementationOnce(() => {
    throw Object.assign(new Error('no space'), { code });
  });
  expect(await harness.insert('c', { _id: 2 })).toMatchObject({ ok: 0, code: 14031 });
  await harness.insert('c', { _id: 3 });
  expect(await found(harness)).toEqual([
    [1, 3],
    [1, 3],
  ]);
});

it.each(['in memory', 'in a directory'])('a backup is written without a background: %s', async (place) => {
  const harness = new EngineHarness(place === 'in memory' ? undefined : directory);
  await harness.insert('c', { _id: 1 });
  const file = join(parent, 'backup');
  expect(await harness.run({ backup: file })).toMatchObject({ ok: 1 });
  expect(existsSync(file)).toBe(true);
  expect(await harness.insert('c', { _id: 2 })).toMatchObject({ ok: 1 });
  expect(await ids(harness)).toEqual([1, 2]);
  await harness.engine.close();
});
