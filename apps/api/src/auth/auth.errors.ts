import type { ErrorCode } from '@parley/contract';
import { DomainError } from '../common/domain-error';
import { ERROR_TABLE } from '../common/error-table';

const plain = (code: ErrorCode) => (): DomainError => new DomainError(code, ERROR_TABLE[code].sentence);

/** No token, or one that is wrong, expired or revoked: which of these is not told. */
export const notSignedIn = plain('NOT_SIGNED_IN');

/** The one answer to a wrong phone number and to a wrong password. */
export const badCredentials = plain('BAD_CREDENTIALS');

/** Whoever is signed in does not know the account's password. Not 401: the session stands. */
export const wrongPassword = (): DomainError =>
  new DomainError('WRONG_PASSWORD', ERROR_TABLE.WRONG_PASSWORD.sentence, {
    fields: { current: ERROR_TABLE.WRONG_PASSWORD.sentence },
  });

/** The caller has no session with this id. */
export const sessionNotFound = plain('SESSION_NOT_FOUND');

/** The gateway does not take the new session in. */
export const realtimeUnavailable = plain('REALTIME_UNAVAILABLE');
