import { CLOSE_CODES } from '@parley/contract';
import type { ConnectionEnd } from './connection';

/**
 * Why the line is down: the name of the server's close code, or `unreachable` (no socket could be opened), `lost` (it
 * broke), `silent` (no sign of life), `refused` (the server answered `authenticate` with an error, and not that one is
 * not signed in), `noToken` (the token provider threw).
 */
export type OfflineReason = keyof typeof CLOSE_CODES | 'unreachable' | 'lost' | 'silent' | 'refused' | 'noToken';

const REASONS = new Map<number, OfflineReason>(
  Object.entries(CLOSE_CODES).map(([name, code]) => [code, name as keyof typeof CLOSE_CODES]),
);

/** The name of an end. */
export function reasonOf(end: ConnectionEnd): OfflineReason {
  if (end.silent) return end.opened ? 'silent' : 'unreachable';
  return REASONS.get(end.code) ?? (end.opened ? 'lost' : 'unreachable');
}

/** Milliseconds over which to spread the first attempt, beyond the backoff: a restart drops everybody at once. */
export function spreadOf(reason: OfflineReason): number {
  return reason === 'restart' ? 2_000 : 0;
}
