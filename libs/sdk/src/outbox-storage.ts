import type { PendingMessage } from './room-state';

/** A message as the outbox keeps it: plain data that structured clone and JSON both carry. */
export interface OutboxItem extends Omit<PendingMessage, 'posted'> {
  /** Grows with each message queued; a storage gives items back in any order. */
  order: number;
}

/**
 * Where the outbox survives a reload. One storage belongs to one account: messages kept in it are sent in the name of
 * whoever signs in next. The outbox calls it one call at a time; a rejection is reported, and the outbox goes on.
 */
export interface OutboxStorage {
  load(): Promise<readonly OutboxItem[]>;
  /** Keeps an item, in place of the one with the same `clientId`. */
  put(item: OutboxItem): Promise<void>;
  /** Forgets an item; one that is not there is no error. */
  remove(clientId: string): Promise<void>;
}

/** An outbox that lasts as long as the process. */
export class MemoryOutboxStorage implements OutboxStorage {
  readonly #items = new Map<string, OutboxItem>();

  async load(): Promise<readonly OutboxItem[]> {
    return [...this.#items.values()];
  }

  async put(item: OutboxItem): Promise<void> {
    this.#items.set(item.message.clientId, item);
  }

  async remove(clientId: string): Promise<void> {
    this.#items.delete(clientId);
  }
}
