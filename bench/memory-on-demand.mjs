/**
 * Loaded into each server under test (`--import`): answers `collect` and `memory` on the process's channel, after
 * garbage has been collected in every thread.
 */
import process from 'node:process';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

const SETTLE_MS = 100;
const PASSES = 5;
const threads = new BroadcastChannel('collect garbage');

/**
 * V8 keeps a young generation that grew in a rush (to 64 MiB and more, whatever the number of connections) at its size
 * after an ordinary collection; this flavour gives it back, so that what stays is what is kept.
 */
const collectGarbage = () => globalThis.gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });

threads.onmessage = collectGarbage;
threads.unref();

if (isMainThread && process.send) {
  process.on('message', (message) => void answer(message));
  process.channel.unref();
}

async function answer(message) {
  await collect(message === 'memory' ? PASSES : 1);
  process.send({ memory: process.memoryUsage() });
}

async function collect(passes) {
  for (let pass = 0; pass < passes; pass++) {
    threads.postMessage('now');
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
}
