import { CommandBody, checkConcerns } from './commands/command-body';
import type { Command } from './commands/command';
import { COMMANDS } from './commands/commands';
import { CommandFailure } from './failure';
import { sessionOptions, type SessionOptions } from './sessions/session-options';
import type { Request } from './wire/frames';

/** A request that is understood. */
export interface Prepared {
  name: string;
  /** Absent for the commands about sessions, which the engine runs itself. */
  command: Command | undefined;
  body: CommandBody;
  session: SessionOptions;
}

const SESSION_COMMANDS: ReadonlySet<string> = new Set([
  'startSession',
  'endSessions',
  'killSessions',
  'refreshSessions',
  'commitTransaction',
  'abortTransaction',
]);

/** Finds out what is asked; throws a `CommandFailure` for everything that is not supported. */
export function prepare({ body: fields }: Request): Prepared {
  const name = fields.keys().next().value ?? '';
  const session = sessionOptions(fields);
  const body = new CommandBody(name, fields);
  checkConcerns(body, session.inTransaction);
  const command = COMMANDS.get(name);
  if (!command && !SESSION_COMMANDS.has(name)) throw new CommandFailure(59, `no such command: '${name}'`);
  return { name, command, body: body.allow(command?.options ?? 'any'), session };
}
