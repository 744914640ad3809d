import { doc, Double, type Doc, type Value } from '../bson/values';
import { CommandFailure, DuplicateKey } from '../failure';

/** The reply to a command that failed. */
export function failureReply(error: unknown): Doc {
  const failure = asFailure(error);
  const reply = doc({ ok: new Double(0), errmsg: failure.message, code: failure.code, codeName: failure.codeName });
  if (failure instanceof DuplicateKey) {
    reply.set('keyPattern', failure.keyPattern as Value);
    reply.set('keyValue', failure.keyValue as Value);
  }
  if (failure.labels.length > 0) reply.set('errorLabels', [...failure.labels]);
  return reply;
}

/** What SQLite's errors mean to a client. A table that is gone is one that was dropped under an open cursor. */
const SQLITE_FAILURES: Readonly<Record<number, [code: number, message: string]>> = {
  8: [14031, 'The database file cannot be written: nothing was changed'],
  11: [269, 'The database file is damaged; restore a backup'],
  13: [14031, 'The disk is full: nothing was written'],
  26: [269, 'The database file is damaged; restore a backup'],
};

/** Any error as one that a client can be told. */
function asFailure(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  const { message, errcode = 0 } = error as Error & { errcode?: number };
  const known = SQLITE_FAILURES[errcode & 0xff];
  if (known) return new CommandFailure(...known);
  return message.startsWith('no such table')
    ? new CommandFailure(175, 'the collection was dropped meanwhile')
    : new CommandFailure(1, `internal error: ${message}`);
}
