import type { Doc, Encoded, Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { TakesLong } from '../storage/database-file';

/** The collection and the session that a cursor belongs to. */
export interface CursorOwner {
  namespace: string;
  session: string | undefined;
}

/** Encoded documents, one by one. */
interface ResultStream extends CursorOwner {
  results: Iterator<Buffer | Encoded>;
  /** Called between commands: what was read ahead is forgotten. */
  rewind: () => void;
}

interface OpenCursor extends ResultStream {
  held: Buffer | Encoded | undefined;
  usedAt: number;
}

interface Batch {
  documents: (Buffer | Encoded)[];
  ended: boolean;
}

const DEFAULT_BATCH = 101;
const BATCH_BYTES = 16 * 1024 * 1024;
const IDLE_MS = 10 * 60 * 1000;

/** The cursors that clients have not read to the end. */
export class Cursors {
  /** False where a cursor that would stay open is to be opened by another reader, from the start. */
  mayStayOpen = true;
  private readonly open = new Map<bigint, OpenCursor>();
  private lastId = BigInt(Date.now()) * 1_000_000n;

  /** `elapsed` is in milliseconds. */
  constructor(private readonly elapsed: () => number) {}

  /** The first reply of a query; what is left over stays open under the id in the reply, unless a `single` one is wanted. */
  start(stream: ResultStream, batchSize = DEFAULT_BATCH, single = false): Doc {
    const cursor: OpenCursor = { ...stream, held: undefined, usedAt: this.elapsed() };
    const batch = take(cursor, batchSize);
    const keep = !batch.ended && !single;
    if (keep && !this.mayStayOpen) throw new TakesLong();
    if (keep) this.open.set(++this.lastId, cursor);
    return reply('firstBatch', batch, keep ? this.lastId : 0n, stream.namespace);
  }

  /** The next reply of an open cursor. */
  more(id: bigint, { namespace, session }: CursorOwner, batchSize: number | undefined): Doc {
    const cursor = this.open.get(id);
    if (cursor?.namespace !== namespace) throw new CommandFailure(43, `cursor id ${id} not found`);
    if (cursor.session !== session)
      throw new CommandFailure(13, `Cannot run getMore on cursor ${id} in another session than it was created in`);
    cursor.usedAt = this.elapsed();
    this.open.delete(id);
    const batch = take(cursor, batchSize || Number.POSITIVE_INFINITY);
    if (!batch.ended) this.open.set(id, cursor);
    return reply('nextBatch', batch, batch.ended ? 0n : id, namespace);
  }

  /** Closes a cursor; false where there is none. */
  kill(id: bigint): boolean {
    return this.open.delete(id);
  }

  /** Closes the cursors of a collection, or of a session, that is no more. */
  killAll(gone: { namespace?: string; session?: string }): void {
    for (const [id, cursor] of this.open)
      if (cursor.namespace === gone.namespace || (cursor.session !== undefined && cursor.session === gone.session))
        this.open.delete(id);
  }

  /** Closes cursors that nobody has read from for long. */
  expire(): void {
    for (const [id, { usedAt }] of this.open) if (this.elapsed() - usedAt > IDLE_MS) this.open.delete(id);
  }
}

function reply(name: string, { documents }: Batch, id: bigint, namespace: string): Doc {
  const cursor: Doc = new Map<string, Value>([[name, documents]]).set('id', id).set('ns', namespace);
  return new Map<string, Value>([['cursor', cursor]]).set('ok', 1);
}

function take(cursor: OpenCursor, size: number): Batch {
  const documents: Batch['documents'] = [];
  let bytes = 0;
  while (documents.length < size) {
    const next = cursor.held ?? (cursor.results.next().value as OpenCursor['held']);
    cursor.held = undefined;
    if (!next) return { documents, ended: true };
    bytes += next.length;
    if (bytes > BATCH_BYTES && documents.length > 0) {
      cursor.held = next;
      break;
    }
    documents.push(next);
  }
  cursor.rewind();
  return { documents, ended: false };
}
