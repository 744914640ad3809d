import * as fc from 'fast-check';
import { cpSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SQLInputValue } from 'node:sqlite';
import { DirectoryUnusable } from '../failure';
import { EngineHarness } from '../testing/engine-harness';
import { Journal, type Change } from './journal';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'embedded-'));
  path = join(folder, 'journal');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const value: fc.Arbitrary<SQLInputValue> = fc.oneof(
  fc.constant(null),
  fc.double(),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.string({ unit: 'grapheme' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);
const change: fc.Arbitrary<Change> = fc.record({ sql: fc.string({ unit: 'grapheme' }), values: fc.array(value) });
/** Commits, each of changes that stay and of some that are taken back. */
const commits = fc.array(
  fc.array(fc.record({ change, stays: fc.boolean() }), { minLength: 1 }).filter((all) => all.some((one) => one.stays)),
  { maxLength: 5 },
);
type Commits = typeof commits extends fc.Arbitrary<infer T> ? T : never;

function write(journal: Journal, all: Commits): Change[][] {
  for (const parts of all) {
    for (const { change, stays } of parts) {
      const { mark } = journal;
      journal.add(change.sql, change.values);
      if (!stays) journal.truncate(mark);
    }
    journal.write();
  }
  return all.map((parts) => parts.filter(({ stays }) => stays).map((part) => part.change));
}

/** What is found by whoever opens the file next. */
function found(generation: bigint): Change[] {
  const journal = Journal.open(path);
  try {
    journal.resume(generation);
    return [...journal.changes()];
  } finally {
    journal.close();
  }
}

it('gives back what was committed, and nothing that was taken back or is of another generation', () => {
  fc.assert(
    fc.property(commits, commits, fc.bigInt({ min: 1n, max: 2n ** 62n }), (before, after, generation) => {
      rmSync(path, { force: true });
      const journal = Journal.open(path);
      journal.begin(-generation);
      const first = write(journal, before);
      expect(found(-generation)).toEqual(first.flat());
      journal.begin(generation);
      const second = write(journal, after);
      expect(journal.holdsCommits).toBe(second.length > 0);
      journal.close();
      expect(found(generation)).toEqual(second.flat());
      expect(found(generation + 1n)).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

/** A journal of three commits; answers where each of them ends. */
function three(): number[] {
  const journal = Journal.open(path);
  journal.begin(7n);
  const ends = ['first', 'second', 'third'].map((sql) => {
    write(journal, [[{ change: { sql, values: [1, Buffer.alloc(50, 1)] }, stays: true }]]);
    return readFileSync(path).lastIndexOf(1) + 1;
  });
  journal.close();
  return ends;
}

const statements = (): string[] => found(7n).map(({ sql }) => sql);

it('leaves out a commit that was torn, and goes on behind the one before', () => {
  const [, second, third] = three() as [number, number, number];
  const whole = readFileSync(path);
  for (let bytes = second; bytes < third; bytes++) {
    writeFileSync(path, whole.subarray(0, bytes));
    truncateSync(path, whole.length);
    expect(statements()).toEqual(['first', 'second']);
  }
  const journal = Journal.open(path);
  journal.resume(7n);
  write(journal, [[{ change: { sql: 'fourth', values: [] }, stays: true }]]);
  journal.close();
  expect(statements()).toEqual(['first', 'second', 'fourth']);
});

it('is not read where a commit is damaged behind which there is another', () => {
  const [first, second] = three() as [number, number];
  const whole = readFileSync(path);
  for (let at = first; at < second; at++) {
    writeFileSync(path, whole);
    writeSync(openSync(path, 'r+'), Buffer.from([whole[at]! ^ 0x55]), 0, 1, at);
    expect(statements).toThrow('its journal is damaged');
  }
});

it('has no room for a large commit, nor for one behind what fills it', () => {
  const journal = Journal.open(path);
  journal.begin(7n);
  const mark = journal.mark;
  journal.add('large', [Buffer.alloc(1024 * 1024)]);
  expect(journal.takesPending).toBe(false);
  journal.truncate(mark);
  expect(journal.takesPending).toBe(true);
  journal.expect(100_000);
  expect(journal.takesPending).toBe(true);
  journal.expect(1024 * 1024);
  journal.add('small', []);
  expect(journal.takesPending).toBe(false);
  journal.truncate(mark);
  let written = 0;
  for (; journal.takesPending; written++) {
    journal.truncate();
    write(journal, [[{ change: { sql: 'some', values: [Buffer.alloc(100_000)] }, stays: true }]]);
    journal.add('next', [Buffer.alloc(100_000)]);
  }
  journal.close();
  expect(written).toBeGreaterThan(10);
  expect(statements()).toHaveLength(written);
});

describe('a database with a journal', () => {
  /** As a power cut would leave it. */
  async function afterPowerCut<T>(look: (harness: EngineHarness) => Promise<T>): Promise<T> {
    const copy = mkdtempSync(join(folder, 'copy-'));
    cpSync(join(folder, 'data'), copy, { recursive: true });
    const harness = new EngineHarness(copy);
    try {
      return await look(harness);
    } finally {
      harness.close();
    }
  }

  const numbers = (harness: EngineHarness): Promise<unknown[]> =>
    harness.find('c', {}, { sort: { _id: 1 } }).then((all) => all.map(({ _id }) => _id as number));

  it('has everything that was acknowledged, whatever was settled, after a power cut', async () => {
    const harness = new EngineHarness(join(folder, 'data'));
    await harness.run({ createIndexes: 'c', indexes: [{ key: { tags: 1 }, name: 'tags' }] });
    for (let _id = 0; _id < 6; _id++) {
      await harness.insert('c', { _id, tags: _id === 3 ? ['a', 'b'] : 'a', text: 'x'.repeat(_id === 4 ? 300_000 : 5) });
      const all = Array.from({ length: _id + 1 }, (_, i) => i);
      expect(await afterPowerCut(numbers)).toEqual(all);
      const errors = (other: EngineHarness): Promise<unknown> =>
        other.run({ validate: 'c' }).then((reply) => reply['errors'] as unknown);
      expect(await afterPowerCut(errors)).toEqual([]);
    }
    const byTag = (other: EngineHarness): Promise<unknown[]> => other.find('c', { tags: 'b' });
    expect(await afterPowerCut(byTag)).toHaveLength(1);
    harness.close();
  });

  it('has what was inserted around one of many that was refused, after a power cut', async () => {
    const harness = new EngineHarness(join(folder, 'data'));
    const many = Array.from({ length: 200 }, (_, i) => ({ _id: i === 150 ? 3 : i, text: 'x'.repeat(3_000) }));
    expect(await harness.run({ insert: 'c', documents: many, ordered: false })).toMatchObject({ n: 199 });
    await harness.insert('c', { _id: 200 });
    expect(await afterPowerCut(numbers)).toEqual(Array.from({ length: 201 }, (_, i) => i).filter((i) => i !== 150));
    harness.close();
  });

  it('keeps what was committed before where a commit fails, and nothing of that one', async () => {
    const harness = new EngineHarness(join(folder, 'data'));
    await harness.insert('c', { _id: 1 });
    await harness.insert('c', { _id: 2 });
    jest.spyOn(Journal.prototype, 'write').mockImplementationOnce(() => {
      throw Object.assign(new Error('EIO'), { code: 'EIO' });
    });
    expect(await harness.insert('c', { _id: 3 })).toMatchObject({ ok: 0 });
    expect(await numbers(harness)).toEqual([1, 2]);
    await harness.insert('c', { _id: 4 });
    expect(await numbers(harness)).toEqual([1, 2, 4]);
    expect(await afterPowerCut(numbers)).toEqual([1, 2, 4]);
    expect((await harness.run({ validate: 'c' }))['errors']).toEqual([]);
    harness.close();
  });

  it('does not open where its journal is damaged', async () => {
    const harness = new EngineHarness(join(folder, 'data'));
    for (let _id = 0; _id < 3; _id++) await harness.insert('c', { _id });
    const copy = join(folder, 'copy');
    cpSync(join(folder, 'data'), copy, { recursive: true });
    harness.close();
    const journal = join(copy, 'data.journal');
    const bytes = readFileSync(journal);
    writeSync(openSync(journal, 'r+'), Buffer.from([bytes[40]! ^ 1]), 0, 1, 40);
    expect(() => new EngineHarness(copy)).toThrow(DirectoryUnusable);
  });
});
