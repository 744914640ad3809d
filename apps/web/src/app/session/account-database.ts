import type { OutboxItem, OutboxStorage, RoomState } from '@parley/sdk';
import { deleteDB, type DBSchema, type IDBPDatabase, openDB } from 'idb';

interface Schema extends DBSchema {
  outbox: { key: string; value: OutboxItem };
  rooms: { key: string; value: RoomState };
}

/** A browser that has not opened a database in this time, in milliseconds, is taken for one that keeps nothing so far. */
const OPEN_WITHIN_MS = 3_000;

/** What this browser keeps for one account: messages that are not sent yet, and the rooms last seen. */
export class AccountDatabase {
  #open: Promise<IDBPDatabase<Schema>>;
  #isClosed = false;
  /** What could not be written, by `clientId`: messages to keep, and null for those to forget. */
  readonly #missed = new Map<string, OutboxItem | null>();

  /** Resolves when it opens after it was taken for one that does not, and never where it opens in time. */
  readonly openedLate: Promise<void>;

  /** The outbox, as the sdk wants it. */
  readonly outbox: OutboxStorage = {
    load: async () => (await this.#open).getAll('outbox'),
    put: (item) => this.#change(item.message.clientId, item),
    remove: (clientId) => this.#change(clientId, null),
  };

  constructor(account: string) {
    const opening = open(account);
    this.#open = inTime(opening);
    const opened = opening.then((database) => this.#opened(database));
    // Whoever uses it hears of the failure.
    opened.catch(() => {});
    this.openedLate = new Promise((resolve) => {
      this.#open.catch(() => opened.then(resolve)).catch(() => {});
    });
  }

  async rooms(): Promise<readonly RoomState[]> {
    return (await this.#open).getAll('rooms');
  }

  /** Keeps the states of some rooms and forgets others, all or nothing. */
  async changeRooms(kept: readonly RoomState[], forgotten: readonly string[]): Promise<void> {
    const change = (await this.#open).transaction('rooms', 'readwrite');
    const writes = [...kept.map((state) => change.store.put(state)), ...forgotten.map((id) => change.store.delete(id))];
    // A page that is being closed has no time to wait until nobody adds to it any more.
    change.commit();
    await Promise.all([...writes, change.done]);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    (await this.#open).close();
  }

  /** Forgets the rooms last seen; what was not sent yet stays. */
  static async forgetRooms(account: string): Promise<void> {
    const database = new AccountDatabase(account);
    await (await database.#open).clear('rooms');
    await database.close();
  }

  /** Removes all that this browser keeps for an account. */
  static async remove(account: string): Promise<void> {
    await deleteDB(nameOf(account));
  }

  /** Where the database is not open the caller hears of it, and the change is made once it is. */
  async #change(clientId: string, item: OutboxItem | null): Promise<void> {
    const database = await this.#open.catch((failure: unknown) => {
      this.#missed.set(clientId, item);
      throw failure;
    });
    await write(database, clientId, item);
  }

  /** It may come late: what is kept from then on is kept all the same, behind what could not be before. */
  #opened(database: IDBPDatabase<Schema>): void {
    if (this.#isClosed) database.close();
    else this.#open = this.#catchUp(database);
  }

  async #catchUp(database: IDBPDatabase<Schema>): Promise<IDBPDatabase<Schema>> {
    const writes = Array.from(this.#missed, ([clientId, item]) => write(database, clientId, item));
    this.#missed.clear();
    await Promise.allSettled(writes);
    return database;
  }
}

async function write(database: IDBPDatabase<Schema>, clientId: string, item: OutboxItem | null): Promise<void> {
  if (item) await database.put('outbox', item);
  else await database.delete('outbox', clientId);
}

async function open(account: string): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(nameOf(account), 1, {
    upgrade(database) {
      database.createObjectStore('outbox', { keyPath: 'message.clientId' });
      database.createObjectStore('rooms', { keyPath: 'room.id' });
    },
    // Another tab of a newer version, or one that signs out: they go first.
    blocking: (_current, _blocked, { target }) => (target as IDBDatabase).close(),
  });
}

/** A tab that sleeps can stand in the way of a database's removal, and that in the way of whoever opens it anew. */
async function inTime(opening: Promise<IDBPDatabase<Schema>>): Promise<IDBPDatabase<Schema>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException('The database does not open.', 'TimeoutError')), OPEN_WITHIN_MS);
  });
  return Promise.race([opening, late]).finally(() => clearTimeout(timer));
}

function nameOf(account: string): string {
  return `parley-${account}`;
}
