import { asBuffer, decodeDocument } from '../bson/decode';
import { encodeDocument } from '../bson/encode';
import type { Doc } from '../bson/values';
import { CommandFailure } from '../failure';
import type { DatabaseFile } from '../storage/database-file';

const KEPT_MS = 30 * 60 * 1000;
const MOST_IN_MEMORY = 10_000;

/**
 * The last numbered write of each session and its reply, kept in the same commit as the write itself: a driver that
 * sends a write again, because the connection was lost, gets the first reply, and the write happens once. Their age is
 * counted while the server runs, whatever the clock on the wall does meanwhile.
 */
export class WriteHistory {
  private readonly last = new Map<string, bigint>();
  private readonly startedAt: number;

  constructor(
    private readonly file: DatabaseFile,
    private readonly elapsed: () => number,
  ) {
    this.startedAt = Number(file.get('SELECT coalesce(max(at), 0) FROM sessions')![0]) - elapsed();
  }

  /** The reply that was given to this write before, if it was; an older number is refused. */
  replyTo(session: string, number: bigint): Doc | undefined {
    const known = this.last.get(session);
    if (known !== undefined && number > known) return undefined;
    const row = this.file.get('SELECT txn, reply FROM sessions WHERE id = ?', Buffer.from(session, 'latin1'));
    const kept = row ? BigInt(row[0] as number) : undefined;
    const newest = known !== undefined && (kept === undefined || known > kept) ? known : kept;
    if (newest !== undefined && number < newest)
      throw new CommandFailure(
        225,
        `Cannot start transaction ${number} on session because a newer transaction ${newest} has already started.`,
      );
    return kept === number ? decodeDocument(asBuffer(row![1] as Uint8Array)) : undefined;
  }

  /** Takes note that a number is in use, before there is a reply. */
  begin(session: string, number: bigint): void {
    this.last.delete(session);
    this.last.set(session, number);
    if (this.last.size > MOST_IN_MEMORY) this.last.delete(this.last.keys().next().value!);
  }

  /** Keeps the reply, as part of the commit that is under way. */
  keep(session: string, number: bigint, reply: Doc): void {
    this.begin(session, number);
    const insert = 'INSERT OR REPLACE INTO sessions (id, txn, at, reply) VALUES (?, ?, ?, ?)';
    this.file.run(insert, Buffer.from(session, 'latin1'), number, this.age, encodeDocument(reply));
  }

  /** Deletes what is too old to be sent again. */
  expire(): void {
    this.file.run('DELETE FROM sessions WHERE at < ?', this.age - KEPT_MS);
  }

  /** Forgets what is in memory, after a roll-back. */
  reload(): void {
    this.last.clear();
  }

  private get age(): number {
    return Math.floor(this.startedAt + this.elapsed());
  }
}
