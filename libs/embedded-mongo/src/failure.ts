import { doc, Double, type Doc } from './bson/values';

/** The error codes this library answers with, by MongoDB's own names. */
const CODE_NAMES: Readonly<Record<number, string>> = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  16: 'InvalidLength',
  18: 'AuthenticationFailed',
  22: 'InvalidBSON',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  91: 'ShutdownInProgress',
  100: 'UnsatisfiableWriteConcern',
  112: 'WriteConflict',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  175: 'QueryPlanKilled',
  197: 'InvalidIndexSpecificationOption',
  225: 'TransactionTooOld',
  246: 'SnapshotUnavailable',
  251: 'NoSuchTransaction',
  256: 'TransactionCommitted',
  257: 'TransactionTooLarge',
  263: 'OperationNotSupportedInTransaction',
  269: 'DataCorruptionDetected',
  292: 'QueryExceededMemoryLimitNoDiskUseAllowed',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  12587: 'BackgroundOperationInProgressForNamespace',
  14031: 'OutOfDiskSpace',
};

/** What a reply says besides: the labels that drivers go by, or the key that is there already. */
interface Details {
  errorLabels?: readonly string[];
  keyPattern?: Doc;
  keyValue?: Doc;
}

/** A command that is answered with an error: MongoDB's code, its name and a message that says what was refused. */
export class CommandFailure extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly details: Details = {},
  ) {
    super(message);
    this.name = 'CommandFailure';
  }

  /** MongoDB's name for the code, or `Location<code>` as mongod does for codes without one. */
  get codeName(): string {
    return CODE_NAMES[this.code] ?? `Location${this.code}`;
  }
}

export const badValue = (message: string): CommandFailure => new CommandFailure(2, message);
export const failedToParse = (message: string): CommandFailure => new CommandFailure(9, message);
export const typeMismatch = (message: string): CommandFailure => new CommandFailure(14, message);
export const invalidBson = (message: string): CommandFailure => new CommandFailure(22, message);
/** A driver tries the whole transaction again. */
export const TRANSIENT: Details = { errorLabels: ['TransientTransactionError'] };
export const writeConflict = (): CommandFailure =>
  new CommandFailure(
    112,
    'WriteConflict error: this operation conflicted with another operation. Please retry your operation or multi-document transaction.',
    TRANSIENT,
  );

/** The reply to a command that failed. */
export function failureReply(error: unknown): Doc {
  const { message: errmsg, code, codeName, details } = asFailure(error);
  return doc({ ok: new Double(0), errmsg, code, codeName, ...details });
}

const DISK_FULL = [14031, 'The disk is full: nothing was written'] as const;
/** SQLite cannot make its shared memory longer, which is a file beside the data. */
const NO_ROOM_FOR_SHARED_MEMORY = 4874;
/** As the operating system says it to the journal: the disk, or a quota. */
const FULL_TO_FILES: readonly unknown[] = ['ENOSPC', 'EDQUOT'];

/** What SQLite's errors mean to a client. A table that is gone is one that was dropped under an open cursor. */
const SQLITE_FAILURES: Readonly<Record<number, readonly [code: number, message: string]>> = {
  8: [14031, 'The database file cannot be written: nothing was changed'],
  11: [269, 'The database file is damaged; restore a backup'],
  13: DISK_FULL,
  26: [269, 'The database file is damaged; restore a backup'],
};

/** Any error as one that a client can be told. */
function asFailure(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  const { message, code, errcode = 0 } = error as Error & { code?: string; errcode?: number };
  const full = errcode === NO_ROOM_FOR_SHARED_MEMORY || FULL_TO_FILES.includes(code);
  const known = full ? DISK_FULL : SQLITE_FAILURES[errcode & 0xff];
  if (known) return new CommandFailure(...known);
  return message.startsWith('no such table')
    ? new CommandFailure(175, 'the collection was dropped meanwhile')
    : new CommandFailure(1, `internal error: ${message}`);
}

/** Another process, or another instance in this one, has the data directory open. */
export class DirectoryInUse extends Error {
  constructor(readonly directory: string) {
    super(`The data directory ${directory} is in use by another process.`);
    this.name = 'DirectoryInUse';
  }
}

/** The data directory cannot be created, read or written, or holds something that this version cannot open. */
export class DirectoryUnusable extends Error {
  constructor(
    readonly directory: string,
    readonly reason: string,
  ) {
    super(`The data directory ${directory} cannot be used: ${reason}`);
    this.name = 'DirectoryUnusable';
  }
}
