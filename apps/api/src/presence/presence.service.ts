import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import type { Id, PersonPresence, PersonStatus, Presence, WatchedPresence } from '@parley/contract';
import { LRUCache } from 'lru-cache';
import { Clock } from '../common/clock';
import { inTime } from '../common/in-time';
import { RateLimits } from '../common/rate-limits';
import { ParleyConfig } from '../config/parley-config';
import type { Connection } from '../realtime/connection';
import { type AttendanceListener, Connections } from '../realtime/connections';
import { eventEnvelope } from '../realtime/frames';
import { RoomDirectory } from '../rooms/room-directory';
import { toMe, type UserRecord } from '../users/user-record';
import { UsersService } from '../users/users.service';
import { type Departure, Departures } from './departures';
import { Watches } from './watches';

/** What changes within so many milliseconds is told together, and of each person only how they are in the end. */
const TOGETHER_MS = 250;

/** So many connections are told in one turn of the event loop: where thousands come back at once, talk goes on. */
const TELLINGS_A_TURN = 2_000;

/** How long a stop waits until it is written down who was here. */
const NOTED_WITHIN_MS = 3_000;

/**
 * Who is there, and how. All of it is in memory; only until when somebody was there is written down, after they have
 * gone. It is told to those who asked, for as long as they are in a room with whom they asked about.
 */
