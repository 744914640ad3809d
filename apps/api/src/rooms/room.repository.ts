import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Id } from '@parley/contract';
import { Types, type Model } from 'mongoose';
import { isDuplicateKey } from '../common/duplicate-key';
import { searchConditions, searchWords } from '../common/search-words';
import type { Transaction } from '../database/transaction';
import { DeletedRoomDocument } from './deleted-room.schema';
import { MembershipDocument } from './membership.schema';
import { type Membership, type RoomRecord } from './room';
import { nameKey } from './room-name';
import { RoomDocument } from './room.schema';

/** Acknowledged means on disk. */
const ON_DISK = { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', j: true } } as const;

/** Which part of a search's results: those after an id, in the order in which the rooms were made. */
export interface RoomSlice {
  after: Id | undefined;
  limit: number;
}

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

  /** Every room with its members, one after the other. */
  async *all(): AsyncGenerator<RoomRecord> {
    const members = await this.membersByRoom();
    for await (const document of this.rooms.find().lean().cursor()) {
      const id = document._id.toString();
      yield toRecord(document, members.get(id) ?? []);
    }
  }

  /** One room with its members. */
  async find(room: Id): Promise<RoomRecord | undefined> {
    const document = await this.rooms.findById(room).lean();
    return document ? toRecord(document, await this.membersOf(room)) : undefined;
  }

  /** The room with a unique name. */
  async findByName(name: string): Promise<RoomRecord | undefined> {
    const document = await this.rooms.findOne({ nameKey: nameKey(name) }).lean();
    return document ? toRecord(document, await this.membersOf(document._id.toString())) : undefined;
  }

  /** The ids of the rooms that match what is typed: open ones, and those among `mine`. */
  async search(q: string, mine: readonly Id[], { after, limit }: RoomSlice): Promise<Id[]> {
    const words = searchConditions(q);
    if (words.length === 0) return [];
    const visible = { $or: [{ 'metadata.settings.is_private': false }, { _id: { $in: mine } }] };
    const found = this.rooms
      .find({ $and: [...words, visible, ...(after ? [{ _id: { $gt: after } }] : [])] }, { _id: 1 })
      .sort({ _id: 1 })
      .limit(limit);
    return (await found.lean()).map(({ _id }) => _id.toString());
  }

  /** Adds a member if fewer than `places` are there. Resolves to false where the room is full or gone. */
  async addMember(room: Id, member: Membership, places: number, session: Transaction): Promise<boolean> {
    const place = { _id: room, user_count: { $lt: places } };
    const { matchedCount } = await this.rooms.updateOne(place, { $inc: { user_count: 1 } }, { session });
    if (matchedCount === 0) return false;
    await this.memberships.collection.insertOne(membershipDocument(room, member), { session });
    return true;
  }

  /** Takes a member out, and makes another the owner where the room would have none. */
  async removeMember(room: Id, user: Id, heir: Id | undefined, session: Transaction): Promise<void> {
    await this.memberships.deleteOne({ room, user }, { session });
    await this.rooms.updateOne({ _id: room }, { $inc: { user_count: -1 } }, { session });
    if (heir) await this.memberships.updateOne({ room, user: heir }, { $set: { role: 'owner' } }, { session });
  }

  /** Deletes a room and its memberships, and notes that its history is to go. */
  async remove(room: Id, session: Transaction): Promise<void> {
    await this.rooms.deleteOne({ _id: room }, { session });
    await this.memberships.deleteMany({ room }, { session });
    await this.deleted.collection.insertOne({ _id: new Types.ObjectId(room) }, { session });
  }

  /** The rooms whose history is still to go. */
  async deletedRooms(): Promise<Id[]> {
    return (await this.deleted.find().lean()).map(({ _id }) => _id.toString());
  }

  /** The history is gone. */
  async forgetDeleted(room: Id): Promise<void> {
    await this.deleted.deleteOne({ _id: room });
  }

  /** Moves a member's read mark forward; it never goes back. */
  async markRead(room: Id, user: Id, read: number): Promise<void> {
    await this.memberships.updateOne({ room, user }, { $max: { read } });
  }

  private async membersOf(room: Id): Promise<Membership[]> {
    return (await this.memberships.find({ room }).sort({ _id: 1 }).lean()).map(toMembership);
  }

  private async membersByRoom(): Promise<Map<Id, Membership[]>> {
    const members = new Map<Id, Membership[]>();
    for await (const document of this.memberships.find().sort({ _id: 1 }).lean().cursor()) {
      const room = document.room.toString();
      const ofRoom = members.get(room);
      if (ofRoom) ofRoom.push(toMembership(document));
      else members.set(room, [toMembership(document)]);
    }
    return members;
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

function membershipDocument(room: Id, { user, role, joinedAt, read }: Membership): MembershipDocument {
  const _id = new Types.ObjectId();
  return { _id, room: new Types.ObjectId(room), user: new Types.ObjectId(user), role, joined_at: joinedAt, read };
}

function toRecord(document: RoomDocument, members: Membership[]): RoomRecord {
  const { _id, name, kind, created_at, metadata, pair } = document;
  return {
    id: _id.toString(),
    name,
    kind,
    createdAt: created_at,
    metadata,
    ...(pair && { pair: [pair[0]!.toString(), pair[1]!.toString()] as const }),
    members: new Map(members.map((member) => [member.user, member])),
  };
}

function toMembership({ user, role, joined_at, read }: MembershipDocument): Membership {
  return { user: user.toString(), role, joinedAt: joined_at, read };
}
