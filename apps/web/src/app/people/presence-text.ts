import type { PersonPresence } from '@parley/contract';
import type { Moments } from '../shared/moments';
import type { Words } from '../shared/words/en';

const MINUTE_MS = 60_000;

/** How somebody is, in a few words: `Online`, `Busy`, `Last seen 5 minutes ago`. */
export function presenceText(
  { presence, since }: PersonPresence,
  { presence: words }: Words,
  moments: Pick<Moments, 'ago'>,
  now: Date,
): string {
  if (presence !== 'offline' || since === undefined) return words[presence];
  const isJustNow = now.getTime() - Date.parse(since) < MINUTE_MS;
  return isJustNow ? words.lastSeenNow : words.lastSeen(moments.ago(since, now));
}
