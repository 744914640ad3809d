import { COLLECTION_COMMANDS } from './commands/collection-commands';
import type { Command } from './commands/command';
import { CommandBody, checkConcerns } from './commands/command-body';
import { INDEX_COMMANDS } from './commands/index-commands';
import { READ_COMMANDS } from './commands/read-commands';
import { SERVER_COMMANDS } from './commands/server-commands';
import { WRITE_COMMANDS } from './commands/write-commands';
import { CommandFailure } from './failure';
import { sessionOptions, type SessionOptions } from './sessions/session-options';
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
