/**
 * Loaded into each server under test (`--import`): answers `memory` on the process's channel, after garbage has been
 * collected in every thread.
 */
import process from 'node:process';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

const SETTLE_MS = 300;
const PASSES = 3;
const threads = new BroadcastChannel('collect garbage');

threads.onmessage = () => globalThis.gc();
threads.unref();

if (isMainThread && process.send) {
  process.on('message', (message) => message === 'memory' && void report());
  process.channel.unref();
}

async function report() {
  for (let pass = 0; pass < PASSES; pass++) {
    threads.postMessage('now');
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
  process.send({ memory: process.memoryUsage() });
}
