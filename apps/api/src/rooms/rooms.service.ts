import { Injectable } from '@nestjs/common';
import {
  LIMITS,
  type CreateGroup,
  type CreateRoom,
  type Id,
  type OpenPrivateRoom,
  type RoomKind,
  type RoomMetadata,
} from '@parley/contract';
import { Backplane } from '../cluster/backplane';
import { Clock } from '../common/clock';
import { RoomLog } from '../log/room-log';
import type { Person } from '../realtime/connection';
import type { UserRecord } from '../users/user-record';
import { UsersService } from '../users/users.service';
import { userNotFound } from '../users/users.errors';
import { Arrivals } from './arrivals';
import { MembershipsService } from './memberships.service';
import { allows, type Membership, type RoomRecord } from './room';
import { RoomAccess } from './room-access';
import { RoomChanges } from './room-changes';
import { RoomDirectory } from './room-directory';
import { isReserved, privateRoomName } from './room-name';
import { RoomView } from './room-view';
import { RoomRepository } from './room.repository';
import {
  forbidden,
  nameReserved,
  nameTaken,
  oneOf,
  onlyYou,
  roomNotFound,
  tooManyPeople,
  tooManyRooms,
} from './rooms.errors';

/** Making rooms and deleting them. */
@Injectable()
export class RoomsService {
  constructor(
    private readonly directory: RoomDirectory,
    private readonly access: RoomAccess,
    private readonly repository: RoomRepository,
    private readonly log: RoomLog,
    private readonly arrivals: Arrivals,
    private readonly memberships: MembershipsService,
    private readonly users: UsersService,
    private readonly clock: Clock,
    private readonly changes: RoomChanges,
    private readonly view: RoomView,
    private readonly backplane: Backplane,
  ) {}

  /** @throws DomainError ROOM_NAME_TAKEN, USER_NOT_FOUND, ROOM_FULL (more people named than may be in it) */
  async create(creator: Id, { name, users = [], metadata }: CreateRoom): Promise<RoomRecord> {
    const others = await this.users.resolve(users, creator);
    const room = this.draft('room', name, metadataOf(metadata), creator, others);
    const made = await this.insert(room);
    if (made) return made;
    // A room that was stored in an attempt whose outcome nobody knew is found and let in here.
    await this.madeElsewhere(name);
    throw nameTaken();
  }

  /** A private group; its name may be anybody's. @throws DomainError USER_NOT_FOUND */
  async createGroup(creator: Id, { name, users }: CreateGroup): Promise<RoomRecord> {
    const others = await this.users.resolve(users, creator);
    const metadata = metadataOf({ settings: { is_private: true } });
    const made = await this.insert(this.draft('group', name, metadata, creator, others));
    if (!made) throw nameTaken();
    return made;
  }

  /**
   * The private chat of two people, made where there is none. Whoever of them had left it is in it again.
   * @throws DomainError USER_NOT_FOUND, VALIDATION_FAILED (with oneself, or not exactly one of the two fields),
   *   ROOM_NOT_FOUND where it is deleted at this very moment: see `RoomListsService.opened`
   */
  async openPrivate(caller: Id, wanted: OpenPrivateRoom): Promise<RoomRecord> {
    const pair = [await this.users.get(caller), await this.other(wanted, caller)] as const;
    if (pair[0].id === pair[1].id) throw onlyYou(wanted.phone === undefined ? 'user' : 'phone');
    const room = this.findPrivate(pair) ?? (await this.makePrivate(pair));
    for (const person of pair) await this.memberships.enter(room.id, person);
    return room;
  }

  /**
   * Deletes a room with all that is in it. @throws DomainError ROOM_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN
   */
  async delete(person: Person, room: Id): Promise<void> {
    this.mayDelete(person, room);
    await this.log.record({
      room,
      author: person,
      describe: async () => {
        const text = `The room ${this.view.nameOf(this.mayDelete(person, room))} has been deleted.`;
        return { event: 'delete', text };
      },
      change: (session, { at }) => this.repository.remove(room, at, session),
      settle: (entry, tell) => this.changes.carryOut(entry, tell),
    });
  }

  private mayDelete(person: Person, room: Id): RoomRecord {
    const found = this.directory.get(room);
    if (found && person.role === 'administrator') return found;
    const record = this.access.visible(room, person.id);
    const membership = this.access.require(room, person.id, 'read');
    if (!allows(membership.role, 'deleteRoom')) throw forbidden();
    return record;
  }

