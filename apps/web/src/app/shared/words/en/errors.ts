import type { ErrorCode } from '@parley/contract';
import type { ClientErrorCode } from '@parley/sdk';

/** What to tell a person of each failure: what happened, and what to do. */
export const errors: Record<ErrorCode | ClientErrorCode, string> = {
  VALIDATION_FAILED: 'Something in the form is not right yet.',
  BAD_JSON: 'The server did not understand that. Reload the page and try again.',
  BAD_FRAME: 'The server did not understand that. Reload the page and try again.',
  UNKNOWN_EVENT: 'The server does not know how to do that. Reload the page and try again.',
  PAYLOAD_TOO_LARGE: 'That is too much at once. Make it shorter.',
  NOT_SIGNED_IN: 'You are no longer signed in. Sign in again.',
  ALREADY_SIGNED_IN: 'You are signed in already.',
  BAD_CREDENTIALS: 'Phone number or password is wrong.',
  PHONE_TAKEN: 'There is an account with this phone number already. Sign in instead?',
  ROOM_NAME_TAKEN: 'There is a room with this name already. Choose another one.',
  ROOM_FULL: 'This room is full.',
  TOO_MANY_ROOMS: 'You are in as many rooms as one person can be. Leave one first.',
  NOT_FOUND: 'This is not here any more.',
  ROOM_NOT_FOUND: 'There is no such room, or it is not open to you.',
  USER_NOT_FOUND: 'Nobody here has this number.',
  SESSION_NOT_FOUND: 'That session has ended already.',
  NOT_A_MEMBER: 'You are not in this room any more.',
  FORBIDDEN: 'You may not do that here.',
  RATE_LIMITED: 'That was too fast. Wait a moment, then try again.',
  TOO_MANY_CONNECTIONS: 'Parley is open in too many places. Close some tabs or devices.',
  REALTIME_UNAVAILABLE: 'The server is just starting. Try again in a moment.',
  UNAVAILABLE: 'The server cannot do that just now. Try again in a moment.',
  INTERNAL_ERROR: 'The server made a mistake. Try again; if it stays so, tell whoever runs it.',
  NETWORK_FAILED: 'The server cannot be reached. Check your connection.',
  CONNECTION_LOST: 'The connection was lost. Try again when it is back.',
  TIMED_OUT: 'The server took too long to answer. Try again.',
  ABORTED: 'That was called off.',
  BAD_ANSWER: 'Something between you and the server gave a strange answer. Try again later.',
};
