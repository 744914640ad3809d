import { CLOSE_CODES, LIMITS, type CloseCode, type ErrorCode } from '@parley/contract';

/** What an error code means outside of the wire's body. */
export interface ErrorRow {
  /** The HTTP status of an answer with this code. */
  status: number;
  /** How loud the log is about it: `debug` is the caller's own mistake, `error` is ours. */
  logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** A sentence for the documentation, and for places that have nothing better to say. */
  sentence: string;
  /** The code with which a socket is closed where the failure ends the connection. */
  close?: CloseCode;
}

/** The one table of failures. A code without its row does not compile. */
export const ERROR_TABLE: Readonly<Record<ErrorCode, ErrorRow>> = {
  VALIDATION_FAILED: { status: 422, logLevel: 'debug', sentence: 'Some fields are not as asked for.' },
  BAD_JSON: { status: 400, logLevel: 'debug', sentence: 'The body must be JSON in UTF-8.' },
  BAD_FRAME: {
    status: 400,
    logLevel: 'info',
    sentence: 'A frame must be a JSON object with event, data and, at will, id.',
    close: CLOSE_CODES.badFrame,
  },
  UNKNOWN_EVENT: { status: 400, logLevel: 'debug', sentence: 'There is no such command.' },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    logLevel: 'info',
    sentence: 'That is more than can be taken at once.',
    close: CLOSE_CODES.frameTooLarge,
  },
  NOT_SIGNED_IN: {
    status: 401,
    logLevel: 'debug',
    sentence: 'Sign in first: the token is missing, expired or revoked.',
    close: CLOSE_CODES.notSignedIn,
  },
  ALREADY_SIGNED_IN: { status: 409, logLevel: 'debug', sentence: 'This connection is signed in already.' },
  BAD_CREDENTIALS: { status: 401, logLevel: 'info', sentence: 'The phone number or the password is wrong.' },
  WRONG_PASSWORD: { status: 403, logLevel: 'info', sentence: 'That is not your password.' },
  PHONE_TAKEN: { status: 409, logLevel: 'debug', sentence: 'This phone number has an account already.' },
  ROOM_NAME_TAKEN: { status: 409, logLevel: 'debug', sentence: 'There is a room with this name already.' },
  ROOM_FULL: { status: 409, logLevel: 'debug', sentence: 'The room is full.' },
  TOO_MANY_ROOMS: { status: 409, logLevel: 'info', sentence: 'A person can be in 1,000 rooms at most.' },
  NOT_FOUND: { status: 404, logLevel: 'debug', sentence: 'There is nothing here.' },
  ROOM_NOT_FOUND: { status: 404, logLevel: 'debug', sentence: 'There is no such room.' },
  MESSAGE_NOT_FOUND: { status: 404, logLevel: 'debug', sentence: 'There is no such message in this room.' },
  TOO_MANY_REACTIONS: {
    status: 409,
    logLevel: 'debug',
    sentence: `A message can have ${LIMITS.emojiPerMessage} different reactions at most.`,
  },
  USER_NOT_FOUND: { status: 404, logLevel: 'debug', sentence: 'There is no such person.' },
  SESSION_NOT_FOUND: { status: 404, logLevel: 'debug', sentence: 'There is no such session.' },
  NOT_A_MEMBER: { status: 403, logLevel: 'debug', sentence: 'You are not a member of this room.' },
  FORBIDDEN: { status: 403, logLevel: 'info', sentence: 'You may not do this.' },
  RATE_LIMITED: {
    status: 429,
    logLevel: 'info',
    sentence: 'Too many attempts: wait a while.',
    close: CLOSE_CODES.tooSlowOrFast,
  },
  TOO_MANY_CONNECTIONS: {
    status: 429,
    logLevel: 'info',
    sentence: 'This account, or this address, has too many connections open.',
    close: CLOSE_CODES.tooManyConnections,
  },
  REALTIME_UNAVAILABLE: {
    status: 503,
    logLevel: 'warn',
    sentence: 'Live messages are not available right now: try again soon.',
    close: CLOSE_CODES.restart,
  },
  UNAVAILABLE: { status: 503, logLevel: 'warn', sentence: 'The server cannot do this right now: try again soon.' },
  INTERNAL_ERROR: {
    status: 500,
    logLevel: 'error',
    sentence: 'Something went wrong on the server. The error id leads its operator to the cause.',
  },
};
