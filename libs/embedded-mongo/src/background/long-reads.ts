import { encodeDocument } from '../bson/encode';
import type { Doc } from '../bson/values';
import { prepare } from '../prepared';
import { Cursors } from '../sessions/cursors';
import { Catalog } from '../storage/catalog';
import { DatabaseFile } from '../storage/database-file';
import { failureReply } from '../failure';
import { parseRequest } from '../wire/frames';

const MOST_ROUNDS = 10;

/** Runs reads on a connection of its own: each sees what was committed when it began, and holds up nobody. */
export class LongReads {
  readonly cursors = new Cursors(() => performance.now());
  private readonly file: DatabaseFile;
  private readonly catalog: Catalog;
  private version: unknown;

  constructor(directory: string) {
    this.file = DatabaseFile.openAgain(directory);
    this.catalog = new Catalog({ file: this.file, guard: undefined });
  }

  /**
   * Runs one command and answers its encoded reply; says when it sees all that it will see. A cursor of a transaction
   * cannot stay open here, nor can a failure end it: then there is no reply.
   */
  run(frame: Buffer, connection: number, begun: () => void): Buffer | undefined {
    try {
      return encodeDocument(this.answer(frame, connection, begun));
    } catch (error) {
      if (!this.cursors.mayStayOpen) return undefined;
      return encodeDocument(failureReply(error));
    }
  }

  /**
   * Moves what was written ahead, and what came meanwhile, until nothing did: only then SQLite syncs the database, and
   * what is not synced here is left for the writer to wait for.
   */
  moveWrittenAhead(): void {
    for (let rounds = 0; rounds < MOST_ROUNDS; rounds++) {
      this.file.moveWrittenAhead();
      const { pages, moved } = this.file.writtenAhead();
      if (pages === moved) return;
    }
  }

  private answer(frame: Buffer, connection: number, begun: () => void): Doc {
    const { name, command, body, session } = prepare(parseRequest(frame));
    const { catalog, file, cursors } = this;
    const context = { db: body.text('$db'), address: '', connection, session, catalog, file, cursors, now: Date.now };
    const run = (): Doc => command.run(context, body);
    cursors.mayStayOpen = !session.inTransaction;
    if (name === 'backup') return run();
    return file.inSnapshot(() => {
      this.refresh();
      begun();
      return run();
    });
  }

  /** Reads the catalog anew where anything was committed since. */
  private refresh(): void {
    const version = this.file.get('PRAGMA data_version')![0];
    if (version !== this.version) this.catalog.reload();
    this.version = version;
  }
}
