import type { Doc } from '../bson/values';
import type { Cursors } from '../sessions/cursors';
import type { Catalog } from '../storage/catalog';
import type { DatabaseFile } from '../storage/database-file';
import type { CommandBody } from './command-body';

/** What a command may use. */
export interface CommandContext {
  readonly db: string;
  readonly connection: number;
  /** The session's key, where the command came in one. */
  readonly session: string | undefined;
  readonly inTransaction: boolean;
  readonly catalog: Catalog;
  readonly file: DatabaseFile;
  readonly cursors: Cursors;
  readonly server: ServerFacts;
  now(): number;
}

/** What a client is told of the server. */
export interface ServerFacts {
  readonly address: string;
  readonly replicaSet: string;
  readonly startedAt: number;
}

/** One command: what it takes and what it does. */
export interface Command {
  /** It may change what is stored. */
  writes: boolean;
  /** It may run in a multi-document transaction. */
  transactional: boolean;
  /** The fields that it takes; others are refused. */
  options: readonly string[] | 'any';
  run: (context: CommandContext, body: CommandBody) => Doc;
}

const read: Pick<Command, 'writes' | 'transactional'> = { writes: false, transactional: true };

/** A command that reads. */
export const reading = (options: Command['options'], run: Command['run']): Command => ({ ...read, options, run });

/** A command that writes documents. */
export const writing = (options: readonly string[], run: Command['run']): Command => ({
  writes: true,
  transactional: true,
  options,
  run,
});

/** A command that does not belong in a transaction. */
export const outside = (command: Command): Command => ({ ...command, transactional: false });
