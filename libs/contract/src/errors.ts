/** Every way in which a call can fail. docs/gateway.md and Swagger say when. */
export const ERROR_CODES = [
  'VALIDATION_FAILED',
  'BAD_JSON',
  'BAD_FRAME',
  'UNKNOWN_EVENT',
  'PAYLOAD_TOO_LARGE',
  'NOT_SIGNED_IN',
  'ALREADY_SIGNED_IN',
  'BAD_CREDENTIALS',
  'WRONG_PASSWORD',
  'PHONE_TAKEN',
  'ROOM_NAME_TAKEN',
  'ROOM_FULL',
  'TOO_MANY_ROOMS',
  'NOT_FOUND',
  'ROOM_NOT_FOUND',
  'MESSAGE_NOT_FOUND',
  'TOO_MANY_REACTIONS',
  'USER_NOT_FOUND',
  'SESSION_NOT_FOUND',
  'NOT_A_MEMBER',
  'FORBIDDEN',
  'RATE_LIMITED',
  'TOO_MANY_CONNECTIONS',
  'REALTIME_UNAVAILABLE',
  'UNAVAILABLE',
  'INTERNAL_ERROR',
] as const;

/** A stable name of a failure, for programs. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** The one shape of a failure, on REST (as the body) and on the gateway (as `data`). */
export interface WireError {
  code: ErrorCode;
  /** A sentence for people, in English. It never repeats what was sent. */
  message: string;
  /** For each field that is wrong, a sentence that says what is asked for. */
  fields?: Record<string, string>;
  /** Seconds to wait, with `RATE_LIMITED`. */
  retryAfter?: number;
  /** With `INTERNAL_ERROR`: what to look for in the server's log. */
  errorId?: string;
}

/** Why the server closes a socket. */
export const CLOSE_CODES = {
  badFrame: 4400,
  notSignedIn: 4401,
  authenticateTimeout: 4408,
  tooManyConnections: 4409,
  frameTooLarge: 4413,
  tooSlowOrFast: 4429,
  restart: 1012,
} as const;

/** A close code of Parley's own, or the standard's 1012. */
export type CloseCode = (typeof CLOSE_CODES)[keyof typeof CLOSE_CODES];
