import { doc, type Doc } from '../bson/values';
import { CommandFailure } from '../failure';
import type { Cursors } from '../sessions/cursors';
import type { SessionOptions } from '../sessions/session-options';
import { HeldByTransaction, type Transaction } from '../sessions/transactions';
import type { Catalog } from '../storage/catalog';
import type { Collection } from '../storage/collection';
import type { DatabaseFile } from '../storage/database-file';
import type { CommandBody } from './command-body';

/** What a command may use. */
export interface CommandContext {
  readonly db: string;
  readonly connection: number;
  readonly session: SessionOptions;
  readonly catalog: Catalog;
  readonly file: DatabaseFile;
  readonly cursors: Cursors;
  /** Where clients find this server. */
  readonly address: string;
  now(): number;
}

/** One command: what it takes and what it does. */
export interface Command {
  /** It may change what is stored. */
  writes: boolean;
  /** What it is in a multi-document transaction. */
  inTransaction: 'part' | 'end' | 'refused';
  /** It looks at nothing of its collection but whether the keys are free that it adds. */
  addsOnly?: boolean;
  /** The fields that it takes; others are refused. */
  options: readonly string[] | 'any';
  run: (context: CommandContext, body: CommandBody) => Doc;
  /** The same, where it may last: others have their turn between two steps. */
  steps?: (context: CommandContext, body: CommandBody) => Steps<Doc>;
}

/**
 * Work that pauses after each step, and is told whether others had their turn meanwhile. Where it yields a transaction,
 * it can go on when that has ended.
 */
export type Steps<T> = Generator<Transaction | undefined, T, boolean>;

/** Takes all steps at once. */
export function inOneGo<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next(false);
    if (step.done) return step.value;
    if (step.value) throw new HeldByTransaction(step.value);
  }
}

/** Work on a document that may have to wait for a transaction. */
export function* untilFree<T>(work: () => T, goOn: () => void = () => undefined): Steps<T> {
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof HeldByTransaction)) throw error;
      yield error.holder;
      goOn();
    }
  }
}

const command =
  (writes: boolean, inTransaction: Command['inTransaction']) =>
  (options: Command['options'], run: Command['run']): Command => ({ writes, inTransaction, options, run });

/** A command that reads documents. */
export const reading = command(false, 'part');
/** A command that writes documents. */
export const writing = command(true, 'part');
/** A command that reads what is no document, and does not belong in a transaction. */
export const asking = command(false, 'refused');
/** A command that changes what is no document, and does not belong in a transaction. */
export const changing = command(true, 'refused');

/** One of these, in steps. */
export const lasting = (kind: typeof writing, options: Command['options'], steps: Command['steps'] & {}): Command => ({
  ...kind(options, (context, body) => inOneGo(steps(context, body))),
  steps,
});

/** A command that ends a transaction. */
export const ending = (writes: boolean, end: (context: CommandContext) => void): Command =>
  command(writes, 'end')('any', (context) => {
    end(context);
    return doc({ ok: 1 });
  });

/** A collection to write to, made on first use; a transaction makes none. */
export function ensureCollection({ catalog, db, session }: CommandContext, name: string): Collection {
  const there = catalog.find(db, name);
  if (there) return there;
  if (session.inTransaction)
    throw new CommandFailure(263, `Cannot create ${db}.${name} in a multi-document transaction.`);
  return catalog.create(db, name);
}