@Injectable()
export class PresenceService
  implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly logger = new Logger('Presence');
  private readonly watches = new Watches();
  private readonly departures: Departures;
  /** Everybody who is there, with their status. Who has just left is there for a while. */
  private readonly there = new Map<Id, PersonStatus>();
  /** Until when people were there who have gone lately; the database knows it of the others. */
  private readonly lastSeen = new LRUCache<Id, Date>({ max: 50_000 });
  private readonly news = new Set<Id>();
  /** While this server is young: who was asked for and has not come back yet. They may still. */
  private expected: Set<Id> | undefined = new Set();
  private growing: NodeJS.Timeout | undefined;
  private telling: NodeJS.Timeout | undefined;
  private lastNote: Promise<void> | undefined;

  constructor(
    private readonly connections: Connections,
    private readonly directory: RoomDirectory,
    private readonly users: UsersService,
    private readonly limits: RateLimits,
    private readonly clock: Clock,
    private readonly config: ParleyConfig,
  ) {
    this.departures = new Departures(config.offlineAfterMs, (departures) => this.areGone(departures));
  }

  onModuleInit(): void {
    this.connections.whenAttendance(this.attendance);
    this.users.changed.subscribe((user) => this.accountChanged(user));
  }

  /** Who was here before this server was started has as much time to come back as after any other break of the line. */
  onApplicationBootstrap(): void {
    this.growing = setTimeout(() => this.isGrownUp(), this.config.offlineAfterMs).unref();
  }

  onModuleDestroy(): void {
    clearTimeout(this.growing);
    clearTimeout(this.telling);
  }

  /**
   * Everybody who is here is there up to now; who has left, and can come back no more, was until then. It is written down
   * while connections are closed, which takes as long.
   */
  beforeApplicationShutdown(): void {
    const at = this.clock.now();
    const here = this.connections.people.map((user) => ({ user, at, noted: true }));
    this.lastNote = this.note([...this.departures.stop(), ...here]);
  }

  /** Before the database is closed. */
  async onApplicationShutdown(): Promise<void> {
    await this.lastNote;
  }

  /**
   * From now on the connection is told how these people are, instead of those that it named before. Who shares no room
   * with its person is left out, whether or not there is somebody of that id. Just after the start of the server those are
   * too who have not come back yet: `presenceChanged` follows.
   * @throws DomainError RATE_LIMITED
   */
  async watch(connection: Connection, users: readonly Id[]): Promise<WatchedPresence> {
    const watcher = connection.identity!.user.id;
    await this.limits.take('watchesByUser', watcher);
    const fellows = this.fellowsOf(watcher, users);
    if (!connection.closed) this.watches.set(connection, fellows);
    await this.recallLastSeen(fellows);
    // Who has been taken out of the room meanwhile is told nothing any more.
    return { people: this.fellowsOf(watcher, fellows).flatMap((user) => this.knownPresenceOf(user)) };
  }

  /** The connection has closed. */
  forget(connection: Connection): void {
    this.watches.forget(connection);
  }

  private fellowsOf(watcher: Id, users: readonly Id[]): Id[] {
    const fellows = new Set(users.map((user) => this.directory.fellow(watcher, user)));
    return [...fellows].filter((user) => user !== undefined);
  }

  private knownPresenceOf(user: Id): PersonPresence[] {
    if (!this.expected || this.there.has(user)) return [this.presenceOf(user)];
    this.expected.add(user);
    return [];
  }

  private isGrownUp(): void {
    const { expected = [] } = this;
    this.expected = undefined;
    for (const user of expected) if (!this.there.has(user)) this.isNews(user);
  }

  private presenceOf(user: Id): PersonPresence {
    const status = this.there.get(user);
    if (status) return { user, presence: APPEARS[status] };
    const since = this.lastSeen.get(user);
    return { user, presence: 'offline', ...(since && { since: since.toISOString() }) };
  }

  /** Of those who went before this server knew them. Where the database does not say it, it is not told. */
  private async recallLastSeen(users: readonly Id[]): Promise<void> {
    const unknown = users.filter((user) => !this.there.has(user) && !this.lastSeen.has(user));
    if (unknown.length === 0) return;
    const found = await this.users.findByIds(unknown).catch((): UserRecord[] => []);
    for (const { id, last_seen_at } of found) {
      if (last_seen_at && !this.lastSeen.has(id)) this.lastSeen.set(id, last_seen_at);
    }
  }

  private readonly attendance: AttendanceListener = (user, where) => {
    const status = this.connections.statusOf(user);
    if (status) this.isThere(user, status);
    else if (this.there.has(user)) {
      this.departures.add({ user, at: this.clock.now(), noted: where !== 'elsewhere' });
    }
  };

  private isThere(user: Id, status: PersonStatus): void {
    this.departures.cancel(user);
    if (this.there.get(user) === status) return;
    this.there.set(user, status);
    this.isNews(user);
  }

  private areGone(departures: readonly Departure[]): void {
    for (const { user, at } of departures) {
      this.there.delete(user);
      this.lastSeen.set(user, at);
      this.isNews(user);
    }
    void this.note(departures);
  }

  private async note(departures: readonly Departure[]): Promise<void> {
    const own = departures.filter((departure) => departure.noted);
    if (own.length === 0) return;
    const noted = inTime(NOTED_WITHIN_MS, this.users.wereSeen(own), () => new Error('no answer in time'));
    await noted.catch((error: unknown) => this.logger.debug({ err: error }, 'who was here was not written down'));
  }

  private accountChanged(user: UserRecord): void {
    this.connections.setStatus(user.id, user.status);
    this.connections.tell(user.id, 'meChanged', toMe(user));
  }

  private isNews(user: Id): void {
    this.news.add(user);
    this.telling ??= setTimeout(this.tellNews, TOGETHER_MS).unref();
  }

  private readonly tellNews = (): void => {
    this.telling = undefined;
    let told = 0;
    for (const user of this.news) {
      if (told >= TELLINGS_A_TURN) return void setImmediate(this.tellNews);
      this.news.delete(user);
      told += this.tellWatchers(user);
    }
  };

  private tellWatchers(user: Id): number {
    const watchers = this.watches.of(user);
    if (watchers.size === 0) return 0;
    const envelope = eventEnvelope('presenceChanged', this.presenceOf(user));
    for (const watcher of watchers) {
      const person = watcher.identity?.user.id;
      if (person !== undefined && this.directory.fellow(person, user)) watcher.enqueue(envelope);
    }
    return watchers.size;
  }
}

const APPEARS: Readonly<Record<PersonStatus, Presence>> = { available: 'online', away: 'away', busy: 'busy' };
