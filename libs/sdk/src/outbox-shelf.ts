import type { ReportFault } from './fault';
import { NO_PEERS, type OutboxNews, type OutboxPeers } from './outbox-peers';
import type { OutboxItem, OutboxStorage } from './outbox-storage';

/** What a shelf stands on. */
interface ShelfOptions {
  storage: OutboxStorage;
  peers?: OutboxPeers;
  report: ReportFault;
}

/** Writes down what happens in an outbox, one thing after the other, and tells those who share the storage. */
export class OutboxShelf {
  readonly #options: ShelfOptions;
  #writes: Promise<void> = Promise.resolve();

  constructor(options: ShelfOptions) {
    this.#options = options;
  }

  /** Resolves when everything so far is written, or has been reported. */
  get written(): Promise<void> {
    return this.#writes;
  }

  /** Keeps or forgets a message, then tells the others: whoever of them goes on with it finds the storage up to date. */
  write(news: OutboxNews): void {
    const { storage, peers = NO_PEERS } = this.#options;
    this.#writes = this.#writes
      .then(() => (news.type === 'kept' ? storage.put(news.item) : storage.remove(news.clientId)))
      .catch((cause: unknown) => this.#report(cause))
      .then(() => peers.tell(news));
  }

  /** What the storage has, in the order in which it was written. */
  async load(): Promise<readonly OutboxItem[]> {
    await this.#writes;
    try {
      return [...(await this.#options.storage.load())].sort(byOrder);
    } catch (cause) {
      this.#report(cause);
      return [];
    }
  }

  #report(cause: unknown): void {
    this.#options.report({ kind: 'storageFailed', message: 'The outbox storage failed.', cause });
  }
}

/** In the order in which they were written; for two of one moment, the same everywhere. */
export function byOrder(a: OutboxItem, b: OutboxItem): number {
  return a.order - b.order || (a.message.clientId < b.message.clientId ? -1 : 1);
}
