import { Injectable } from '@nestjs/common';
import { LIMITS, type Id, type Member, type MyRoom, type Page, type Room } from '@parley/contract';
import { pageOf, type PageRequest } from '../common/page';
import { RateLimits } from '../common/rate-limits';
import { RoomLog } from '../log/room-log';
import type { RoomRecord, RoomSearch } from './room';
import { RoomAccess } from './room-access';
import { RoomDirectory } from './room-directory';
import { RoomRepository, type RoomSlice } from './room.repository';
import { isRoomNotFound } from './rooms.errors';
import { RoomView, snapshotOf } from './room-view';

/** However fast somebody deletes a room that is being opened, they stop before this. */
const OPENING_TRIES = 20;

/** Rooms as they are read: one, mine, those that a search finds, and who is in them. */
@Injectable()
export class RoomListsService {
  constructor(
    private readonly directory: RoomDirectory,
    private readonly access: RoomAccess,
    private readonly repository: RoomRepository,
    private readonly log: RoomLog,
    private readonly view: RoomView,
    private readonly limits: RateLimits,
  ) {}

  /** A room as the viewer sees it: as a member, or from outside. @throws DomainError ROOM_NOT_FOUND */
  async one(room: Id, viewer: Id): Promise<Room | MyRoom> {
    const record = this.access.visible(room, viewer);
    return record.members.has(viewer) ? this.mine(record, viewer) : this.view.stranger(record);
  }

  /** A room as one of its members sees it. @throws DomainError ROOM_NOT_FOUND, NOT_A_MEMBER */
  async mine(room: RoomRecord, member: Id): Promise<MyRoom> {
    this.access.require(room.id, member, 'read');
    const head = await this.log.head(room.id);
    const place = { ...this.access.require(room.id, member, 'read') };
    return this.view.mine(snapshotOf(room, head), place);
  }

  /** A room that `open` makes where there is none, as its member sees it; made again where it is deleted meanwhile. */
  async opened(open: () => Promise<RoomRecord>, member: Id): Promise<MyRoom> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.mine(await open(), member);
      } catch (error) {
        if (tries === OPENING_TRIES || !isRoomNotFound(error)) throw error;
      }
    }
  }

  /** A page of the viewer's own rooms, in the order in which they were made. */
  async ofUser(viewer: Id, { after, limit = LIMITS.pageDefault }: PageRequest): Promise<Page<MyRoom>> {
    const all = this.directory.roomsOf(viewer).sort(byId);
    const { items, next } = pageOf(
      all.filter(({ id }) => after === undefined || id > after).slice(0, limit + 1),
      limit,
    );
    return { items: await Promise.all(items.map((room) => this.mine(room, viewer))), next };
  }

  /**
   * Open rooms and the viewer's own, in the order in which they were made: those whose names have words that begin with
   * the text's words, or all of them where there is no text. @throws DomainError RATE_LIMITED
   */
  async search(
    search: RoomSearch,
    viewer: Id,
    { after, limit = LIMITS.pageDefault }: PageRequest,
  ): Promise<Page<Room>> {
    await this.limits.take('searchByUser', viewer);
    const slice = { after, limit: limit + 1 };
    const found = search.q ? await this.named(search, viewer, slice) : this.visible(search, viewer, slice);
    const { items, next } = pageOf(
      found.map((id) => ({ id })),
      limit,
    );
    const visible = items.map(({ id }) => this.directory.get(id)).filter((room) => room !== undefined);
    return { items: await Promise.all(visible.map((room) => this.one(room.id, viewer))), next };
  }

  private named(search: RoomSearch, viewer: Id, slice: RoomSlice): Promise<Id[]> {
    // A name that is not shown is not to be found out by searching either.
    const named = this.directory.roomsOf(viewer).filter((room) => this.view.nameOf(room) === room.name);
    return this.repository.search(
      search,
      named.map(({ id }) => id),
      slice,
    );
  }

  /** Memory knows them all: whoever leafs through thousands of rooms costs the database nothing. */
  private visible({ kind }: RoomSearch, viewer: Id, { after, limit }: RoomSlice): Id[] {
    const isWanted = (room: RoomRecord) => kind === undefined || room.kind === kind;
    const open = this.directory.openAfter(after).filter(isWanted).take(limit);
    const mine = this.directory.roomsOf(viewer).filter((room) => isWanted(room) && (!after || room.id > after));
    const ids = new Set([...open, ...mine].map(({ id }) => id));
    return [...ids].sort().slice(0, limit);
  }

  /** A page of a room's members. @throws DomainError ROOM_NOT_FOUND, NOT_A_MEMBER */
  async members(room: Id, viewer: Id, page: PageRequest): Promise<Page<Member>> {
    this.access.require(room, viewer, 'read');
    return this.view.members(this.access.visible(room, viewer), viewer, page);
  }
}

function byId(a: RoomRecord, b: RoomRecord): number {
  return a.id < b.id ? -1 : 1;
}
