import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CLOSE_CODES, type EventName, type Events, type Id, type PersonStatus } from '@parley/contract';
import { Backplane } from '../cluster/backplane';
import { DomainError } from '../common/domain-error';
import { ERROR_TABLE } from '../common/error-table';
import { ParleyConfig } from '../config/parley-config';
import type { Connection, Identity } from './connection';
import { ConnectionsElsewhere } from './connections-elsewhere';
import { SessionGate } from './session-gate';

/** How long a revoked session is remembered, against a connection that was just being signed in with it. */
const REMEMBER_REVOKED_MS = 60_000;

/** How often connections are looked at whose session may have run out. */
const EXPIRY_EVERY_MS = 10_000;

/**
 * Told that somebody's connections, or their status, may be others, and why: at this node, at another one, or because
 * another one is heard of no more, or again.
 */
export type AttendanceListener = (user: Id, where: 'here' | 'elsewhere' | 'lost') => void;

/** Every connection that has signed in, by person and by session. */
@Injectable()
export class Connections extends SessionGate implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly byUser = new Map<Id, Set<Connection>>();
  private readonly bySession = new Map<Id, Set<Connection>>();
  private readonly revoked = new Set<Id>();
  private accepting = false;
  private expiry: NodeJS.Timeout | undefined;
  private onAttendance: AttendanceListener = () => undefined;

  constructor(
    private readonly config: ParleyConfig,
    private readonly backplane: Backplane,
    private readonly elsewhere: ConnectionsElsewhere,
  ) {
    super();
    backplane.on('revoked', ({ session }) => this.end(session));
    backplane.whenGreeted(() => this.tellAllElsewhere());
  }

  get open(): boolean {
    return this.accepting;
  }

  /** The gateway is there: sign-ins are accepted, and sessions end when their time is over. */
  onApplicationBootstrap(): void {
    this.accepting = true;
    this.expiry = setInterval(() => this.closeExpired(new Date()), EXPIRY_EVERY_MS);
    this.expiry.unref();
  }

  /** The gateway is about to stop: sign-ins are refused. */
  onModuleDestroy(): void {
    this.accepting = false;
    clearInterval(this.expiry);
  }

  accept(session: { id: string; user: string; expiresAt: Date }): Promise<void> {
    const taken = this.accepting && !this.revoked.has(session.id);
    return taken ? Promise.resolve() : Promise.reject(unavailable());
  }

  revoke(session: Id): Promise<void> {
    this.end(session);
    return this.backplane.tell('revoked', { session });
  }

  /** The sessions that have connections here. */
  get sessions(): Id[] {
    return [...this.bySession.keys()];
  }

  /** A session has ended, here or elsewhere: its sockets here are closed, and none of it comes in any more. */
  end(session: Id): void {
    this.revoked.add(session);
    setTimeout(() => this.revoked.delete(session), REMEMBER_REVOKED_MS).unref();
    for (const connection of [...(this.bySession.get(session) ?? [])]) {
      this.remove(connection);
      connection.close(CLOSE_CODES.notSignedIn, 'This session has ended.');
    }
  }

  /** Makes the connection the person's. Fails when it or the session ended meanwhile, or the person has too many. */
  add(connection: Connection, identity: Identity): void {
    if (!this.accepting) throw unavailable();
    const over = connection.closed || this.revoked.has(identity.session.id);
    if (over) throw new DomainError('NOT_SIGNED_IN', ERROR_TABLE.NOT_SIGNED_IN.sentence);
    const others = this.byUser.get(identity.user.id);
    if ((others?.size ?? 0) + this.elsewhere.of(identity.user.id) >= this.config.connectionsPerUser) {
      throw new DomainError('TOO_MANY_CONNECTIONS', 'This account has too many connections open.');
    }
    connection.signIn(this.sharedIdentity(identity));
    put(this.byUser, identity.user.id, connection);
    put(this.bySession, identity.session.id, connection);
    this.attend(identity.user.id);
  }

  private attend(user: Id): void {
    this.elsewhere.tell(user, this.of(user).size, this.statusHere(user));
    this.onAttendance(user, 'here');
  }

  private tellAllElsewhere(): void {
    const people = this.byUser.entries();
    this.elsewhere.tellAll(people.map(([user, { size }]) => [user, size, this.statusHere(user) ?? 'available']));
  }

  /** One object for all connections of a session, and one person for all of their sessions. */
  private sharedIdentity({ user, session }: Identity): Identity {
    const [ofSession] = this.bySession.get(session.id) ?? [];
    const [ofUser] = this.of(user.id);
    return ofSession?.identity ?? { user: ofUser?.identity?.user ?? user, session };
  }

  /** Forgets a connection. */
  remove(connection: Connection): void {
    if (!connection.identity) return;
    take(this.byUser, connection.identity.user.id, connection);
    take(this.bySession, connection.identity.session.id, connection);
    this.attend(connection.identity.user.id);
  }

  /** How many connections have signed in. */
  get count(): number {
    return this.all().reduce((sum, { size }) => sum + size, 0);
  }

  /** Bytes, about, that wait for all those who have signed in. */
  get queuedBytes(): number {
    return this.all().reduce((sum, ofUser) => ofUser.values().reduce((part, each) => part + each.queuedBytes, sum), 0);
  }

  /** The connections of a person. */
  of(user: Id): ReadonlySet<Connection> {
    return this.byUser.get(user) ?? NONE;
  }

  /** Tells an event to every connection of a person. */
  tell<E extends EventName>(user: Id, event: E, data: Events[E]): void {
    for (const connection of this.of(user)) connection.tell(event, data);
  }

  /** The person has a new name: what they write from now on carries it. */
  rename(user: Id, name: string): void {
    for (const connection of this.of(user)) if (connection.identity) connection.identity.user.name = name;
  }

  /** The person says something else of themselves: to whoever asks, here and elsewhere. */
  setStatus(user: Id, status: PersonStatus): void {
    const [first] = this.of(user);
    if (!first?.identity || first.identity.user.status === status) return;
    first.identity.user.status = status;
    this.attend(user);
  }

  /** What the person says of themselves, where they are connected to any node. */
  statusOf(user: Id): PersonStatus | undefined {
    return this.statusHere(user) ?? this.elsewhere.statusOf(user);
  }

  /** Whether the person is connected to another node. */
  isElsewhere(user: Id): boolean {
    return this.elsewhere.statusOf(user) !== undefined;
  }

  /** The people who are connected here. */
  get people(): Id[] {
    return [...this.byUser.keys()];
  }

  /** Names who hears of people who come and go, and of their statuses. */
  whenAttendance(listener: AttendanceListener): void {
    this.onAttendance = listener;
    this.elsewhere.whenChanged((user, lost) => listener(user, lost ? 'lost' : 'elsewhere'));
  }

  private statusHere(user: Id): PersonStatus | undefined {
    const [first] = this.of(user);
    return first?.identity?.user.status;
  }

  private all(): Set<Connection>[] {
    return [...this.byUser.values()];
  }

  /** Closes the connections whose session has expired by `now`. */
  closeExpired(now: Date): void {
    const expired = [...this.bySession].filter(([, [first]]) => first!.identity!.session.expiresAt <= now);
    for (const [session] of expired) this.end(session);
  }
}

function unavailable(): DomainError {
  return new DomainError('REALTIME_UNAVAILABLE', ERROR_TABLE.REALTIME_UNAVAILABLE.sentence);
}

const NONE: ReadonlySet<Connection> = new Set();

function put(map: Map<Id, Set<Connection>>, key: Id, connection: Connection): void {
  const set = map.get(key);
  if (set) set.add(connection);
  else map.set(key, new Set([connection]));
}

function take(map: Map<Id, Set<Connection>>, key: Id, connection: Connection): void {
  const set = map.get(key);
  set?.delete(connection);
  if (set?.size === 0) map.delete(key);
}
