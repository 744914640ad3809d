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

const command =
  (writes: boolean, transactional: boolean) =>
  (options: Command['options'], run: Command['run']): Command => ({ writes, transactional, options, run });

/** A command that reads documents. */
export const reading = command(false, true);
/** A command that writes documents. */
export const writing = command(true, true);
/** A command that reads what is no document, and does not belong in a transaction. */
export const asking = command(false, false);
/** A command that changes what is no document, and does not belong in a transaction. */
export const changing = command(true, false);
