import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Id, PersonStatus, UserRole } from '@parley/contract';
import type { Model, QueryFilter } from 'mongoose';
import { Batch } from '../common/batch';
import { isDuplicateKey } from '../common/duplicate-key';
import { searchConditions, searchWords } from '../common/search-words';
import type { Transaction } from '../database/transaction';
import type { UserRecord } from './user-record';
import { UserDocument } from './users.schema';

/** Acknowledged means on disk. */
const ON_DISK = { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', j: true } } as const;

/** What is stored of somebody new. `phone` is E.164. */
export interface NewUser {
  name: string;
  phone: string;
  passwordHash: string;
  created_at: Date;
}

/** What people can change of their own account. */
export interface UserChange {
  name?: string;
  status?: PersonStatus;
}

/** Whom a search finds. */
export type UserQuery = { words: string } | { phone: string } | { phonePrefix: string };

/** Which part of a search's results: those after an id, in the order in which people signed up. */
export interface UserSlice {
  without: Id;
  after: Id | undefined;
  limit: number;
}

/** The only place that knows how people are stored. Plain records leave it. */
@Injectable()
export class UsersRepository implements OnModuleInit {
  private readonly lookUps = new Batch<Id, UserRecord>((ids) => this.findAll(ids));

  constructor(@InjectModel(UserDocument.name) private readonly model: Model<UserDocument>) {}

  /** Waits for the unique indexes: without them two sign-ups could take one number. */
  async onModuleInit(): Promise<void> {
    await this.model.init();
  }

  /**
   * Stores somebody, as the administrator when nobody was there before.
   * @returns undefined when the number is taken.
   */
  async insert(user: NewUser): Promise<UserRecord | undefined> {
    const founding = (await this.model.exists({})) === null;
    return (founding ? await this.insertAs(user, true) : undefined) ?? this.insertAs(user, false);
  }

  /** undefined: the number, or the place of the founder, is taken. */
  private async insertAs(user: NewUser, founder: boolean): Promise<UserRecord | undefined> {
    const role: UserRole = founder ? 'administrator' : 'user';
    const document = { ...user, role, searchWords: searchWords(user.name), ...(founder && { founder }) };
    try {
      return toRecord(await this.model.create(document));
    } catch (error) {
      if (isDuplicateKey(error)) return undefined;
      throw error;
    }
  }

  /** People who are asked for at the same time are read together. */
  findById(id: Id): Promise<UserRecord | undefined> {
    return this.lookUps.get(id);
  }

  /** In no particular order; ids that nobody has are left out. */
  async findByIds(ids: readonly Id[]): Promise<UserRecord[]> {
    const found = await Promise.all(ids.map((id) => this.lookUps.get(id)));
    return found.filter((user) => user !== undefined);
  }

  async findByPhones(phones: readonly string[]): Promise<UserRecord[]> {
    return (await this.model.find({ phone: { $in: phones } }).lean()).map(toRecord);
  }

  /** Somebody with the hash of their password, for sign-in. */
  async findWithPassword(phone: string): Promise<{ user: UserRecord; passwordHash: string } | undefined> {
    const found = await this.model.findOne({ phone }).select('+passwordHash').lean();
    return found ? { user: toRecord(found), passwordHash: found.passwordHash } : undefined;
  }

  /** Whether this is the hash of somebody's password at this moment. */
  async hasPassword(id: Id, passwordHash: string): Promise<boolean> {
    return (await this.model.exists({ _id: id, passwordHash })) !== null;
  }

  /**
   * In one transaction with `more`, which may be called again where the transaction is.
   * @returns whether it was `from` until now.
   */
  changePassword(
    id: Id,
    from: string,
    to: string,
    more: (transaction: Transaction) => Promise<void>,
  ): Promise<boolean> {
    const write = async (session: Transaction): Promise<boolean> => {
      const change = { $set: { passwordHash: to } };
      const { matchedCount } = await this.model.updateOne({ _id: id, passwordHash: from }, change, { session });
      if (matchedCount === 1) await more(session);
      return matchedCount === 1;
    };
    return this.model.db.getClient().withSession((session) => session.withTransaction(() => write(session), ON_DISK));
  }

  async change(id: Id, { name, status }: UserChange): Promise<UserRecord | undefined> {
    const change = { ...(name !== undefined && { name, searchWords: searchWords(name) }), ...(status && { status }) };
    return recordOf(await this.model.findByIdAndUpdate(id, { $set: change }, { returnDocument: 'after' }).lean());
  }

  /** These people were connected until then; a later moment that is known stays. Those of one moment are one update. */
  async seen(seen: readonly { user: Id; at: Date }[]): Promise<void> {
    const byMoment = Map.groupBy(seen, ({ at }) => at.getTime()).values();
    const updates = Array.from(byMoment, (people) => ({
      updateMany: {
        filter: { _id: { $in: people.map(({ user }) => user) } },
        update: { $max: { last_seen_at: people[0]!.at } },
      },
    }));
    await this.model.bulkWrite(updates, { ordered: false });
  }

  async search(query: UserQuery, slice: UserSlice): Promise<UserRecord[]> {
    const condition = conditionOf(query);
    if (condition === undefined) return [];
    const ids = { $ne: slice.without, ...(slice.after !== undefined && { $gt: slice.after }) };
    const found = this.model
      .find({ ...condition, _id: ids })
      .sort({ _id: 1 })
      .limit(slice.limit);
    return (await found.lean()).map(toRecord);
  }

  private async findAll(ids: readonly Id[]): Promise<Map<Id, UserRecord>> {
    const found = await this.model.find({ _id: { $in: ids } }).lean();
    return new Map(found.map(toRecord).map((user) => [user.id, user]));
  }
}

/** undefined: nothing can match. */
function conditionOf(query: UserQuery): QueryFilter<UserDocument> | undefined {
  if ('phone' in query) return { phone: query.phone };
  if ('phonePrefix' in query) return { phone: new RegExp(`^\\${query.phonePrefix}`) };
  const words = searchConditions(query.words);
  return words.length > 0 ? { $and: words } : undefined;
}

function recordOf(document: UserDocument | null): UserRecord | undefined {
  return document ? toRecord(document) : undefined;
}

function toRecord(document: UserDocument): UserRecord {
  const { _id, name, phone, role, created_at, status = 'available', last_seen_at } = document;
  return { id: _id.toString(), name, phone, role, created_at, status, ...(last_seen_at && { last_seen_at }) };
}
