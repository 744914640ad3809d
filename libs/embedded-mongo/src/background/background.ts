import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { asBuffer } from '../bson/decode';

const THREAD = join(__dirname, 'thread.js');

/** A command to run; without a frame, a request to move what was written ahead; or what became of a session. */
export interface BackgroundRequest {
  id: number;
  connection: number;
  frame?: Uint8Array<ArrayBuffer>;
  gone?: { session: string };
}

/** That a read has begun, its reply, or that what was written ahead is moved. */
export interface BackgroundMessage {
  id: number;
  begun?: true;
  reply?: Uint8Array;
}

/** Who waits for a read: what was committed before `begun` may be in the reply, what is committed after it is not. */
interface Waiting {
  begun?: () => void;
  /** The reply, encoded; none where it would leave a cursor of a transaction open. */
  answer: (reply: Buffer | undefined) => void;
}

/** A second thread with a connection of its own: takes the reads that last, and the work of checkpoints. */
export class Background {
  private readonly waiting = new Map<number, Waiting>();
  private readonly worker: Worker;
  private requests = 0;
  private moving = false;

  private constructor(directory: string) {
    this.worker = new Worker(THREAD, { workerData: directory, name: 'embedded-mongo-background' });
    this.worker.on('message', ({ id, begun, reply }: BackgroundMessage) => {
      const waiting = this.waiting.get(id);
      if (begun) return waiting?.begun?.();
      this.waiting.delete(id);
      waiting?.answer(reply && asBuffer(reply));
      if (!waiting) this.moving = false;
    });
  }

  /** Undefined where there is nothing to run in a thread: in memory, and from TypeScript sources. */
  static start(directory: string | undefined): Background | undefined {
    return directory !== undefined && existsSync(THREAD) ? new Background(directory) : undefined;
  }

  /** Runs a read. */
  run(frame: Buffer, connection: number, waiting: Waiting): void {
    const copy = new Uint8Array(frame);
    this.waiting.set(++this.requests, waiting);
    this.worker.postMessage({ id: this.requests, frame: copy, connection } satisfies BackgroundRequest, [copy.buffer]);
  }

  /** Closes what a session has open there. */
  forget(session: string): void {
    this.worker.postMessage({ id: 0, connection: 0, gone: { session } } satisfies BackgroundRequest);
  }

  /** True while it was told to move what was written ahead and has not done so. */
  get isMoving(): boolean {
    return this.moving;
  }

  /** Moves what was written ahead into the database. */
  moveWrittenAhead(): void {
    if (this.moving) return;
    this.moving = true;
    this.worker.postMessage({ id: 0, connection: 0 } satisfies BackgroundRequest);
  }

  /** Ends the thread; reads that it has not answered get no reply. */
  async stop(): Promise<void> {
    await this.worker.terminate();
  }
}
