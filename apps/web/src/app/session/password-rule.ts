import { LIMITS } from '@parley/contract';
import type { Words } from '../shared/words/en';

/** What is wrong with a new password; counted as the server counts it. */
export function passwordProblem(password: string, problems: Words['session']['problems']) {
  const { length } = password.normalize('NFC');
  const { passwordNone, passwordTooShort, passwordTooLong } = problems;
  if (length === 0) return { kind: 'missing', message: passwordNone };
  if (length < LIMITS.passwordMin) return { kind: 'short', message: passwordTooShort(LIMITS.passwordMin - length) };
  return length > LIMITS.passwordMax ? { kind: 'long', message: passwordTooLong } : undefined;
}
