import { parentPort, workerData } from 'node:worker_threads';
import type { BackgroundRequest, BackgroundStart } from './background';
import { LongReads } from './long-reads';

const SWEEP_MS = 60_000;

const { directory, server } = workerData as BackgroundStart;
const reads = new LongReads(directory, server);
setInterval(() => reads.cursors.expire(), SWEEP_MS).unref();

parentPort!.on('message', ({ id, frame, connection, gone }: BackgroundRequest) => {
  if (gone) return reads.cursors.killAll(gone);
  if (!frame) reads.moveWrittenAhead();
  const reply = frame && reads.run(Buffer.from(frame.buffer), connection);
  parentPort!.postMessage({ id, reply: reply && new Uint8Array(reply) });
});
