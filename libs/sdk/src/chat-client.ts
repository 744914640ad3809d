import {
  LIMITS,
  type CommandName,
  type Commands,
  type EventEnvelope,
  type EventName,
  type Events,
  type Id,
  type LogEntry,
  type LogPage,
  type MyRoom,
  type Posted,
  type ReadMark,
  type Room,
  type Seen,
  type Synced,
  type Welcome,
} from '@parley/contract';
import { filter, firstValueFrom, map, merge, Subject, type Observable } from 'rxjs';
import type { BackoffOptions } from './backoff';
import { systemClock, type Clock, type Random } from './clock';
import { Line, type ClosedReason, type ConnectionState, type LineOwner, type TokenProvider } from './connection/line';
import { platformSocket, type SocketFactory } from './connection/socket';
import { withDefaults } from './defaults';
import { ConnectionLost, ParleyError } from './errors';
import type { Fault } from './fault';
import { Outbox, type Draft } from './outbox';
import { MemoryOutboxStorage, type OutboxStorage } from './outbox-storage';
import { isMyRoom, RoomRepair } from './room-repair';
import type { RoomState } from './room-state';
import { RoomStore } from './room-store';

/** Where a chat client reads what the gateway does not tell. `RestClient` is one. */
export interface RoomSource {
  room(id: Id): Promise<Room | MyRoom>;
  log(id: Id, range: { before?: number; limit?: number }): Promise<LogPage>;
}

/** How a chat client is made. Everything has a default; times are in milliseconds. */
export interface ChatClientOptions {
  /** For `loadOlder`, and to make good a room whose log was reset; usually the `RestClient`. */
  source?: RoomSource;
  /** The platform's WebSocket unless said; see `@parley/sdk/node`. */
  socket?: SocketFactory;
  /** Where unsent messages survive a reload; in memory unless said. It belongs to one account. */
  outboxStorage?: OutboxStorage;
  /**
   * How many messages of one room may be under way at once; 1 unless said. With more, a message that the server puts
   * off (`RATE_LIMITED`, `UNAVAILABLE`) can be overtaken by those that were under way with it.
   */
  inFlightPerRoom?: number;
  /** How many entries to keep of a room that nobody watches by `room$`; 500 unless said. */
  keepEntries?: number;
  /** The waits between attempts to connect, and to send. */
  backoff?: BackoffOptions;
  /** For a reply to a command; 15,000 unless said. */
  replyWithinMs?: number;
  /** For the socket to open; 10,000 unless said. */
  openWithinMs?: number;
  /** For an answer to a ping; 10,000 unless said. */
  pingAnswerMs?: number;
  clock?: Clock;
  random?: Random;
}

/**
 * Commands that may be carried out twice without harm. When the line drops before their reply, or is down when they are
 * sent, they wait for the next connection, for as long as their time-out allows; all others reject with
 * `ConnectionLost`. `sync` and `ping` are not here: a new connection resumes by itself.
 */
const REPEATABLE: ReadonlySet<CommandName> = new Set(['postMessage', 'markRead', 'openPrivateRoom', 'joinRoom']);

const DEFAULTS = {
  socket: platformSocket,
  clock: systemClock,
  random: Math.random,
  inFlightPerRoom: 1,
  keepEntries: 500,
  replyWithinMs: 15_000,
  openWithinMs: 10_000,
  pingAnswerMs: 10_000,
};

type Effects<Data> = { [Name in keyof Data]?: (data: Data[Name]) => void };
type Replies = { [C in CommandName]: Commands[C]['reply'] };

/**
 * One person's client of one Parley server: a line to the gateway that comes back by itself, the states of the rooms,
 * kept complete over every interruption, and an outbox. It never throws for what the server sends: see `faults$`.
 */
export class ChatClient {
  /** Messages that are not on disk yet, and those that were refused. */
  readonly outbox: Outbox;
  readonly #options: typeof DEFAULTS & ChatClientOptions;
  readonly #line: Line;
  readonly #store: RoomStore;
  readonly #repair: RoomRepair;
  readonly #events = new Subject<EventEnvelope>();
  readonly #faults = new Subject<Fault>();
  #untold: EventEnvelope[] = [];
  #seen: Seen = {};
  #welcome?: Welcome;

