import type { ErrorCode, WireError } from '@parley/contract';

/**
 * A failure that the server knows nothing of.
 * `NETWORK_FAILED`: a REST call got no answer. `CONNECTION_LOST`: the gateway's line is down, or dropped before the
 * reply; whether the command was carried out is unknown. `TIMED_OUT`: no reply within the time allowed; unknown too.
 * `ABORTED`: the caller's own `AbortSignal`. `BAD_ANSWER`: an answer that is not Parley's, from a proxy for example.
 */
export type ClientErrorCode = 'NETWORK_FAILED' | 'CONNECTION_LOST' | 'TIMED_OUT' | 'ABORTED' | 'BAD_ANSWER';

/** What can be known of a failure beyond its code and its sentence. */
export interface ErrorDetails {
  fields?: Record<string, string>;
  retryAfter?: number;
  errorId?: string;
  status?: number;
  cause?: unknown;
}

/** A failure as plain data. */
export interface FailureData {
  code: ErrorCode | ClientErrorCode;
  message: string;
  fields?: Record<string, string>;
}

/** Every failure of the sdk, on REST and on the gateway: the server's own refusals and the line's troubles. */
export class ParleyError extends Error {
  /** A stable name, for programs. */
  readonly code: ErrorCode | ClientErrorCode;
  /** For each field that is wrong, a sentence that says what is asked for. */
  readonly fields?: Record<string, string>;
  /** Seconds to wait before another try, when the server said so. */
  readonly retryAfter?: number;
  /** What to look for in the server's log, with `INTERNAL_ERROR`. */
  readonly errorId?: string;
  /** The HTTP status, when the failure came by REST. */
  readonly status?: number;

  constructor(code: ErrorCode | ClientErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.name = 'ParleyError';
    this.code = code;
    this.fields = details.fields;
    this.retryAfter = details.retryAfter;
    this.errorId = details.errorId;
    this.status = details.status;
  }

  /** The server's refusal as an error; `details` adds what the wire error itself does not say. */
  static fromWire(error: WireError, details: ErrorDetails = {}): ParleyError {
    const { code, message, fields, retryAfter = details.retryAfter, errorId } = error;
    return new ParleyError(code, message, { ...details, fields, retryAfter, errorId });
  }

  /** The failure as plain data, to be kept or shown later. */
  toData(): FailureData {
    const { code, message, fields } = this;
    return fields ? { code, message, fields } : { code, message };
  }
}

/** The line to the gateway is down, or dropped before the reply came. Its code is `CONNECTION_LOST`. */
export class ConnectionLost extends ParleyError {
  constructor(message = 'The connection was lost.') {
    super('CONNECTION_LOST', message);
    this.name = 'ConnectionLost';
  }
}

/** Whether a value has the shape of a failure on the wire. */
export function isWireError(value: unknown): value is WireError {
  if (typeof value !== 'object' || value === null) return false;
  const { code, message } = value as Partial<WireError>;
  return typeof code === 'string' && typeof message === 'string';
}
