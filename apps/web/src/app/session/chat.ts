import { computed, effect, inject, Injectable, type Signal, signal, untracked } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import type { Author, CommandName, Commands, Id, Me, PersonPresence } from '@parley/contract';
import { type ChatClient, ConnectionLost, type ConnectionState, type RoomState } from '@parley/sdk';
import { combineLatest, map, of, switchMap, type Observable } from 'rxjs';
import { Updates } from '../shared/updates';
import { AccountClient } from './account-client';
import { Session } from './session';

const NOBODY: ReadonlyMap<Id, PersonPresence> = new Map();
const CLOSED: ConnectionState = { status: 'closed', reason: 'notConnected' };

/**
 * The chat of whoever is signed in: the sdk's client as signals. There is one client for as long as one account is
 * signed in; rooms, entries and the outbox are the sdk's, and are kept nowhere else.
 */
@Injectable({ providedIn: 'root' })
export class Chat {
  readonly #session = inject(Session);
  readonly #client = signal<ChatClient | null>(null);
  readonly #client$ = toObservable(this.#client);
  readonly #restored = signal(false);

  /** The rooms, the latest entry first. */
  readonly rooms = this.#follow<readonly RoomState[]>(({ rooms$ }) => rooms$, []);
  /** The line's state. */
  readonly state = this.#follow<ConnectionState>(({ state$ }) => state$, CLOSED);
  /** What waits to be sent or was refused, in its order. */
  readonly outbox = this.#follow(({ outbox }) => outbox.items$, []);
  /** Whether `rooms` says something: what was kept is there, or the server has told. */
  readonly isLoaded = computed(() => this.state().status === 'online' || (this.#restored() && this.rooms().length > 0));

  readonly #me = this.#follow<Me | undefined>(({ me$ }) => me$, undefined);
  readonly #isOnline = computed(() => this.state().status === 'online');

  constructor() {
    const updates = inject(Updates);
    // The server may have been started anew, with a newer client.
    effect(() => this.#isOnline() && updates.check());
    effect(() => {
      const me = this.#me();
      if (me) untracked(() => this.#session.update(me));
    });
    effect((onCleanup) => {
      const account = this.#session.account();
      if (account !== null) onCleanup(untracked(() => this.#begin(account)));
    });
    effect(() => {
      const state = this.state();
      if (state.status === 'closed' && state.reason === 'signedOut') this.#session.end('revoked');
    });
  }

  /** A room by its id; undefined while it is unknown. While it is watched all its entries are kept. Call it where `inject` works. */
  watch(room: Signal<Id>): Signal<RoomState | undefined> {
    const state$ = combineLatest([this.#client$, toObservable(room)]).pipe(
      switchMap(([client, id]) => client?.room$(id) ?? of(undefined)),
    );
    return toSignal(state$);
  }

  /** How somebody is; undefined while it is not known, or nobody is asked about. Call it where `inject` works. */
  presence(user: Signal<Id | undefined>): Signal<PersonPresence | undefined> {
    const state$ = combineLatest([this.#client$, toObservable(user)]).pipe(
      switchMap(([client, id]) => (client && id !== undefined ? client.presence$(id) : of(undefined))),
    );
    return toSignal(state$);
  }

  /** How several people are, as far as it is known. Call it where `inject` works. */
  presences(users: Signal<readonly Id[]>): Signal<ReadonlyMap<Id, PersonPresence>> {
    const states$ = combineLatest([this.#client$, toObservable(users)]).pipe(
      switchMap(([client, ids]) => (client && ids.length > 0 ? presencesOf(client, ids) : of(NOBODY))),
    );
    return toSignal(states$, { initialValue: NOBODY });
  }

  /** The others who are typing in a room. Call it where `inject` works. */
  typists(room: Signal<Id>): Signal<readonly Author[]> {
    const typists$ = combineLatest([this.#client$, toObservable(room)]).pipe(
      switchMap(([client, id]) => client?.typing$(id) ?? of([])),
    );
    return toSignal(typists$, { initialValue: [] });
  }

  /** This person is typing in a room. */
  typing(room: Id): void {
    this.#client()?.typing(room);
  }

  /** Queues a message. What becomes of it shows in the room's `pending` and in its entries. */
  post(room: Id, text: string): void {
    void this.#use().postMessage({ room, text });
  }

  /** Sends a message once more that was refused. */
  retry(clientId: string): void {
    this.#use().outbox.retry(clientId);
  }

  /** Gives a message up that was not sent. */
  discard(clientId: string): void {
    this.#use().outbox.discard(clientId);
  }

  /**
   * Sends a command; what its reply says of a room is in `rooms` by then.
   * @throws ParleyError
   */
  async send<C extends CommandName>(command: C, data: Commands[C]['data']): Promise<Commands[C]['reply']> {
    return this.#use().send(command, data);
  }

  /**
   * Says that a room is read up to an entry; the rooms know it at once.
   * @throws ParleyError
   */
  async markRead(room: Id, seq: number): Promise<void> {
    await this.#use().markRead(room, seq);
  }

  /** Forgets all but the newest `keep` entries of a room; `loadOlder` brings them back. */
  trim(room: Id, keep: number): void {
    this.#use().trimRoom(room, keep);
  }

  /**
   * Loads the page before the entries that a room has; resolves with whether there is more.
   * @throws ParleyError
   */
  async loadOlder(room: Id, limit?: number): Promise<boolean> {
    return this.#use().loadOlder(room, limit);
  }

  /** Connects at once instead of at the line's own time. */
  reconnect(): void {
    this.#client()?.retryNow();
  }

  #begin(account: Id): () => void {
    const { rest } = this.#session;
    const opened = new AccountClient({ account, url: gatewayUrl(), token: () => this.#session.token(), source: rest });
    this.#client.set(opened.chat);
    void opened.open().then(() => this.#restored.set(true));
    return () => {
      opened.close();
      this.#restored.set(false);
      this.#client.set(null);
    };
  }

  #use(): ChatClient {
    const client = this.#client();
    if (!client) throw new ConnectionLost('Nobody is signed in.');
    return client;
  }

  #follow<T>(part: (client: ChatClient) => Observable<T>, none: T): Signal<T> {
    const parts$ = this.#client$.pipe(switchMap((client) => (client ? part(client) : of(none))));
    return toSignal(parts$, { initialValue: none });
  }
}

function presencesOf(client: ChatClient, users: readonly Id[]): Observable<ReadonlyMap<Id, PersonPresence>> {
  return combineLatest(users.map((user) => client.presence$(user))).pipe(
    map((states) => new Map(states.flatMap((state) => (state ? [[state.user, state] as const] : [])))),
  );
}

function gatewayUrl(): string {
  const { protocol, host } = window.location;
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws`;
}