  /** What events do before anybody is told of them. An event without a line here is only told. */
  readonly #eventEffects: Effects<Events> = {
    messagePosted: (entry) => this.#take(entry),
    system: (entry) => this.#take(entry),
    roomAdded: (room) => this.#store.added(room),
    roomRemoved: ({ room, reason }) => this.#store.removed(room, reason),
    roomRead: (mark) => this.#store.read(mark),
    synced: (synced) => this.#resumed(synced),
    error: ({ code, message }) => this.#report({ kind: 'serverError', message: `${code}: ${message}` }),
  };

  /** What replies do to the states of rooms, beside the rooms themselves that many of them bring. */
  readonly #replyEffects: Effects<Replies> = {
    leaveRoom: ({ room }) => this.#store.removed(room, 'left'),
    deleteRoom: ({ room }) => this.#store.removed(room, 'deleted'),
    markRead: (mark) => this.#store.read(mark),
    sync: (synced) => this.#store.synced(synced),
  };

  constructor(options: ChatClientOptions = {}) {
    const given = withDefaults(DEFAULTS, options);
    const { source } = given;
    const report = this.#report.bind(this);
    this.#options = given;
    this.outbox = new Outbox({
      ...given,
      storage: given.outboxStorage ?? new MemoryOutboxStorage(),
      post: (message) => this.#line.request('postMessage', message, given.replyWithinMs),
      report,
    });
    this.#store = new RoomStore({ ...given, pendingOf: (room) => this.outbox.changesOf(room) });
    this.#line = new Line({ ...given, authenticateWithinMs: given.replyWithinMs, report }, this.#owner());
    this.#repair = new RoomRepair({
      ...given,
      store: this.#store,
      patienceMs: given.replyWithinMs,
      sync: (seen) => this.#line.request('sync', { seen }, given.replyWithinMs),
      fetchRoom: source && ((room) => source.room(room)),
      report,
    });
    this.outbox.changes$.subscribe((change) => this.#keep(() => this.#store.outbox(change)));
    this.#line.state$.subscribe((state) => this.#follow(state));
  }

  /**
   * Signs the line in and keeps it up until `close` or until the server no longer knows the token. Resolves with the
   * first welcome, after as many attempts as it takes; rejects with `NOT_SIGNED_IN` or, closed meanwhile,
   * `CONNECTION_LOST`. `url` is the gateway's, as `ws://localhost:6789/ws`; one that is no URL throws a `TypeError`.
   */
  connect(url: string, token: TokenProvider): Promise<Welcome> {
    const { href } = new URL(url);
    void this.outbox.restore();
    this.#line.open(href, token);
    const welcome = this.#online().then(() => this.#welcome as Welcome);
    // Who watches `state$` need not listen to the promise too.
    welcome.catch(() => {});
    return welcome;
  }

  /** Closes the line. What waits in the outbox stays there for the next `connect`. */
  close(): void {
    this.#line.close('byClient');
  }

  /** Connects at once instead of at `retryAt`; for when the network is known to be back. */
  retryNow(): void {
    this.#line.retryNow();
  }

  /** The line's state, on subscription and after each change. */
  get state$(): Observable<ConnectionState> {
    return this.#line.state$.asObservable();
  }

  /** The line's state now. */
  get state(): ConnectionState {
    return this.#line.state$.value;
  }

  /** What the server said at the start of the latest connection: who is signed in, and the limits. */
  get welcome(): Welcome | undefined {
    return this.#welcome;
  }

  /** What went wrong without a call to blame; for a log. */
  get faults$(): Observable<Fault> {
    return this.#faults.asObservable();
  }

  /** The events of one name, in their order. The rooms' states are up to date when one is told. */
  on<E extends EventName>(name: E): Observable<Events[E]> {
    return this.#events.pipe(
      filter(({ event }) => event === name),
      map(({ data }) => data as Events[E]),
    );
  }

  /**
   * Sends a command and resolves with its reply. Rejects with a `ParleyError`: the server's refusal, `TIMED_OUT` after
   * `withinMs`, or `ConnectionLost`. `postMessage`, `markRead`, `openPrivateRoom` and `joinRoom` are sent again when
   * the line drops; to have a message kept until it is on disk, use `postMessage` of this class.
   */
  async send<C extends CommandName>(
    command: C,
    data: Commands[C]['data'],
    withinMs: number = this.#options.replyWithinMs,
  ): Promise<Commands[C]['reply']> {
    const reply = REPEATABLE.has(command)
      ? await this.#persist(command, data, this.#options.clock.now() + withinMs)
      : await this.#line.request(command, data, withinMs);
    this.#keep(() => this.#absorb(command, reply));
    return reply;
  }

  /** Posts a message through the outbox: see `Outbox.post`. */
  postMessage(draft: Draft): Promise<Posted> {
    return this.outbox.post(draft);
  }

  /** Tells the server how far this person has read a room. */
  markRead(room: Id, seq: number): Promise<ReadMark> {
    return this.send('markRead', { room, seq });
  }

  /** The rooms that this person is a member of, the latest entry first; on subscription and after each change. */
  get rooms$(): Observable<readonly RoomState[]> {
    return this.#store.rooms$;
  }

  /**
   * One room, on subscription and after each change; undefined while it is unknown. While somebody is subscribed all
   * its entries are kept, and it stays, marked `gone`, when the membership ends.
   */
  room$(id: Id): Observable<RoomState | undefined> {
    return this.#store.room$(id);
  }

  /** One room now. */
  room(id: Id): RoomState | undefined {
    return this.#store.get(id);
  }

  /** Takes states kept from an earlier life (they are plain data), so that only what came since is fetched. */
  restoreRooms(states: readonly RoomState[]): void {
    this.#keep(() => this.#store.restore(states));
  }

  /** Fetches the page before the entries that a room has; resolves with whether there is more. Needs a `source`. */
  async loadOlder(id: Id, limit: number = LIMITS.pageDefault): Promise<boolean> {
    const { source } = this.#options;
    const state = this.#store.get(id);
    if (!source) throw new Error('To load older entries a ChatClient needs the option `source`.');
    if (!state) throw new ParleyError('ROOM_NOT_FOUND', 'The client knows no such room.');
    if (!state.hasOlder) return false;
    const page = await source.log(id, { before: state.base + 1, limit });
    this.#keep(() => this.#store.older(id, page));
    return this.#store.get(id)?.hasOlder ?? false;
  }

  #owner(): LineOwner {
    return {
      seen: () => this.#remember(this.#store.heads(LIMITS.roomsPerSync)),
      welcomed: (welcome) => this.#welcomed(welcome),
      event: (envelope) => this.#heard(envelope),
      frameEnded: () => this.#tell(),
    };
  }

  #remember(seen: Seen): Seen | undefined {
    this.#seen = seen;
    return Object.keys(seen).length > 0 ? seen : undefined;
  }

  #welcomed(welcome: Welcome): void {
    this.#store.welcomed(welcome.user.id, welcome.rooms);
    this.#store.flush();
    this.#welcome = welcome;
    const told = new Set(welcome.rooms.map(({ id }) => id));
    const doubted = Object.entries(this.#store.heads()).filter(([room]) => !told.has(room));
    const expected = Object.keys(this.#seen).filter((room) => !told.has(room) || this.#store.missing.has(room));
    this.#repair.start(expected, Object.fromEntries(doubted));
  }

  #follow({ status }: ConnectionState): void {
    if (status === 'online') {
      this.outbox.open();
      this.#repair.check();
    } else {
      this.outbox.shut();
      this.#repair.stop();
    }
  }

  #heard(envelope: EventEnvelope): void {
    const effect = this.#eventEffects[envelope.event] as ((data: unknown) => void) | undefined;
    effect?.(envelope.data);
    this.#untold.push(envelope);
  }

  #tell(): void {
    const untold = this.#untold;
    this.#untold = [];
    this.#store.flush();
    for (const envelope of untold) this.#events.next(envelope);
    this.#repair.check();
  }

  #take(entry: LogEntry): void {
    if (!this.#isSound([entry])) return;
    this.#store.entry(entry);
    this.#confirm([entry]);
  }

  #resumed(synced: Synced): void {
    const entries = Object.values(synced.rooms).flatMap((room) => ('entries' in room ? room.entries : []));
    if (!this.#isSound(entries)) return;
    this.#store.synced(synced);
    this.#repair.told(synced);
    this.#confirm(entries);
  }

  #isSound(entries: readonly LogEntry[]): boolean {
    const isSound = entries.every(isLogEntry);
    if (!isSound) this.#report({ kind: 'badEntry', message: 'An entry has no place in a log.' });
    return isSound;
  }

  #confirm(entries: readonly LogEntry[]): void {
    for (const entry of entries) if (entry.type === 'message') this.outbox.confirm(entry);
  }

  /** Sends a command on one connection after another until it is answered. */
  async #persist<C extends CommandName>(
    command: C,
    data: Commands[C]['data'],
    deadline: number,
  ): Promise<Commands[C]['reply']> {
    for (;;) {
      await this.#online(deadline);
      try {
        return await this.#line.request(command, data, deadline - this.#options.clock.now());
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
      }
    }
  }

  #absorb<C extends CommandName>(command: C, reply: Commands[C]['reply']): void {
    const effect = this.#replyEffects[command] as ((reply: Commands[C]['reply']) => void) | undefined;
    effect?.(reply);
    if (isMyRoom(reply)) this.#store.added(reply);
  }

  #keep(change: () => void): void {
    change();
    this.#store.flush();
    this.#repair.check();
  }

  /** Resolves when the line is online; rejects when it is closed, or at the deadline. */
  async #online(deadline = Infinity): Promise<void> {
    const late = new Subject<'late'>();
    const { clock } = this.#options;
    const callOff = deadline < Infinity ? clock.schedule(deadline - clock.now(), () => late.next('late')) : () => {};
    const settled$ = this.#line.state$.pipe(filter(({ status }) => status === 'online' || status === 'closed'));
    const outcome = await firstValueFrom(merge(settled$, late));
    callOff();
    if (outcome === 'late') throw new ParleyError('TIMED_OUT', 'The line was down for too long.');
    if (outcome.status === 'closed') throw closedError(outcome.reason);
  }

  #report(fault: Fault): void {
    this.#faults.next(fault);
  }
}

function isLogEntry(entry: LogEntry): boolean {
  return typeof entry.room === 'string' && Number.isSafeInteger(entry.seq) && entry.seq > 0;
}

function closedError(reason: ClosedReason): ParleyError {
  if (reason === 'signedOut') return new ParleyError('NOT_SIGNED_IN', 'The session has ended.');
  return new ConnectionLost('The line is closed.');
}
