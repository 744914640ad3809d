import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Id } from '@parley/contract';
import { Types, type Model } from 'mongoose';
import { isDuplicateKey } from '../common/duplicate-key';
import { searchConditions, searchWords } from '../common/search-words';
import type { Transaction } from '../database/transaction';
import type { Entry } from '../log/entry';
import { DeletedRoomDocument } from './deleted-room.schema';
import { MembershipDocument } from './membership.schema';
import type { Membership, RoomRecord, RoomSearch } from './room';
import { nameKey } from './room-name';
import { RoomDocument } from './room.schema';

/** Acknowledged means on disk. */
const ON_DISK = { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', j: true } } as const;

/** Which part of a search's results: those after an id, in the order in which the rooms were made. */
export interface RoomSlice {
  after: Id | undefined;
  limit: number;
}

/** Which entry of a room's log goes with a change. */
type Change = Pick<Entry, 'room' | 'seq'>;

/** Rooms and memberships in MongoDB. Plain records leave it. */
@Injectable()
export class RoomRepository {
  constructor(
    @InjectModel(RoomDocument.name) private readonly rooms: Model<RoomDocument>,
    @InjectModel(MembershipDocument.name) private readonly memberships: Model<MembershipDocument>,
    @InjectModel(DeletedRoomDocument.name) private readonly deleted: Model<DeletedRoomDocument>,
  ) {}

  /** Waits for the unique indexes: without them a name could be taken twice. */
  async ready(): Promise<void> {
    await Promise.all([this.rooms.init(), this.memberships.init(), this.deleted.init()]);
  }

  /** A new room's id. */
  newId(): Id {
    return new Types.ObjectId().toHexString();
  }

  /** Stores a room with its members, all or nothing. Resolves to false where the name is taken. */
  async insert(room: RoomRecord): Promise<boolean> {
    const session = await this.rooms.db.startSession();
    try {
      await session.withTransaction(async () => {
        await this.rooms.collection.insertOne(toDocument(room), { session });
        const members = [...room.members.values()].map((member) => membershipDocument(room.id, member));
        await this.memberships.collection.insertMany(members, { session });
      }, ON_DISK);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    } finally {
      await session.endSession();
    }
  }

  /**
   * Every room with its members. Rooms are read before members: what changes meanwhile is in the members, and the entry
   * that says so is later than the room's `changedSeq`.
   */
  async all(): Promise<Iterable<RoomRecord>> {
    const rooms = new Map<Id, { document: RoomDocument; members: Membership[] }>();
    for await (const document of this.rooms.find().lean().cursor()) {
      rooms.set(document._id.toString(), { document, members: [] });
    }
    for await (const document of this.memberships.find().sort({ _id: 1 }).lean().cursor()) {
      rooms.get(document.room.toString())?.members.push(toMembership(document));
    }
    return Array.from(rooms.values(), ({ document, members }) => toRecord(document, members));
  }

  /** One room with its members. */
  async find(room: Id): Promise<RoomRecord | undefined> {
    const document = await this.rooms.findById(room).lean();
    return document ? toRecord(document, await this.membersOf(room)) : undefined;
  }

  /** The `changedSeq` of a room; nothing where there is no such room. */
  async changedSeq(room: Id): Promise<number | undefined> {
    const document = await this.rooms.findById(room, { changed_seq: 1 }).lean();
    return document ? (document.changed_seq ?? 0) : undefined;
  }

  /** All rooms by their ids, with the `changedSeq` of each. */
  async changedSeqs(): Promise<Map<Id, number>> {
    const found = await this.rooms.find({}, { changed_seq: 1 }).lean();
    return new Map(found.map(({ _id, changed_seq }) => [_id.toString(), changed_seq ?? 0]));
  }

  /** The ids of the rooms that were made since a moment, as far as their ids tell. */
  async madeSince(since: Date): Promise<Id[]> {
    const first = Types.ObjectId.createFromTime(Math.floor(since.getTime() / 1000));
    return (await this.rooms.find({ _id: { $gte: first } }, { _id: 1 }).lean()).map(({ _id }) => _id.toString());
  }

  /** The room with a unique name. */
  async findByName(name: string): Promise<RoomRecord | undefined> {
    const document = await this.rooms.findOne({ nameKey: nameKey(name) }).lean();
    return document ? toRecord(document, await this.membersOf(document._id.toString())) : undefined;
  }

  /** The ids of the rooms that match what is typed: open ones, and those among `mine`. */
  async search({ q = '', kind }: RoomSearch, mine: readonly Id[], { after, limit }: RoomSlice): Promise<Id[]> {
    const words = searchConditions(q);
    if (words.length === 0) return [];
    const visible = { $or: [{ 'metadata.settings.is_private': false }, { _id: { $in: mine } }] };
    const part = [...(kind ? [{ kind }] : []), ...(after ? [{ _id: { $gt: after } }] : [])];
    const found = this.rooms
      .find({ $and: [...words, visible, ...part] }, { _id: 1 })
      .sort({ _id: 1 })
      .limit(limit);
    return (await found.lean()).map(({ _id }) => _id.toString());
  }

  /** Adds a member if fewer than `places` are there. Resolves to false where the room is full or gone. */
  async addMember({ room, seq }: Change, member: Membership, places: number, session: Transaction): Promise<boolean> {
    const place = { _id: room, user_count: { $lt: places } };
    const change = { $inc: { user_count: 1 }, $set: { changed_seq: seq } };
    const { matchedCount } = await this.rooms.updateOne(place, change, { session });
    if (matchedCount === 0) return false;
    await this.memberships.collection.insertOne(membershipDocument(room, member), { session });
    return true;
  }

  /** Takes a member out, and makes another the owner where the room would have none. */
  async removeMember({ room, seq }: Change, user: Id, heir: Id | undefined, session: Transaction): Promise<void> {
    await this.memberships.deleteOne({ room, user }, { session });
    const change = { $inc: { user_count: -1 }, $set: { changed_seq: seq } };
    await this.rooms.updateOne({ _id: room }, change, { session });
    if (heir) await this.memberships.updateOne({ room, user: heir }, { $set: { role: 'owner' } }, { session });
  }

  /** Deletes a room and its memberships, and notes that its history is to go. */
  async remove(room: Id, at: Date, session: Transaction): Promise<void> {
    await this.rooms.deleteOne({ _id: room }, { session });
    await this.memberships.deleteMany({ room }, { session });
    await this.deleted.collection.insertOne({ _id: new Types.ObjectId(room), at }, { session });
  }

  /** The rooms that were deleted and are still noted as such, with the time of it where it is known. */
  async deletedRooms(): Promise<{ room: Id; at: Date | undefined }[]> {
    return (await this.deleted.find().lean()).map(({ _id, at }) => ({ room: _id.toString(), at }));
  }

  /** The history is gone. */
  async forgetDeleted(room: Id): Promise<void> {
    await this.deleted.deleteOne({ _id: room });
  }

  /** Whoever is to know of rooms that were deleted before a moment does. */
  async forgetDeletedBefore(at: Date): Promise<void> {
    await this.deleted.deleteMany({ at: { $lt: at } });
  }

  /** Moves a member's read mark forward; it never goes back. */
  async markRead(room: Id, user: Id, read: number): Promise<void> {
    await this.memberships.updateOne({ room, user }, { $max: { read } });
  }

  private async membersOf(room: Id): Promise<Membership[]> {
    return (await this.memberships.find({ room }).sort({ _id: 1 }).lean()).map(toMembership);
  }
}

function toDocument(room: RoomRecord): RoomDocument {
  const { id, name, kind, createdAt, metadata, members, pair } = room;
  return {
    _id: new Types.ObjectId(id),
    name,
    ...(kind !== 'group' && { nameKey: nameKey(name) }),
    kind,
    created_at: createdAt,
    metadata,
    user_count: members.size,
    ...(pair && { pair: pair.map((each) => new Types.ObjectId(each)) }),
    searchWords: searchWords(name),
  };
}

function membershipDocument(room: Id, member: Membership): MembershipDocument {
  const { user, role, joinedAt, joinedSeq, read } = member;
  const ids = { _id: new Types.ObjectId(), room: new Types.ObjectId(room), user: new Types.ObjectId(user) };
  return { ...ids, role, joined_at: joinedAt, ...(joinedSeq !== undefined && { joined_seq: joinedSeq }), read };
}

function toRecord(document: RoomDocument, members: Membership[]): RoomRecord {
  const { _id, name, kind, created_at, metadata, pair, changed_seq } = document;
  return {
    id: _id.toString(),
    name,
    kind,
    createdAt: created_at,
    metadata,
    changedSeq: changed_seq ?? 0,
    ...(pair && { pair: [pair[0]!.toString(), pair[1]!.toString()] as const }),
    members: new Map(inOrderOfJoining(members).map((member) => [member.user, member])),
  };
}

/** As the log has it: two servers' clocks, and the ids that they give, may have it the other way round. */
function inOrderOfJoining(members: readonly Membership[]): Membership[] {
  return members.toSorted(
    (one, other) => (one.joinedSeq ?? 0) - (other.joinedSeq ?? 0) || one.joinedAt.getTime() - other.joinedAt.getTime(),
  );
}

function toMembership({ user, role, joined_at, joined_seq, read }: MembershipDocument): Membership {
  const place = { user: user.toString(), role, joinedAt: joined_at, read };
  return joined_seq === undefined ? place : { ...place, joinedSeq: joined_seq };
}
