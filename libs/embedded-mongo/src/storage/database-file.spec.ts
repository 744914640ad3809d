import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { DirectoryInUse, DirectoryUnusable } from '../failure';
import { EngineHarness } from '../testing/engine-harness';
import { DatabaseFile } from './database-file';
import { FORMAT_VERSION } from './format';

let parent: string;
let directory: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'embedded-'));
  directory = join(parent, 'deep', 'data');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

it('makes the directory for the owner alone', () => {
  DatabaseFile.open(directory).close();
  expect(statSync(directory).mode & 0o777).toBe(0o700);
});

it('keeps documents, indexes and numbered writes over a restart', async () => {
  const first = new EngineHarness(directory);
  await first.run({ createIndexes: 'c', indexes: [{ key: { tags: 1 }, name: 'tags' }] });
  await first.insert('c', { _id: 1, tags: ['a', 'b'] }, { _id: 2, tags: 'a' });
  first.close();
  const second = new EngineHarness(directory);
  await second.insert('c', { _id: 3, tags: ['b'] });
  expect(await second.find('c', { tags: 'b' })).toEqual([
    { _id: 1, tags: ['a', 'b'] },
    { _id: 3, tags: ['b'] },
  ]);
  expect(
    (await second.run({ explain: { find: 'c', filter: { tags: 'a' } } }))['queryPlanner'].winningPlan,
  ).toMatchObject({ indexName: 'tags', isMultiKey: true });
  expect((await second.run({ validate: 'c' }))['errors']).toEqual([]);
  second.close();
});

it('is not opened twice in a process', () => {
  const file = DatabaseFile.open(directory);
  expect(() => DatabaseFile.open(directory)).toThrow(DirectoryInUse);
  file.close();
  DatabaseFile.open(directory).close();
});

it('is not opened while another process has it, and is free when that one was killed', async () => {
  const script = `
    const { DatabaseSync } = require('node:sqlite');
    new DatabaseSync(process.argv[1]).exec('BEGIN EXCLUSIVE');
    process.stdout.write('held');
    setInterval(() => undefined, 1000);`;
  DatabaseFile.open(directory).close();
  const other = spawn(process.execPath, ['-e', script, join(directory, 'lock')]);
  await once(other.stdout, 'data');
  expect(() => DatabaseFile.open(directory)).toThrow(DirectoryInUse);
  other.kill('SIGKILL');
  await once(other, 'exit');
  DatabaseFile.open(directory).close();
});

it('refuses a file of a newer format', () => {
  DatabaseFile.open(directory).close();
  const database = new DatabaseSync(join(directory, 'data.sqlite'));
  database.exec(`PRAGMA user_version = ${FORMAT_VERSION + 1}`);
  database.close();
  expect(() => DatabaseFile.open(directory)).toThrow(/format 4/);
});

it.each([1, 2])('upgrades a file of format %d, with all that is in it', async (format) => {
  mkdirSync(directory, { recursive: true });
  const sample = join(__dirname, `../../samples/format-${format}.sqlite.gz`);
  writeFileSync(join(directory, 'data.sqlite'), gunzipSync(readFileSync(sample)));
  for (let start = 0; start < 2; start++) {
    const harness = new EngineHarness(directory);
    const app = { $db: 'app' };
    expect(await harness.find('people', {}, { ...app, sort: { _id: 1 } })).toHaveLength(35 + start);
    expect((await harness.find('people', { phone: '+847' }, app))[0]).toMatchObject({
      _id: 7,
      tags: ['a', 'b7'],
      email: 'p7@x',
    });
    expect(await harness.run({ insert: 'people', documents: [{ phone: '+847' }], ...app })).toMatchObject({ n: 0 });
    await harness.run({ insert: 'people', documents: [{ _id: 100 + start, phone: `new ${start}` }], ...app });
    await harness.insert('c', { _id: start });
    for (const name of ['people', 'empty'])
      expect((await harness.run({ validate: name, ...app }))['errors']).toEqual([]);
    const plan = await harness.run({ explain: { find: 'people', filter: { tags: 'b7' } }, ...app });
    expect(plan['queryPlanner'].winningPlan).toMatchObject({ indexName: 'tags_1', isMultiKey: true });
    harness.close();
  }
  const database = new DatabaseSync(join(directory, 'data.sqlite'));
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: FORMAT_VERSION });
  database.close();
});

it("refuses another program's database, and leaves it as it is", () => {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'data.sqlite');
  const make = (version: number): void => {
    const database = new DatabaseSync(path);
    database.exec(`CREATE TABLE IF NOT EXISTS notes (text); PRAGMA user_version = ${version}`);
    database.close();
  };
  for (const version of [0, 1, FORMAT_VERSION]) {
    make(version);
    expect(() => DatabaseFile.open(directory)).toThrow(/belongs to another program/);
  }
  expect(new DatabaseSync(path).prepare('SELECT count(*) FROM sqlite_schema').get()).toEqual({ 'count(*)': 1 });
});

it('refuses a file that is none of its own', () => {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'data.sqlite'), 'this is no database at all, whatever its name may say. '.repeat(100));
  expect(() => DatabaseFile.open(directory)).toThrow(DirectoryUnusable);
});

it('says so when the directory cannot be made', () => {
  writeFileSync(join(parent, 'deep'), 'a file in the way');
  expect(() => DatabaseFile.open(directory)).toThrow(DirectoryUnusable);
});

const asRoot = process.getuid?.() === 0;
(asRoot ? it.skip : it)('says so when the directory cannot be written', () => {
  mkdirSync(parent, { recursive: true });
  chmodSync(parent, 0o500);
  expect(() => DatabaseFile.open(directory)).toThrow(DirectoryUnusable);
  chmodSync(parent, 0o700);
});

it('refuses a place where nothing can be made, at once', () => {
  expect(() => DatabaseFile.open('/proc/nothing/here')).toThrow(DirectoryUnusable);
});
