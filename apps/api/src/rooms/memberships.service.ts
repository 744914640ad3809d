import { Injectable } from '@nestjs/common';
import { LIMITS, type Author, type Id, type JoinRoom } from '@parley/contract';
import type { EventDraft } from '../log/draft';
import { RoomLog } from '../log/room-log';
import { UsersService } from '../users/users.service';
import { heirOf, isLeftForGood, isOpen, lacksOwner, type RoomRecord } from './room';
import { RoomAccess } from './room-access';
import { membershipOf, RoomChanges } from './room-changes';
import { RoomDirectory } from './room-directory';
import { RoomView } from './room-view';
import { RoomRepository } from './room.repository';
import { forbidden, notAMember, oneOf, roomFull, roomNotFound, tooManyRooms } from './rooms.errors';

/** Coming into rooms and leaving them. Each is an entry of the room's log, in one transaction with the change itself. */
@Injectable()
export class MembershipsService {
  constructor(
    private readonly directory: RoomDirectory,
    private readonly access: RoomAccess,
    private readonly repository: RoomRepository,
    private readonly log: RoomLog,
    private readonly changes: RoomChanges,
    private readonly users: UsersService,
    private readonly view: RoomView,
  ) {}

  /**
   * Makes the person a member; somebody who is one already stays it, and nobody is told again.
   * @throws DomainError ROOM_NOT_FOUND (also for private rooms), ROOM_FULL
   */
  async join(person: Author, ref: JoinRoom): Promise<RoomRecord> {
    const room = this.find(ref);
    const mayEnter = room && (isOpen(room) || room.members.has(person.id) || room.pair?.includes(person.id));
    if (!mayEnter) throw roomNotFound();
    await this.enter(room.id, person);
    return this.access.visible(room.id, person.id);
  }

  /**
   * Makes others members.
   * @param refs ids or phone numbers; an unknown one fails the call, and nobody is added. Where the room fills up at
   *   this very moment by others, some may be in it when the call fails.
   * @throws DomainError ROOM_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN (private chats take nobody in), USER_NOT_FOUND, ROOM_FULL
   */
  async add(actor: Id, room: Id, refs: readonly string[]): Promise<RoomRecord> {
    this.access.require(room, actor, 'addMembers');
    const people = await this.users.resolve(refs, actor);
    this.access.require(room, actor, 'addMembers');
    const record = this.access.visible(room, actor);
    if (record.pair && people.some(({ id }) => !record.pair!.includes(id))) throw forbidden();
    const coming = people.filter(({ id }) => !record.members.has(id));
    if (record.members.size + coming.length > record.metadata.settings.max_participants) throw roomFull();
    const entered = await Promise.allSettled(coming.map((person) => this.enter(room, person)));
    const refused = entered.find((each) => each.status === 'rejected');
    if (refused) throw refused.reason;
    return this.access.visible(room, actor);
  }

  /** Takes a person out of a room. @throws DomainError ROOM_NOT_FOUND, NOT_A_MEMBER */
  async leave(person: Author, room: Id): Promise<void> {
    this.access.require(room, person.id, 'read');
    await this.log.record(this.leaving(room, person));
  }

  /** Makes a person a member, whatever the room is: the caller has asked whether they may. @throws DomainError ROOM_FULL */
  async enter(room: Id, person: Author): Promise<void> {
    if (this.directory.membership(room, person.id)) return;
    await this.log.record(this.entering(room, person));
  }

  private find({ room, name }: JoinRoom): RoomRecord | undefined {
    if ((room === undefined) === (name === undefined)) throw oneOf('room', 'name');
    return room === undefined ? this.directory.named(name!) : this.directory.get(room);
  }

  private entering(room: Id, person: Author): EventDraft {
    return {
      room,
      author: person,
      describe: async () => {
        const record = this.existing(room);
        if (record.members.has(person.id)) return undefined;
        if (record.members.size >= record.metadata.settings.max_participants) throw roomFull();
        if (this.directory.roomsOf(person.id).length >= LIMITS.roomsPerPerson) throw tooManyRooms();
        const role = record.pair || lacksOwner(record) ? 'owner' : 'member';
        return { event: 'join', text: `${person.name} has joined the room ${this.view.nameOf(record)}.`, role };
      },
      change: async (session, entry) => {
        const { max_participants } = this.existing(room).metadata.settings;
        if (!(await this.repository.addMember(entry, membershipOf(entry), max_participants, session))) throw roomFull();
      },
      settle: (entry, tell) => this.changes.carryOut(entry, tell),
    };
  }

  private leaving(room: Id, person: Author): EventDraft {
    return {
      room,
      author: person,
      describe: async () => {
        const record = this.existing(room);
        if (!record.members.has(person.id)) throw notAMember();
        const text = `${person.name} has left the room ${this.view.nameOf(record)}.`;
        const heir = heirOf(record, person.id);
        return { event: 'leave', text, ...(heir && { heir: await this.author(heir.user) }) };
      },
      change: (session, entry) =>
        isLeftForGood(this.existing(room))
          ? this.repository.remove(room, entry.at, session)
          : this.repository.removeMember(entry, person.id, entry.heir?.id, session),
      settle: (entry, tell) => this.changes.carryOut(entry, tell),
    };
  }

  private existing(room: Id): RoomRecord {
    const record = this.directory.get(room);
    if (!record) throw roomNotFound();
    return record;
  }

  private async author(user: Id): Promise<Author> {
    const { id, name } = await this.users.get(user);
    return { id, name };
  }
}
