import { LIMITS, type Id, type MyRoom, type Room, type Seen, type Synced } from '@parley/contract';
import { Backoff, type BackoffOptions } from './backoff';
import type { Clock, Random } from './clock';
import { ParleyError } from './errors';
import type { ReportFault } from './fault';
import type { RoomStore } from './room-store';

type FetchRoom = (room: Id) => Promise<Room | MyRoom>;

/** What repair stands on. */
export interface RoomRepairOptions {
  store: RoomStore;
  clock: Clock;
  random: Random;
  backoff?: BackoffOptions;
  /** Milliseconds to wait for the `synced` that follows `authenticate`, before asking. */
  patienceMs: number;
  /** Asks for what was missed. When it resolves, the store has taken the answer, in the order of its frame. */
  sync(seen: Seen): Promise<unknown>;
  /** Fetches a room anew; without it, a room whose summary is outdated stays so until the next connection. */
  fetchRoom?: FetchRoom;
  report: ReportFault;
}

/** Sees to it that what the states of rooms lack is fetched: one `sync` at a time, with a wait when it does not help. */
export class RoomRepair {
  readonly #options: RoomRepairOptions;
  readonly #backoff: Backoff;
  readonly #expected = new Set<Id>();
  readonly #doubted = new Map<Id, number>();
  #life = 0;
  #active = false;
  #working = false;
  #callOff = (): void => {};

  constructor(options: RoomRepairOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.backoff, options.random);
  }

  /**
   * A connection has begun. The server is about to tell what was missed in the `expected` rooms; of the `doubted` ones,
   * with the `seq` of their heads, it has not said that they are still this person's.
   */
  start(expected: Iterable<Id>, doubted: Seen): void {
    this.stop();
    for (const room of expected) this.#expected.add(room);
    for (const [room, seq] of Object.entries(doubted)) this.#doubted.set(room, seq);
    this.#active = true;
    this.#backoff.reset();
    const { clock, patienceMs } = this.#options;
    if (this.#expected.size > 0) this.#callOff = clock.schedule(patienceMs, () => this.#loseFaith());
  }

  /** The server has told of these rooms. */
  told({ rooms }: Synced): void {
    for (const room of Object.keys(rooms)) {
      this.#expected.delete(room);
      this.#doubted.delete(room);
    }
  }

  /** Looks whether something is missing, and asks for it; between `start` and `stop` only. Cheap if nothing is. */
  check(): void {
    const { store, fetchRoom } = this.#options;
    const { missing, outdated } = store;
    if (!this.#active || this.#working || missing.size + outdated.size + this.#doubted.size === 0) return;
    const seen = this.#wanted();
    if (Object.keys(seen).length > 0) void this.#work(() => this.#sync(seen));
    else if (outdated.size > 0 && fetchRoom) void this.#work(() => this.#refetch([...outdated], fetchRoom));
  }

  /** The connection is gone: the next one begins with a new account of what is missing. */
  stop(): void {
    this.#life += 1;
    this.#active = false;
    this.#working = false;
    this.#expected.clear();
    this.#doubted.clear();
    this.#callOff();
  }

  #wanted(): Seen {
    const all = new Map([...this.#doubted, ...this.#options.store.missing]);
    const wanted = [...all].filter(([room]) => !this.#expected.has(room));
    return Object.fromEntries(wanted.slice(0, LIMITS.roomsPerSync));
  }

  #loseFaith(): void {
    this.#expected.clear();
    this.check();
  }

  async #work(mend: () => Promise<boolean>): Promise<void> {
    const life = this.#life;
    this.#working = true;
    const wait = await mend().then(
      (helped) => this.#waitAfter(helped),
      (cause: unknown) => this.#waitAfterFailure(cause),
    );
    if (life === this.#life) this.#goOnIn(wait);
  }

  #goOnIn(ms: number): void {
    const goOn = (): void => {
      this.#working = false;
      this.check();
    };
    if (ms === 0) return goOn();
    this.#callOff();
    this.#callOff = this.#options.clock.schedule(ms, goOn);
  }

  #waitAfter(helped: boolean): number {
    if (!helped) return this.#backoff.next();
    this.#backoff.reset();
    return 0;
  }

  #waitAfterFailure(cause: unknown): number {
    const isLineDown = cause instanceof ParleyError && cause.code === 'CONNECTION_LOST';
    if (!isLineDown)
      this.#options.report({ kind: 'syncFailed', message: 'What is missing could not be fetched.', cause });
    const asked = cause instanceof ParleyError ? (cause.retryAfter ?? 0) * 1_000 : 0;
    return Math.max(asked, this.#backoff.next());
  }

  async #sync(seen: Seen): Promise<boolean> {
    const { store, sync } = this.#options;
    await sync(seen);
    for (const room of Object.keys(seen)) this.#doubted.delete(room);
    return Object.entries(seen).some(([room, after]) => store.missing.get(room) !== after);
  }

  async #refetch(rooms: readonly Id[], fetchRoom: FetchRoom): Promise<boolean> {
    const { store } = this.#options;
    const life = this.#life;
    for (const id of rooms) {
      const room = await fetchRoom(id);
      // While it was fetched the gateway may have told of the room's end, or a new connection have told all anew.
      if (life === this.#life && store.outdated.has(id) && isMyRoom(room)) store.added(room);
    }
    store.flush();
    return rooms.every((id) => !store.outdated.has(id));
  }
}

/** Whether a value is a room as one of its members sees it. */
export function isMyRoom(value: unknown): value is MyRoom {
  if (typeof value !== 'object' || value === null) return false;
  const { id, seq, role, users } = value as Partial<MyRoom>;
  return typeof id === 'string' && typeof seq === 'number' && typeof role === 'string' && Array.isArray(users);
}
