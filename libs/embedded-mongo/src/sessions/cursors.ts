import type { Doc } from '../bson/values';
import { doc } from '../bson/values';
import { CommandFailure } from '../failure';

/** Encoded documents, one by one. */
export interface ResultStream {
  results: Iterator<Buffer>;
  /** Called between commands: what was read ahead is forgotten. */
  rewind: () => void;
}

interface OpenCursor extends ResultStream {
  id: bigint;
  namespace: string;
  session: string | undefined;
  held: Buffer | undefined;
  usedAt: number;
  stays: boolean;
}

const DEFAULT_BATCH = 101;
const BATCH_BYTES = 16 * 1024 * 1024;
const IDLE_MS = 10 * 60 * 1000;

/** The cursors that clients have not read to the end. */
export class Cursors {
  private readonly open = new Map<bigint, OpenCursor>();
  private lastId = BigInt(Date.now()) * 1_000_000n;

  constructor(private readonly now: () => number) {}

  get size(): number {
    return this.open.size;
  }

  /** The first reply of a query; what is left over stays open under the id in the reply. */
  start(
    namespace: string,
    stream: ResultStream,
    options: { batchSize?: number; single?: boolean; session?: string; stays?: boolean },
  ): Doc {
    const cursor: OpenCursor = {
      ...stream,
      id: ++this.lastId,
      namespace,
      session: options.session,
      held: undefined,
      usedAt: this.now(),
      stays: options.stays ?? false,
    };
    const { batch, ended } = this.take(cursor, options.batchSize ?? DEFAULT_BATCH);
    const keep = !ended && options.single !== true;
    if (keep) this.open.set(cursor.id, cursor);
    return doc({ cursor: { firstBatch: batch, id: keep ? cursor.id : 0n, ns: namespace }, ok: 1 });
  }

  /** The next reply of an open cursor. */
  more(id: bigint, namespace: string, session: string | undefined, batchSize: number | undefined): Doc {
    const cursor = this.open.get(id);
    if (!cursor || cursor.namespace !== namespace) throw new CommandFailure(43, `cursor id ${id} not found`);
    if (cursor.session !== session)
      throw new CommandFailure(13, `Cannot run getMore on cursor ${id} in another session than it was created in`);
    cursor.usedAt = this.now();
    const { batch, ended } = this.takeOrForget(cursor, batchSize);
    if (ended) this.open.delete(id);
    return doc({ cursor: { nextBatch: batch, id: ended ? 0n : id, ns: namespace }, ok: 1 });
  }

  /** Closes a cursor; false where there is none. */
  kill(id: bigint): boolean {
    return this.open.delete(id);
  }

  /** Closes the cursors of a collection, or of a session, that is no more. */
  killAll(gone: { namespace?: string; session?: string }): void {
    for (const cursor of this.open.values()) {
      if (cursor.namespace === gone.namespace || (cursor.session !== undefined && cursor.session === gone.session))
        this.open.delete(cursor.id);
    }
  }

  /** Closes cursors that nobody has read from for long. */
  expire(): void {
    for (const cursor of this.open.values())
      if (!cursor.stays && this.now() - cursor.usedAt > IDLE_MS) this.open.delete(cursor.id);
  }

  private takeOrForget(cursor: OpenCursor, batchSize: number | undefined): { batch: Buffer[]; ended: boolean } {
    try {
      return this.take(cursor, batchSize || Number.POSITIVE_INFINITY);
    } catch (error) {
      this.open.delete(cursor.id);
      throw error;
    }
  }

  private take(cursor: OpenCursor, size: number): { batch: Buffer[]; ended: boolean } {
    const batch: Buffer[] = [];
    let bytes = 0;
    while (batch.length < size) {
      const next = cursor.held ?? this.pull(cursor);
      cursor.held = undefined;
      if (!next) return { batch, ended: true };
      bytes += next.length;
      if (bytes > BATCH_BYTES && batch.length > 0) {
        cursor.held = next;
        break;
      }
      batch.push(next);
    }
    cursor.rewind();
    return { batch, ended: false };
  }

  private pull(cursor: OpenCursor): Buffer | undefined {
    const step = cursor.results.next();
    return step.done ? undefined : step.value;
  }
}
