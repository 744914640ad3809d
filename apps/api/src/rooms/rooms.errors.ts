import type { ErrorCode } from '@parley/contract';
import { DomainError } from '../common/domain-error';
import { ERROR_TABLE } from '../common/error-table';

const refusal = (code: ErrorCode, fields?: Record<string, string>): DomainError =>
  new DomainError(code, ERROR_TABLE[code].sentence, fields && { fields });

/** There is no such room, or the caller may not know that there is. */
export const roomNotFound = (): DomainError => refusal('ROOM_NOT_FOUND');

/** Whether that was it. */
export const isRoomNotFound = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'ROOM_NOT_FOUND';

/** The room has no place left. */
export const roomFull = (): DomainError => refusal('ROOM_FULL');

/** Somebody is in as many rooms as a person may be in. */
export const tooManyRooms = (): DomainError => refusal('TOO_MANY_ROOMS');

/** The caller would have to be a member. */
export const notAMember = (): DomainError => refusal('NOT_A_MEMBER');

/** The caller's role does not allow it. */
export const forbidden = (): DomainError => refusal('FORBIDDEN');

/** Another room has the name. */
export const nameTaken = (): DomainError => refusal('ROOM_NAME_TAKEN', { name: ERROR_TABLE.ROOM_NAME_TAKEN.sentence });

/** The name is kept for private chats. */
export const nameReserved = (): DomainError =>
  refusal('VALIDATION_FAILED', { name: 'Names that begin with private_room_ are kept for private chats.' });

/** A private chat takes two. */
export const onlyYou = (field: string): DomainError =>
  refusal('VALIDATION_FAILED', { [field]: 'That is you: a private chat takes somebody else.' });

/** Exactly one of two fields is asked for. */
export const oneOf = (first: string, second: string): DomainError =>
  refusal('VALIDATION_FAILED', { [first]: `Exactly one of ${first} and ${second} is asked for.` });

/** More people than the room may have. */
export const tooManyPeople = (): DomainError =>
  refusal('ROOM_FULL', { users: 'These are more people than the room may have.' });
