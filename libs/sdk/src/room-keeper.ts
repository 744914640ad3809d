import {
  LIMITS,
  type CommandName,
  type Commands,
  type EventEnvelope,
  type Events,
  type Id,
  type LogEntry,
  type LogPage,
  type MyRoom,
  type Room,
  type Seen,
  type Synced,
  type Welcome,
} from '@parley/contract';
import type { BackoffOptions } from './backoff';
import type { Clock, Random } from './clock';
import type { LineOwner } from './connection/line';
import { ParleyError } from './errors';
import type { ReportFault } from './fault';
import type { Outbox } from './outbox';
import { isMyRoom, RoomRepair } from './room-repair';
import { RoomStore } from './room-store';

/** Where a chat client reads what the gateway does not tell. `RestClient` is one. */
export interface RoomSource {
  room(id: Id): Promise<Room | MyRoom>;
  log(id: Id, range: { before?: number; limit?: number }): Promise<LogPage>;
}

/** What a keeper stands on. */
export interface RoomKeeperOptions {
  outbox: Outbox;
  source?: RoomSource;
  keepEntries: number;
  clock: Clock;
  random: Random;
  backoff?: BackoffOptions;
  replyWithinMs: number;
  /** Asks for what was missed; `replied` is told the answer before the promise resolves. */
  sync(seen: Seen): Promise<unknown>;
  /** Tells the server how far a room is read, once the line is up. */
  markRead(room: Id, seq: number): Promise<unknown>;
  /** Tells the events of one frame, once the rooms know them. */
  tell(events: readonly EventEnvelope[]): void;
  report: ReportFault;
}

type Effects<Data> = { [Name in keyof Data]?: (data: Data[Name]) => void };
type Replies = { [C in CommandName]: Commands[C]['reply'] };

/** Keeps the states of the rooms in step with all that comes in: welcomes, events, replies, pages and the outbox. */
export class RoomKeeper implements LineOwner {
  readonly store: RoomStore;
  readonly #options: RoomKeeperOptions;
  readonly #repair: RoomRepair;
  #untold: EventEnvelope[] = [];
  #seen: Seen = {};
  #welcome?: Welcome;

  /** What events do before anybody is told of them. An event without a line here is only told. */
  readonly #eventEffects: Effects<Events> = {
    messagePosted: (entry) => this.#take(entry),
    messageReacted: (entry) => this.#take(entry),
    system: (entry) => this.#take(entry),
    roomAdded: (room) => this.store.added(room),
    roomRemoved: ({ room, reason }) => this.store.removed(room, reason),
    roomRead: (mark) => this.store.read(mark),
    synced: (synced) => this.#resumed(synced),
    error: ({ code, message }) => this.#options.report({ kind: 'serverError', message: `${code}: ${message}` }),
  };

  /** What replies do to the states of rooms, beside the rooms themselves that many of them bring. */
  readonly #replyEffects: Effects<Replies> = {
    leaveRoom: ({ room }) => this.store.removed(room, 'left'),
    deleteRoom: ({ room }) => this.store.removed(room, 'deleted'),
    markRead: (mark) => this.store.read(mark),
    sync: (synced) => this.#resumed(synced),
  };

  constructor(options: RoomKeeperOptions) {
    const { outbox, source, replyWithinMs } = options;
    this.#options = options;
    this.store = new RoomStore({ ...options, pendingOf: (room) => outbox.changesOf(room) });
    this.#repair = new RoomRepair({
      ...options,
      store: this.store,
      patienceMs: replyWithinMs,
      fetchRoom: source && ((room) => source.room(room)),
    });
    outbox.changes$.subscribe((change) => this.keep(() => this.store.outbox(change)));
  }

  /** The latest welcome. */
  get welcome(): Welcome | undefined {
    return this.#welcome;
  }

  /** What the rooms have, as far as one `seen` may tell. */
  seen(): Seen | undefined {
    this.#seen = this.store.heads(LIMITS.roomsPerSync);
    return Object.keys(this.#seen).length > 0 ? this.#seen : undefined;
  }

  /** A connection has begun. */
  welcomed(welcome: Welcome): void {
    this.store.welcomed(welcome.user.id, welcome.rooms);
    this.store.flush();
    this.#welcome = welcome;
    for (const { id, read } of welcome.rooms) this.#tellRead(id, read);
    const told = new Set(welcome.rooms.map(({ id }) => id));
    const doubted = Object.entries(this.store.heads()).filter(([room]) => !told.has(room));
    const expected = Object.keys(this.#seen).filter((room) => !told.has(room) || this.store.missing.has(room));
    this.#repair.start(expected, Object.fromEntries(doubted));
  }

  /** An event does to the rooms what it does; it is told when its frame has ended. */
  event(envelope: EventEnvelope): void {
    const effect = this.#eventEffects[envelope.event] as ((data: unknown) => void) | undefined;
    effect?.(envelope.data);
    this.#untold.push(envelope);
  }

  /** A reply does to the rooms what it does, before the events behind it do; it is told when its frame has ended. */
  replied<C extends CommandName>(command: C, reply: Commands[C]['reply']): void {
    const effect = this.#replyEffects[command] as ((reply: Commands[C]['reply']) => void) | undefined;
    effect?.(reply);
    if (isMyRoom(reply)) this.store.added(reply);
  }

  /** All of a frame is known: the rooms and the events are told. */
  frameEnded(): void {
    const untold = this.#untold;
    this.#untold = [];
    this.keep(() => {});
    this.#options.tell(untold);
  }

  /** The connection is gone. */
  lineDown(): void {
    this.#repair.stop();
  }

  /** Makes a change to the store, tells it, and sees to what is missing then. */
  keep(change: () => void): void {
    change();
    this.store.flush();
    this.#repair.check();
  }

  /** Fetches the page before the entries that a room has; resolves with whether there is more. Needs a `source`. */
  async loadOlder(id: Id, limit: number = LIMITS.pageDefault): Promise<boolean> {
    const { source } = this.#options;
    const state = this.store.get(id);
    if (!source) throw new Error('To load older entries a ChatClient needs the option `source`.');
    if (!state) throw new ParleyError('ROOM_NOT_FOUND', 'The client knows no such room.');
    if (!state.hasOlder) return false;
    const page = await source.log(id, { before: state.base + 1, limit });
    this.keep(() => this.store.older(id, page));
    return this.store.get(id)?.hasOlder ?? false;
  }

  /** What was read while the server could not hear of it is told once more. */
  #tellRead(room: Id, known: number): void {
    const read = this.store.get(room)?.room.read ?? known;
    if (read > known) this.#options.markRead(room, read).catch(() => {});
  }

  #take(entry: LogEntry): void {
    if (!this.#isSound([entry])) return;
    this.store.entry(entry);
    this.#confirm([entry]);
  }

  #resumed(synced: Synced): void {
    const entries = Object.values(synced.rooms).flatMap((room) => ('entries' in room ? room.entries : []));
    if (!this.#isSound(entries)) return;
    this.store.synced(synced);
    this.#repair.told(synced);
    this.#confirm(entries);
  }

  #isSound(entries: readonly LogEntry[]): boolean {
    const isSound = entries.every(isLogEntry);
    if (!isSound) this.#options.report({ kind: 'badEntry', message: 'An entry has no place in a log.' });
    return isSound;
  }

  #confirm(entries: readonly LogEntry[]): void {
    for (const entry of entries) if (entry.type === 'message') this.#options.outbox.confirm(entry);
  }
}

function isLogEntry(entry: LogEntry): boolean {
  return typeof entry.room === 'string' && Number.isSafeInteger(entry.seq) && entry.seq > 0;
}
