import { ME } from './samples';

/** What local storage holds of somebody who is signed in. */
export const SIGNED_IN = { status: 'in', token: 'token-1', user: ME, expires_at: '2999-01-01T00:00:00.000Z' };

/** Somebody is signed in in this browser, before the page is loaded. */
export function signedIn(changes: Partial<typeof SIGNED_IN> = {}): void {
  localStorage.setItem('parley.session', JSON.stringify({ ...SIGNED_IN, ...changes }));
}