  private async other({ phone, user }: OpenPrivateRoom, caller: Id): Promise<UserRecord> {
    if ((phone === undefined) === (user === undefined)) throw oneOf('phone', 'user');
    if (user !== undefined) return this.users.get(user);
    const found = await this.users.findByPhone(this.users.parsePhone(phone!), caller);
    if (!found) throw userNotFound({ phone: 'Nobody here has this number.' });
    return found;
  }

  private findPrivate(pair: readonly [UserRecord, UserRecord]): RoomRecord | undefined {
    return this.directory.named(privateRoomName([pair[0].phone, pair[1].phone]));
  }

  private async makePrivate(pair: readonly [UserRecord, UserRecord]): Promise<RoomRecord> {
    const [first, second] = pair;
    const name = privateRoomName([first.phone, second.phone]);
    const metadata: RoomMetadata = { description: '', settings: { is_private: true, max_participants: 2 } };
    const members = pair.map(({ id }) => this.newMember(id, 'owner'));
    this.requireRoomForOneMore(members);
    const room = this.record('private', name, metadata, members);
    room.pair = [first.id, second.id];
    return (await this.insert(room)) ?? this.madeElsewhere(name);
  }

  /** Somebody was faster: the room that the unique name let in is everybody's. */
  private async madeElsewhere(name: string): Promise<RoomRecord> {
    const found = this.directory.named(name) ?? (await this.repository.findByName(name));
    if (!found) throw roomNotFound();
    return this.takeIn(found);
  }

  private draft(kind: RoomKind, name: string, metadata: RoomMetadata, creator: Id, others: UserRecord[]): RoomRecord {
    if (isReserved(name)) throw nameReserved();
    const rest = others.filter(({ id }) => id !== creator).map(({ id }) => this.newMember(id, 'member'));
    const members = [this.newMember(creator, 'owner'), ...rest];
    if (members.length > metadata.settings.max_participants) throw tooManyPeople();
    this.requireRoomForOneMore(members);
    return this.record(kind, name, metadata, members);
  }

  private requireRoomForOneMore(members: readonly Membership[]): void {
    const full = members.some(({ user }) => this.directory.roomsOf(user).length >= LIMITS.roomsPerPerson);
    if (full) throw tooManyRooms();
  }

  private record(kind: RoomKind, name: string, metadata: RoomMetadata, members: Membership[]): RoomRecord {
    const byUser = new Map(members.map((member) => [member.user, member]));
    const createdAt = this.clock.now();
    return { id: this.repository.newId(), name, kind, createdAt, metadata, changedSeq: 0, members: byUser };
  }

  private newMember(user: Id, role: Membership['role']): Membership {
    return { user, role, joinedAt: this.clock.now(), read: 0 };
  }

  /** Stores a room and lets its members in, on every node. Resolves to nothing where its name is taken. */
  private async insert(room: RoomRecord): Promise<RoomRecord | undefined> {
    if (!(await this.stored(room))) return undefined;
    this.log.begin(room.id);
    const taken = await this.takeIn(room);
    await this.backplane.tell('made', { room: room.id });
    return taken;
  }

  /** Whether the room is stored; where the database did not say, it is asked. */
  private async stored(room: RoomRecord): Promise<boolean> {
    try {
      return await this.repository.insert(room);
    } catch (error) {
      if (await this.repository.find(room.id).catch(() => undefined)) return true;
      throw error;
    }
  }

  /** The room is in memory from now on, and its members hear it; only the first of several calls does anything. */
  private async takeIn(room: RoomRecord): Promise<RoomRecord> {
    const head = await this.log.head(room.id);
    const known = this.directory.get(room.id);
    if (known) return known;
    // Looking up the end of its log would have brought it in.
    if (this.backplane.shared) throw roomNotFound();
    this.directory.put(room);
    this.arrivals.welcome(room, head, room.members.values());
    return room;
  }
}

function metadataOf(given: CreateRoom['metadata']): RoomMetadata {
  const { is_private = false, max_participants = LIMITS.defaultParticipants } = given?.settings ?? {};
  return { description: given?.description ?? '', settings: { is_private, max_participants } };
}
