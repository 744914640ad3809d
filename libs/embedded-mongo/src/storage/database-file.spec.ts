import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DirectoryInUse, DirectoryUnusable } from '../failure';
import { EngineHarness } from '../testing/engine-harness';
import { DatabaseFile, FORMAT_VERSION } from './database-file';

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

it('is not opened while another process has it, and is free when that one was killed', () => {
  mkdirSync(directory, { recursive: true });
  DatabaseFile.open(directory).close();
  const script = `
    const { DatabaseSync } = require('node:sqlite');
    const database = new DatabaseSync(process.argv[1]);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; COMMIT');
    require('node:child_process').execFileSync(process.execPath, ['-e', process.argv[2], process.argv[1]], { stdio: 'inherit' });
    process.kill(process.pid, 'SIGKILL');`;
  const other = `
    const { DatabaseSync } = require('node:sqlite');
    try { new DatabaseSync(process.argv[1]).exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE'); process.stdout.write('open'); }
    catch (error) { process.stdout.write(String(error.errcode)); }`;
  let output = '';
  try {
    execFileSync(process.execPath, ['-e', script, join(directory, 'data.sqlite'), other], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  expect(output).toBe('5');
  DatabaseFile.open(directory).close();
});

it('refuses a file of a newer format', () => {
  DatabaseFile.open(directory).close();
  const database = new DatabaseSync(join(directory, 'data.sqlite'));
  database.exec(`PRAGMA user_version = ${FORMAT_VERSION + 1}`);
  database.close();
  expect(() => DatabaseFile.open(directory)).toThrow(/format 2/);
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
