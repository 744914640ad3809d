import { ChatClient, type RoomSource, type RoomState, type TokenProvider } from '@parley/sdk';
import { auditTime, fromEvent, merge, Subject, takeUntil, type Observable } from 'rxjs';
import { AccountDatabase } from './account-database';
import { AccountTabs } from './account-tabs';
import { KeptRooms } from './kept-rooms';

/** How long changes of rooms gather before they are written down, in milliseconds. */
const SAVE_AFTER_MS = 2_000;

/** What an account's client stands on. */
export interface AccountClientOptions {
  account: string;
  /** The gateway's address. */
  url: string;
  token: TokenProvider;
  source: RoomSource;
}

/** The sdk's client of one account, with what this browser keeps for it: the outbox, and the rooms last seen. */
export class AccountClient {
  readonly chat: ChatClient;
  readonly #options: AccountClientOptions;
  readonly #database: AccountDatabase;
  readonly #rooms: KeptRooms;
  readonly #tabs: AccountTabs;
  readonly #closed = new Subject<void>();
  #latest: readonly RoomState[] = [];
  #saving: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: AccountClientOptions) {
    const { account, source } = options;
    this.#options = options;
    this.#database = new AccountDatabase(account);
    this.#rooms = new KeptRooms(this.#database);
    this.#tabs = new AccountTabs(account);
    this.chat = new ChatClient({ source, outboxStorage: this.#database.outbox, outboxPeers: this.#tabs });
    void this.#database.openedLate.then(() => {
      if (!this.#isClosed) void this.chat.outbox.refresh();
    });
  }

  /** Shows the rooms last seen, then connects. Resolves when the former are there. */
  async open(): Promise<void> {
    const kept = await this.#rooms.load();
    if (this.#isClosed) return;
    this.chat.restoreRooms(kept);
    void this.chat.connect(this.#options.url, this.#options.token);
    const { rooms$ } = this.chat;
    this.#until(rooms$).subscribe((rooms) => (this.#latest = rooms));
    this.#until(merge(rooms$.pipe(auditTime(SAVE_AFTER_MS)), fromEvent(window, 'pagehide'))).subscribe(() =>
      this.#save(),
    );
    this.#until(fromEvent(window, 'online')).subscribe(() => this.chat.retryNow());
    this.#until(fromEvent(document, 'visibilitychange')).subscribe(() => this.#seen());
  }

  /** Closes the line. What is not sent yet stays in the database. */
  close(): void {
    this.#isClosed = true;
    this.#closed.next();
    this.chat.close();
    this.#tabs.close();
    void this.#database.close().catch(() => {});
  }

  /** Somebody looks at this tab: it need not wait for the line's own time. */
  #seen(): void {
    if (document.visibilityState === 'visible') this.chat.retryNow();
  }

  #save(): void {
    this.#saving = this.#saving.then(() => this.#rooms.save(this.#latest)).catch(() => {});
  }

  #until<T>(events$: Observable<T>): Observable<T> {
    return events$.pipe(takeUntil(this.#closed));
  }
}
