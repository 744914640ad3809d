import { asBuffer } from './bson/decode';
import { Binary, doc, isDoc, type Doc } from './bson/values';
import { COLLECTION_COMMANDS } from './commands/collection-commands';
import type { Command } from './commands/command';
import { CommandBody, checkConcerns } from './commands/command-body';
import { INDEX_COMMANDS } from './commands/index-commands';
import { READ_COMMANDS } from './commands/read-commands';
import { SERVER_COMMANDS } from './commands/server-commands';
import { WRITE_COMMANDS } from './commands/write-commands';
import { CommandFailure } from './failure';
import type { Request } from './wire/frames';

/** A request that is understood. */
export interface Prepared {
  name: string;
  command: Command;
  body: CommandBody;
  session: SessionOptions;
}

/** Every command but those of sessions and transactions: each engine has its own. */
const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ...READ_COMMANDS,
  ...WRITE_COMMANDS,
  ...INDEX_COMMANDS,
  ...COLLECTION_COMMANDS,
  ...SERVER_COMMANDS,
]);

/** Finds out what is asked; throws a `CommandFailure` for everything that is not supported. */
export function prepare({ body: fields }: Request, ofSessions?: ReadonlyMap<string, Command>): Prepared {
  const name = fields.keys().next().value ?? '';
  const session = sessionOptions(fields);
  const body = new CommandBody(name, fields);
  checkConcerns(body, session.inTransaction);
  const command = COMMANDS.get(name) ?? ofSessions?.get(name);
  if (!command) throw new CommandFailure(59, `no such command: '${name}'`);
  return { name, command, body: body.allow(command.options), session };
}

/** What a command says about the session it belongs to. */
export interface SessionOptions {
  /** The bytes of the session's UUID, one character each. */
  session: string | undefined;
  number: bigint | undefined;
  /** The command is part of a multi-document transaction. */
  inTransaction: boolean;
  starts: boolean;
}

/** Reads `lsid`, `txnNumber`, `autocommit` and `startTransaction`. */
function sessionOptions(body: Doc): SessionOptions {
  const lsid = body.get('lsid');
  const session = lsid === undefined ? undefined : sessionKey(isDoc(lsid) ? lsid : doc({}));
  const given = body.get('txnNumber');
  const number = typeof given === 'number' ? BigInt(given) : given;
  if (number !== undefined && (typeof number !== 'bigint' || session === undefined))
    throw new CommandFailure(72, 'txnNumber has to be a long and needs an lsid');
  const inTransaction = body.get('autocommit') === false;
  if (inTransaction && number === undefined)
    throw new CommandFailure(72, "'autocommit' field requires a transaction number");
  if (body.has('startTransaction') && !inTransaction)
    throw new CommandFailure(72, "'startTransaction' requires 'autocommit: false'");
  return { session, number, inTransaction, starts: body.get('startTransaction') === true };
}

/** The key of a session by its `{id: UUID}`. */
export function sessionKey(lsid: Doc): string {
  const id = lsid.get('id');
  if (!(id instanceof Binary)) throw new CommandFailure(40414, "BSON field 'lsid.id' is missing but a required field");
  return asBuffer(id.buffer).toString('latin1', 0, id.position);
}
