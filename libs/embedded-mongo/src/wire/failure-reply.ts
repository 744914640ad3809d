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

const SQLITE_FULL = 13;

/** Any error as one that a client can be told. */
function asFailure(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  const { message, errcode } = error as Error & { errcode?: number };
  return errcode === SQLITE_FULL
    ? new CommandFailure(14031, 'The disk is full: nothing was written')
    : new CommandFailure(1, `internal error: ${message}`);
}
