import type { Posted } from '@parley/contract';
import { EMPTY, type Observable } from 'rxjs';
import type { OutboxItem } from './outbox-storage';

/** What a client has done to an outbox. Plain data that structured clone and JSON both carry. */
export type OutboxNews =
  /** A message is queued, has failed, or is to be tried again: this is what the storage has of it now. */
  | { type: 'kept'; item: OutboxItem }
  | { type: 'posted'; clientId: string; posted: Posted }
  | { type: 'discarded'; clientId: string };

/**
 * The other clients of the same account that share an outbox's storage, such as the tabs of one browser. All of them
 * show every message; one of them sends.
 */
export interface OutboxPeers {
  /** What the others have done, the news of each in its order. It may end, and does not fail. */
  readonly news$: Observable<OutboxNews>;
  /**
   * While somebody is subscribed, this client asks for the turn to send: true when it has it, false when another has
   * taken it over. To unsubscribe gives it up. What two clients send at once is posted once all the same.
   */
  readonly turn$: Observable<boolean>;
  /** Tells the others. What they are told of is in the storage by then. */
  tell(news: OutboxNews): void;
}

/** For a client that shares its storage with nobody. */
export const NO_PEERS: Omit<OutboxPeers, 'turn$'> = { news$: EMPTY, tell: () => {} };
