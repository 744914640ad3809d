import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import {
  LIMITS,
  type Authenticate,
  type Id,
  type MyRoom,
  type Seen,
  type Synced,
  type Welcome,
} from '@parley/contract';
import { AuthService, type Caller } from '../auth/auth.service';
import { toSession } from '../auth/session-record';
import { DomainError } from '../common/domain-error';
import { ERROR_TABLE } from '../common/error-table';
import { metrics } from '../common/metrics';
import { ParleyConfig } from '../config/parley-config';
import { LogReader, SYNC_BUDGET, type SyncBudget } from '../log/log-reader';
import { RoomLog, type Head } from '../log/room-log';
import type { Connection, Slot } from '../realtime/connection';
import { Connections } from '../realtime/connections';
import { eventEnvelope } from '../realtime/frames';
import { Hub } from '../realtime/hub';
import type { Membership } from '../rooms/room';
import { RoomDirectory } from '../rooms/room-directory';
import { RoomView, snapshotOf, type RoomSnapshot } from '../rooms/room-view';
import { toMe } from '../users/user-record';
import { UsersService } from '../users/users.service';

/** A room and the arriving person's place in it, as they are at the moment of arrival. */
interface Found {
  snapshot: RoomSnapshot;
  place: Membership;
}

/** Connections coming in, catching up and going. */
@Injectable()
export class EntranceService implements OnModuleInit {
  private readonly logger = new Logger('Gateway');

  constructor(
    private readonly auth: AuthService,
    private readonly users: UsersService,
    private readonly connections: Connections,
    private readonly hub: Hub,
    private readonly directory: RoomDirectory,
    private readonly log: RoomLog,
    private readonly reader: LogReader,
    private readonly view: RoomView,
    private readonly config: ParleyConfig,
  ) {}

  onModuleInit(): void {
    this.users.changed.subscribe(({ id, name }) => this.connections.rename(id, name));
  }

  /**
   * Signs a connection in. From one moment on it hears its rooms; the reply says how they are at that moment, and with
   * `seen`, `synced` follows with what came before it: together nothing is missing and nothing comes twice.
   * @throws DomainError NOT_SIGNED_IN, ALREADY_SIGNED_IN, TOO_MANY_CONNECTIONS, REALTIME_UNAVAILABLE
   */
  async welcome(connection: Connection, { token, seen }: Authenticate): Promise<Welcome> {
    if (connection.identity) throw new DomainError('ALREADY_SIGNED_IN', ERROR_TABLE.ALREADY_SIGNED_IN.sentence);
    const caller = await this.auth.authenticate(token);
    await this.headsKnown(caller.user.id, seen);
    const found = this.enter(connection, caller);
    const missed = seen && connection.reserve();
    try {
      const rooms = await Promise.all(found.map(({ snapshot, place }) => this.view.mine(snapshot, place)));
      if (missed) await this.fillMissed(missed, caller.user.id, seen, found);
      return this.reply(caller, rooms);
    } catch (error) {
      this.goodbye(connection);
      connection.identity = undefined;
      missed?.fill([]);
      this.logger.warn({ err: error }, 'a connection could not be let in');
      throw new DomainError('REALTIME_UNAVAILABLE', ERROR_TABLE.REALTIME_UNAVAILABLE.sentence);
    }
  }

  /** What a person missed in each of these rooms. Rooms that they are not in are `gone`. */
  async missed(user: Id, seen: Seen): Promise<Synced> {
    await this.headsKnown(user, seen);
    const heads = new Map(this.directory.roomsOf(user).map(({ id }) => [id, this.log.knownHead(id)!]));
    // What was answered before is written first: whoever asks and asks and does not read is found to be slow.
    await nextTurn();
    return this.since(user, seen, heads);
  }

  /** Forgets a connection that has closed. */
  goodbye(connection: Connection): void {
    if (!connection.identity) return;
    this.connections.remove(connection);
    for (const { id } of this.directory.roomsOf(connection.identity.user.id)) this.hub.exit(id, [connection]);
  }

  /** Nothing in here waits: what is taken down is how things are at the moment from which the connection hears them. */
  private enter(connection: Connection, { user, session }: Caller): Found[] {
    const { id, role } = user;
    const { name, status } = this.users.newest(user);
    const person = { id, name, role, status };
    this.connections.add(connection, { user: person, session: { id: session.id, expiresAt: session.expires_at } });
    return this.directory.roomsOf(user.id).map((room) => {
      this.hub.enter(room.id, [connection]);
      return { snapshot: snapshotOf(room, this.log.knownHead(room.id)!), place: { ...room.members.get(user.id)! } };
    });
  }

  /** Where the logs end, at least as far as the client has seen them, at another node perhaps. */
  private async headsKnown(user: Id, seen: Seen = {}): Promise<void> {
    await this.headsLoaded(user);
    const behind = Object.entries(seen).filter(([room, seq]) => seq > (this.log.knownHead(room)?.seq ?? seq));
    if (behind.length === 0) return;
    await Promise.all(behind.map(([room]) => this.log.readOn(room)));
    await this.headsLoaded(user);
  }

  private async headsLoaded(user: Id): Promise<void> {
    for (;;) {
      const unknown = this.directory.roomsOf(user).filter(({ id }) => !this.log.knownHead(id));
      if (unknown.length === 0) return;
      await Promise.all(unknown.map(({ id }) => this.log.head(id)));
    }
  }

  private async fillMissed(slot: Slot, user: Id, seen: Seen, found: readonly Found[]): Promise<void> {
    const heads = new Map(found.map(({ snapshot }) => [snapshot.room.id, snapshot.head]));
    slot.fill([eventEnvelope('synced', await this.since(user, seen, heads))]);
  }

  private async since(user: Id, seen: Seen, heads: ReadonlyMap<Id, Head>): Promise<Synced> {
    const rooms: Synced['rooms'] = {};
    const budget: SyncBudget = { left: SYNC_BUDGET };
    for (const [room, seq] of Object.entries(seen)) {
      const head = heads.get(room);
      const missed = head && (await this.reader.missed(room, user, seq, head, budget));
      // Who has left while it was read gets nothing of it.
      rooms[room] = missed && this.directory.membership(room, user) ? missed : { gone: true };
      metrics.resumes.inc({ outcome: outcomeOf(rooms[room]) });
    }
    return { rooms };
  }

  private reply({ user, session }: Caller, rooms: MyRoom[]): Welcome {
    return {
      user: toMe(user),
      session: toSession(session, session.id),
      rooms,
      heartbeatMs: this.config.heartbeatMs,
      limits: LIMITS,
    };
  }
}

function outcomeOf(room: Synced['rooms'][Id]): 'whole' | 'reset' | 'gone' {
  if ('gone' in room) return 'gone';
  return room.reset ? 'reset' : 'whole';
}
