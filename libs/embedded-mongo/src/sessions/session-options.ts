import { asBuffer } from '../bson/decode';
import { Binary, doc, isDoc, type Doc } from '../bson/values';
import { CommandFailure } from '../failure';

/** What a command says about the session it belongs to. */
export interface SessionOptions {
  /** The bytes of the session's UUID, one character each. */
  key: string | undefined;
  number: bigint | undefined;
  /** The command is part of a multi-document transaction. */
  inTransaction: boolean;
  starts: boolean;
}

/** Reads `lsid`, `txnNumber`, `autocommit` and `startTransaction`. */
export function sessionOptions(body: Doc): SessionOptions {
  const lsid = body.get('lsid');
  const key = lsid === undefined ? undefined : sessionKey(isDoc(lsid) ? lsid : doc({}));
  const given = body.get('txnNumber');
  const number = typeof given === 'number' ? BigInt(given) : given;
  if (number !== undefined && (typeof number !== 'bigint' || key === undefined))
    throw new CommandFailure(72, 'txnNumber has to be a long and needs an lsid');
  const inTransaction = body.get('autocommit') === false;
  if (inTransaction && number === undefined)
    throw new CommandFailure(72, "'autocommit' field requires a transaction number");
  if (body.has('startTransaction') && !inTransaction)
    throw new CommandFailure(72, "'startTransaction' requires 'autocommit: false'");
  return { key, number, inTransaction, starts: body.get('startTransaction') === true };
}

/** The key of a session by its `{id: UUID}`. */
export function sessionKey(lsid: Doc): string {
  const id = lsid.get('id');
  if (!(id instanceof Binary)) throw new CommandFailure(40414, "BSON field 'lsid.id' is missing but a required field");
  return asBuffer(id.buffer).toString('latin1', 0, id.position);
}
