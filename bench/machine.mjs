/** What the numbers were taken on. */
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join, resolve } from 'node:path';
import { execFileSync } from 'node:child_process';
import process from 'node:process';

const SYNCS = 300;
const PAGE = Buffer.alloc(4_096, 'parley');
const TICKS_PER_SECOND = 100;

/** The machine in words, by what it says of itself. */
export function describeMachine(node, directory) {
  const { model } = cpus()[0] ?? { model: 'unknown' };
  const { name, at } = fileSystemOf(directory);
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    processor: `${cpus().length} cores (${model})`,
    memory: `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    system: `${type()} ${release()}`,
    node: execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(),
    disk: `${name}, mounted at ${at}`,
    sync: syncTimes(directory),
  };
}

/** How many files a process may have open; Node raises the soft limit to the hard one by itself. */
export function openFilesAllowed() {
  const [, hard] = /Max open files\s+\S+\s+(\S+)/.exec(read('/proc/self/limits')) ?? [];
  return hard === undefined || hard === 'unlimited' ? Infinity : Number(hard);
}

/** Seconds of CPU that the whole machine has used since it was started. */
export function machineBusySeconds() {
  const [user, nice, system, , , irq, soft] = read('/proc/stat').split('\n')[0].split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + soft) / TICKS_PER_SECOND;
}

function fileSystemOf(directory) {
  const path = resolve(directory);
  const mounts = read('/proc/mounts')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, at]) => at !== undefined && (path === at || path.startsWith(at === '/' ? at : `${at}/`)));
  const [, at = '?', name = 'unknown'] = mounts.sort((one, other) => other[1].length - one[1].length)[0] ?? [];
  return { name, at };
}

/** What it takes to append a page to a file and have it on the disk. */
function syncTimes(directory) {
  const path = join(directory, `parley-bench-sync-${process.pid}`);
  const file = openSync(path, 'w');
  const times = Array.from({ length: SYNCS }, (_, page) => {
    const start = performance.now();
    writeSync(file, PAGE, 0, PAGE.length, page * PAGE.length);
    fdatasyncSync(file);
    return performance.now() - start;
  }).sort((one, other) => one - other);
  closeSync(file);
  rmSync(path);
  return { p50: times[Math.floor(SYNCS * 0.5)], p99: times[Math.floor(SYNCS * 0.99)] };
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
