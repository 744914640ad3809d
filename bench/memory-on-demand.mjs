/** Loaded into each server under test (`--import`): answers `memory` on the process's channel after collecting garbage. */
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

const SETTLE_MS = 300;
const PASSES = 3;

if (isMainThread && process.send) {
  process.on('message', (message) => message === 'memory' && void report());
  process.channel.unref();
}

async function report() {
  for (let pass = 0; pass < PASSES; pass++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
  process.send({ memory: process.memoryUsage() });
}
