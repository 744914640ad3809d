import { randomUUID } from 'node:crypto';
import { HttpException, Logger } from '@nestjs/common';
import type { ErrorCode, WireError } from '@parley/contract';
import { DomainError } from './domain-error';
import { ERROR_TABLE } from './error-table';
import { countError } from './metrics';
import { redact } from './redact';

const log = new Logger('Failure');

/**
 * What the caller is told about anything that was thrown. A `DomainError` passes as it is; what Nest, the body parser
 * and the database driver throw is given its code and a fixed sentence. Everything else is `INTERNAL_ERROR` with an
 * `errorId`, under which the stack is written to the log: this function does that, the caller need not.
 */
export function toWireError(thrown: unknown): WireError {
  const error = describe(thrown);
  countError(error.code);
  return error;
}

function describe(thrown: unknown): WireError {
  if (thrown instanceof DomainError) return ofDomain(thrown);
  const code = codeOf(thrown);
  return code === 'INTERNAL_ERROR' ? internalError(thrown) : fixed(code, thrown);
}

/** The code of something thrown that is not a `DomainError`. */
function codeOf(thrown: unknown): ErrorCode {
  if (!(thrown instanceof Error)) return 'INTERNAL_ERROR';
  if (isDatabaseAway(thrown)) return 'UNAVAILABLE';
  return codeOfBodyParser(thrown) ?? codeOfHttp(thrown) ?? 'INTERNAL_ERROR';
}

function ofDomain({ code, message, more }: DomainError): WireError {
  note(code);
  return { code, message, ...more };
}

function fixed(code: ErrorCode, thrown: unknown): WireError {
  note(code, summaryOf(thrown));
  return { code, message: ERROR_TABLE[code].sentence };
}

const WRITERS = { debug: 'debug', info: 'log', warn: 'warn', error: 'error' } as const;

/** A line in the log, as loud as the table says. */
function note(code: ErrorCode, reason?: string): void {
  const { logLevel, sentence } = ERROR_TABLE[code];
  log[WRITERS[logLevel]]({ code, reason }, sentence);
}

function internalError(thrown: unknown): WireError {
  const errorId = randomUUID();
  log.error({ errorId, stack: stackOf(thrown) }, 'Unexpected failure');
  return { code: 'INTERNAL_ERROR', message: ERROR_TABLE.INTERNAL_ERROR.sentence, errorId };
}

const BODY_PARSER_CODES: Readonly<Record<string, ErrorCode>> = {
  'entity.parse.failed': 'BAD_JSON',
  'entity.verify.failed': 'BAD_JSON',
  'charset.unsupported': 'BAD_JSON',
  'encoding.unsupported': 'BAD_JSON',
  'request.size.invalid': 'BAD_JSON',
  'request.aborted': 'BAD_JSON',
  'entity.too.large': 'PAYLOAD_TOO_LARGE',
};

/** body-parser marks its errors with a `type`. */
function codeOfBodyParser(error: Error): ErrorCode | undefined {
  const type: unknown = Reflect.get(error, 'type');
  return typeof type === 'string' ? BODY_PARSER_CODES[type] : undefined;
}

const HTTP_CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'NOT_SIGNED_IN',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  429: 'RATE_LIMITED',
  503: 'UNAVAILABLE',
};

function codeOfHttp(error: Error): ErrorCode | undefined {
  const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
  if (status === undefined || status < 400) return undefined;
  return HTTP_CODES[status] ?? (status < 500 ? 'VALIDATION_FAILED' : undefined);
}

/** The status of an error of `http-errors`, which Express itself throws (an address with a broken `%`, for example). */
function statusOf(error: Error): number | undefined {
  const status: unknown = Reflect.get(error, 'status');
  return typeof status === 'number' && Reflect.get(error, 'expose') === true ? status : undefined;
}

const AWAY_NAMES =
  /^Mongo(ose)?(Network|NetworkTimeout|ServerSelection|NotConnected|TopologyClosed|PoolCleared|PoolClosed|WaitQueueTimeout|ClientClosed|ServerClosed|OperationTimeout)Error$/;
/** InterruptedAtShutdown, ShutdownInProgress, and a node that is not (or no longer) the primary. */
const AWAY_CODES: ReadonlySet<unknown> = new Set([91, 189, 10107, 11600, 11602, 13435, 13436]);

function isDatabaseAway(error: Error): boolean {
  if (AWAY_NAMES.test(error.name)) return true;
  if (error.name === 'MongooseError') return error.message.includes('buffering timed out');
  return error.name.startsWith('Mongo') && AWAY_CODES.has(Reflect.get(error, 'code'));
}

function summaryOf(thrown: unknown): string {
  return thrown instanceof Error ? redact(`${thrown.name}: ${thrown.message}`) : typeof thrown;
}

function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `thrown: ${typeof thrown}`;
  const cause = thrown.cause === undefined ? '' : `\nCaused by ${summaryOf(thrown.cause)}`;
  return redact((thrown.stack ?? summaryOf(thrown)) + cause);
}
