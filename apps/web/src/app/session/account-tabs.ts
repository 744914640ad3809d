import type { OutboxNews, OutboxPeers } from '@parley/sdk';
import { fromEvent, map, type Observable } from 'rxjs';
import { turns } from './turns';

/**
 * The tabs of this browser in which one account is signed in, as peers of its outbox: they hear of each other at once,
 * with or without a line, and take turns at sending.
 */
export class AccountTabs implements OutboxPeers {
  readonly #channel: BroadcastChannel;
  readonly news$: Observable<OutboxNews>;
  readonly turn$: Observable<boolean>;
  #isClosed = false;

  constructor(account: string) {
    const name = `parley-${account}`;
    this.#channel = new BroadcastChannel(name);
    this.news$ = fromEvent<MessageEvent<OutboxNews>>(this.#channel, 'message').pipe(map(({ data }) => data));
    this.turn$ = turns(`${name}-outbox`);
  }

  tell(news: OutboxNews): void {
    if (!this.#isClosed) this.#channel.postMessage(news);
  }

  /** No news come any more, and none are told. */
  close(): void {
    this.#isClosed = true;
    this.#channel.close();
  }
}
