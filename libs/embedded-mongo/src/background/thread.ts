import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { BackgroundRequest, BackgroundStart } from './background';
import { LongReads } from './long-reads';

const SWEEP_MS = 60_000;

// On Linux, of this thread alone: what lasts gives way to what somebody waits for.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const { directory, server } = workerData as BackgroundStart;
const reads = new LongReads(directory, server);
setInterval(() => reads.cursors.expire(), SWEEP_MS).unref();

parentPort!.on('message', ({ id, frame, connection, gone }: BackgroundRequest) => {
  if (gone) return reads.cursors.killAll(gone);
  if (!frame) reads.moveWrittenAhead();
  const reply = frame && reads.run(Buffer.from(frame.buffer), connection);
  parentPort!.postMessage({ id, reply: reply && new Uint8Array(reply) });
});
