import { Injectable } from '@nestjs/common';
import { LIMITS, type Id, type Member, type MyRoom, type Page, type Room } from '@parley/contract';
import { ParleyConfig } from '../config/parley-config';
import { pageOf, type PageRequest } from '../common/page';
import { toWire } from '../log/entry';
import { LogReader } from '../log/log-reader';
import type { Head } from '../log/room-log';
import { UserPresenter } from '../users/user-presenter';
import { UsersService } from '../users/users.service';
import type { Membership, RoomRecord } from './room';
import { PRIVATE_ROOM_PREFIX } from './room-name';

/** A room as it is at one moment, taken without waiting: what happens to it afterwards is not in it. */
export interface RoomSnapshot {
  room: Omit<RoomRecord, 'members'>;
  firstMembers: readonly Membership[];
  userCount: number;
  head: Head;
}

/** The room at this moment. */
export function snapshotOf(room: RoomRecord, head: Head): RoomSnapshot {
  const firstMembers = [...room.members.values().take(LIMITS.membersShown)];
  return { room, firstMembers, userCount: room.members.size, head };
}

/** Turns rooms into what a certain person may see of them. */
@Injectable()
export class RoomView {
  constructor(
    private readonly users: UsersService,
    private readonly presenter: UserPresenter,
    private readonly log: LogReader,
    private readonly config: ParleyConfig,
  ) {}

  /** The room as one of its members sees it. */
  async mine({ room, firstMembers, userCount, head }: RoomSnapshot, place: Membership): Promise<MyRoom> {
    const { user, role, read } = place;
    const [users, unread] = await Promise.all([
      this.present(user, firstMembers),
      this.log.unread(room.id, user, read, head.seq),
    ]);
    const last = head.last ? toWire(head.last, user) : null;
    return { ...this.plain(room), users, user_count: userCount, role, seq: head.seq, last, read, unread };
  }

  /** The room as somebody sees it who is not in it: how many there are, not who. */
  stranger(room: RoomRecord): Room {
    return { ...this.plain(room), users: [], user_count: room.members.size };
  }

  /** A page of members, in the order in which they joined; `after` is a member's id. */
  async members(
    room: RoomRecord,
    viewer: Id,
    { after, limit = LIMITS.pageDefault }: PageRequest,
  ): Promise<Page<Member>> {
    const all = [...room.members.values()];
    const from = after === undefined ? 0 : all.findIndex(({ user }) => user === after) + 1;
    const found = all.slice(from, from + limit + 1).map((member) => ({ id: member.user, member }));
    const { items, next } = pageOf(found, limit);
    const members = items.map(({ member }) => member);
    return { items: await this.present(viewer, members), next };
  }

  /** The room's name as people may see it: a private chat's is made of phone numbers. */
  nameOf({ kind, name }: Pick<RoomRecord, 'kind' | 'name'>): string {
    return kind === 'private' && this.config.showPhones === 'none' ? PRIVATE_ROOM_PREFIX : name;
  }

  private plain(room: RoomSnapshot['room']): Omit<Room, 'users' | 'user_count'> {
    const { id, kind, createdAt, metadata } = room;
    return { id, name: this.nameOf(room), kind, created_at: createdAt.toISOString(), metadata };
  }

  private async present(viewer: Id, members: readonly Membership[]): Promise<Member[]> {
    const records = new Map(
      (await this.users.findByIds(members.map(({ user }) => user))).map((user) => [user.id, user]),
    );
    const known = members.filter(({ user }) => records.has(user));
    const users = await this.presenter.toUsers(
      viewer,
      known.map(({ user }) => records.get(user)!),
    );
    return known.map(({ role, joinedAt }, index) => ({ ...users[index]!, role, joined_at: joinedAt.toISOString() }));
  }
}
