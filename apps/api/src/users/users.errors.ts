import { DomainError } from '../common/domain-error';
import { ERROR_TABLE } from '../common/error-table';

/** Nobody has this id or number. */
export const userNotFound = (fields?: Record<string, string>): DomainError =>
  new DomainError('USER_NOT_FOUND', ERROR_TABLE.USER_NOT_FOUND.sentence, fields && { fields });

/** The person at this place (counted from 0) of a list, named by id or by number, is nobody's. */
export const unknownInList = (index: number, named: 'id' | 'phone number'): DomainError =>
  userNotFound({ users: `Nobody here has the ${named} at place ${index + 1} of the list.` });

/** What stands at this place (counted from 0) of a list names nobody. */
export const neitherIdNorPhone = (index: number): DomainError =>
  new DomainError('VALIDATION_FAILED', ERROR_TABLE.VALIDATION_FAILED.sentence, {
    fields: { users: `What is at place ${index + 1} of the list is neither an id nor a valid phone number.` },
  });

/** The number belongs to an account already. */
export const phoneTaken = (): DomainError =>
  new DomainError('PHONE_TAKEN', ERROR_TABLE.PHONE_TAKEN.sentence, {
    fields: { phone: ERROR_TABLE.PHONE_TAKEN.sentence },
  });
