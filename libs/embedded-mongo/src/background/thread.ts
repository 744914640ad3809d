import { constants, getPriority, platform, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { BackgroundMessage, BackgroundRequest } from './background';
import { LongReads } from './long-reads';

const SWEEP_MS = 60_000;

giveWay();

const reads = new LongReads(workerData as string);
setInterval(() => reads.cursors.expire(), SWEEP_MS).unref();

const say = (message: BackgroundMessage): void => parentPort!.postMessage(message);

parentPort!.on('message', ({ id, frame, connection, gone }: BackgroundRequest) => {
  if (gone) return reads.cursors.killAll(gone);
  if (!frame) reads.moveWrittenAhead();
  const reply = frame && reads.run(Buffer.from(frame.buffer), connection, () => say({ id, begun: true }));
  say({ id, reply: reply && new Uint8Array(reply) });
});

/** What lasts gives way to what somebody waits for. Elsewhere than on Linux this would slow down the whole process. */
function giveWay(): void {
  const { PRIORITY_BELOW_NORMAL } = constants.priority;
  if (platform() !== 'linux' || getPriority() >= PRIORITY_BELOW_NORMAL) return;
  try {
    setPriority(PRIORITY_BELOW_NORMAL);
  } catch {
    // Where this is not allowed it goes without.
  }
}
