import {
  LIMITS,
  type Author,
  type CommandName,
  type Commands,
  type EventEnvelope,
  type EventName,
  type Events,
  type Id,
  type LogEntry,
  type Me,
  type PersonPresence,
  type Posted,
  type ReadMark,
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
import type { OutboxPeers } from './outbox-peers';
import { MemoryOutboxStorage, type OutboxStorage } from './outbox-storage';
import { PeopleKeeper } from './people-keeper';
import { RoomKeeper, type RoomSource } from './room-keeper';
import type { RoomState } from './room-state';

/** How a chat client is made. Everything has a default; times are in milliseconds. */
export interface ChatClientOptions {
  /** For `loadOlder`, and to make good a room that the log alone cannot bring up to date; usually the `RestClient`. */
  source?: RoomSource;
  /** The platform's WebSocket unless said; see `@parley/sdk/node`. */
  socket?: SocketFactory;
  /** Where unsent messages survive a reload; in memory unless said. It belongs to one account. */
  outboxStorage?: OutboxStorage;
  /** The other clients that use the same `outboxStorage` at the same time; nobody unless said. */
  outboxPeers?: OutboxPeers;
  /**
   * How many messages of one room may be under way at once; 1 unless said. With more, a message that the server puts
   * off (`RATE_LIMITED`, `UNAVAILABLE`) can be overtaken by those that were under way with it.
   */
  inFlightPerRoom?: number;
  /** How many entries, reactions not counted, to keep of a room that nobody watches by `room$`; 500 unless said. */
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
const REPEATABLE: ReadonlySet<CommandName> = new Set([
  'postMessage',
  'react',
  'markRead',
  'openPrivateRoom',
  'joinRoom',
]);

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

/**
 * One person's client of one Parley server: a line to the gateway that comes back by itself, the states of the rooms,
 * kept complete over every interruption, and an outbox. It never throws for what the server sends: see `faults$`.
 */
export class ChatClient {
  /** Messages that are not on disk yet, and those that were refused. */
  readonly outbox: Outbox;
  readonly #options: typeof DEFAULTS & ChatClientOptions;
  readonly #line: Line;
  readonly #rooms: RoomKeeper;
  readonly #people: PeopleKeeper;
  readonly #events = new Subject<EventEnvelope>();
  readonly #faults = new Subject<Fault>();

  constructor(options: ChatClientOptions = {}) {
    const given = withDefaults(DEFAULTS, options);
    const report = this.#report.bind(this);
    this.#options = given;
    this.outbox = new Outbox({
      ...given,
      storage: given.outboxStorage ?? new MemoryOutboxStorage(),
      peers: given.outboxPeers,
      post: (message) => this.#line.request('postMessage', message, given.replyWithinMs),
      report,
    });
    this.#rooms = new RoomKeeper({
      ...given,
      outbox: this.outbox,
      sync: (seen) => this.#line.request('sync', { seen }, given.replyWithinMs),
      markRead: (room, seq) => this.send('markRead', { room, seq }),
      tell: (events) => events.forEach((event) => this.#events.next(event)),
      report,
    });
    this.#people = new PeopleKeeper({
      clock: given.clock,
      ask: (users) => this.#line.request('watchPresence', { users: [...users] }, given.replyWithinMs),
      sayTyping: (room) => this.#line.request('typing', { room }, given.replyWithinMs),
    });
    this.entries$.subscribe((entry) => this.#people.entry(entry));
    this.#line = new Line({ ...given, authenticateWithinMs: given.replyWithinMs, report }, this.#owner());
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
    const welcome = this.#online().then(() => this.welcome as Welcome);
    // Who watches `state$` need not listen to the promise too.
    welcome.catch(() => {});
    return welcome;
  }

  /** Closes the line. What waits in the outbox stays there for the next `connect`. */
  close(): void {
    this.#line.close('byClient');
  }

  /**
   * Connects at once instead of at `retryAt`, and pings a line that is up instead of waiting for its silence: for when
   * the network is known to be another, or somebody is back.
   */
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
    return this.#rooms.welcome;
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
   * `withinMs`, or `ConnectionLost`. What the reply says of a room is in the room's state by then. `postMessage`,
   * `react`, `markRead`, `openPrivateRoom` and `joinRoom` are sent again when the line drops; to have a message kept until it is
   * on disk, use `postMessage` of this class.
   */
  send<C extends CommandName>(
    command: C,
    data: Commands[C]['data'],
    withinMs: number = this.#options.replyWithinMs,
  ): Promise<Commands[C]['reply']> {
    return REPEATABLE.has(command)
      ? this.#persist(command, data, this.#options.clock.now() + withinMs)
      : this.#line.request(command, data, withinMs);
  }

  /** Posts a message through the outbox: see `Outbox.post`. */
  postMessage(draft: Draft): Promise<Posted> {
    return this.outbox.post(draft);
  }

  /** Tells the server how far this person has read a room. The room's state says so at once. */
  markRead(room: Id, seq: number): Promise<ReadMark> {
    this.#rooms.keep(() => this.#rooms.store.reading(room, seq));
    return this.send('markRead', { room, seq });
  }

  /**
   * Each entry of each room that comes after what the client first saw of it: once, in the order of its room, live or
   * missed and made good. `on('messagePosted')` tells what comes live only. After a reset it goes on with the newest page.
   */
  get entries$(): Observable<LogEntry> {
    return this.#rooms.store.entries$;
  }

  /** The rooms that this person is a member of, the latest entry first; on subscription and after each change. */
  get rooms$(): Observable<readonly RoomState[]> {
    return this.#rooms.store.rooms$;
  }

  /**
   * One room, on subscription and after each change; undefined while it is unknown. While somebody is subscribed all
   * its entries are kept, and it stays, marked `gone`, when the membership ends.
   */
  room$(id: Id): Observable<RoomState | undefined> {
    return this.#rooms.store.room$(id);
  }

  /** One room now. */
  room(id: Id): RoomState | undefined {
    return this.#rooms.store.get(id);
  }

  /** This person's own account, as the server last told it: also what another session has changed. */
  get me$(): Observable<Me | undefined> {
    return this.#people.me$.asObservable();
  }

  /**
   * How somebody is with whom this person shares a room, on subscription and after each change; undefined while that is
   * not known: of strangers, and while the line is down. Whoever is subscribed to is asked for, the latest 200 people.
   */
  presence$(user: Id): Observable<PersonPresence | undefined> {
    return this.#people.presences.of$(user);
  }

  /** The others who are typing in a room, on subscription and after each change. */
  typing$(room: Id): Observable<readonly Author[]> {
    return this.#people.typists.in$(room);
  }

  /**
   * Says that this person is typing. Call it at each key that leaves something written: it is told every 3 s at most,
   * and not in a room in which the server would tell nobody.
   */
  typing(room: Id): void {
    const members = this.room(room)?.room.user_count ?? 0;
    if (members <= LIMITS.typingMembers) this.#people.typists.say(room);
  }

  /** Takes states kept from an earlier life (they are plain data), so that only what came since is fetched. */
  restoreRooms(states: readonly RoomState[]): void {
    this.#rooms.keep(() => this.#rooms.store.restore(states));
  }

  /** Fetches the page before the entries that a room has; resolves with whether there is more. Needs a `source`. */
  loadOlder(room: Id, limit?: number): Promise<boolean> {
    return this.#rooms.loadOlder(room, limit);
  }

  /** Forgets all but the newest `keep` entries of a room, also of one that is watched; `loadOlder` fetches them again. */
  trimRoom(room: Id, keep: number): void {
    this.#rooms.keep(() => this.#rooms.store.trim(room, keep));
  }

  #follow({ status }: ConnectionState): void {
    if (status === 'online') {
      this.#people.lineUp();
      return this.outbox.open();
    }
    this.outbox.shut();
    this.#rooms.lineDown();
    this.#people.lineDown();
  }

  /** Both keepers hear of everything, in the order in which it comes. */
  #owner(): LineOwner {
    const [rooms, people] = [this.#rooms, this.#people];
    return {
      seen: () => rooms.seen(),
      welcomed(welcome) {
        people.welcomed(welcome);
        rooms.welcomed(welcome);
      },
      event(envelope) {
        people.event(envelope);
        rooms.event(envelope);
      },
      replied(command, reply) {
        people.replied(command, reply);
        rooms.replied(command, reply);
      },
      frameEnded: () => rooms.frameEnded(),
    };
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

function closedError(reason: ClosedReason): ParleyError {
  if (reason === 'signedOut') return new ParleyError('NOT_SIGNED_IN', 'The session has ended.');
  return new ConnectionLost('The line is closed.');
}
