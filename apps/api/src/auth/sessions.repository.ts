import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Id } from '@parley/contract';
import { type Model, Types } from 'mongoose';
import { Batch } from '../common/batch';
import { Clock } from '../common/clock';
import type { Transaction } from '../database/transaction';
import type { SessionRecord } from './session-record';
import { SessionDocument } from './sessions.schema';

/** A session with what proves its token. */
export type StoredSession = SessionRecord & { tokenHash: string };

/** The only place that knows how sessions are stored. */
@Injectable()
export class SessionsRepository implements OnModuleInit {
  private readonly lookUps = new Batch<Id, StoredSession>((ids) => this.findAll(ids));
  private readonly touches = new Batch<Id, Date>((ids) => this.touchAll(ids));

  constructor(
    @InjectModel(SessionDocument.name) private readonly model: Model<SessionDocument>,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.model.init();
  }

  /** An id for a session that is about to be made: its token names it. */
  newId(): Id {
    return new Types.ObjectId().toHexString();
  }

  async insert({ id, user, ...rest }: StoredSession): Promise<void> {
    await this.model.create({ _id: new Types.ObjectId(id), user: new Types.ObjectId(user), ...rest });
  }

  /** Asked by whoever comes in: sessions that are asked for at the same time are read together. */
  find(id: Id): Promise<StoredSession | undefined> {
    return this.lookUps.get(id);
  }

  /** A person's sessions that have not ended by `now`, the oldest first, those after an id. */
  async list(user: Id, now: Date, after: Id | undefined, limit: number): Promise<SessionRecord[]> {
    const later = after === undefined ? {} : { _id: { $gt: after } };
    const found = this.model.find({ user, expires_at: { $gt: now }, ...later }).sort({ _id: 1 });
    return (await found.limit(limit).lean()).map(toRecord);
  }

  /** All sessions of a person but one. */
  async others(user: Id, than: Id, transaction?: Transaction): Promise<Id[]> {
    const found = this.model.find({ user, _id: { $ne: than } }, { _id: 1 }, transaction && { session: transaction });
    return (await found.lean()).map(({ _id }) => _id.toString());
  }

  async deleteAll(ids: readonly Id[], session: Transaction): Promise<void> {
    await this.model.deleteMany({ _id: { $in: ids } }, { session });
  }

  /** Those of these sessions that there are. */
  async standing(ids: readonly Id[]): Promise<Id[]> {
    return (await this.model.find({ _id: { $in: ids } }, { _id: 1 }).lean()).map(({ _id }) => _id.toString());
  }

  /** The session has been seen; resolves to the moment that is kept. */
  async touch(id: Id): Promise<Date> {
    return (await this.touches.get(id))!;
  }

  /** @returns whether it was there, and this person's. */
  async delete(id: Id, user: Id): Promise<boolean> {
    return (await this.model.deleteOne({ _id: id, user })).deletedCount === 1;
  }

  private async findAll(ids: readonly Id[]): Promise<Map<Id, StoredSession>> {
    const found = await this.model.find({ _id: { $in: ids } }).lean();
    return new Map(found.map((each) => [each._id.toString(), { ...toRecord(each), tokenHash: each.tokenHash }]));
  }

  private async touchAll(ids: readonly Id[]): Promise<Map<Id, Date>> {
    const now = this.clock.now();
    await this.model.updateMany({ _id: { $in: ids } }, { $set: { last_seen_at: now } });
    return new Map(ids.map((id) => [id, now]));
  }
}

function toRecord(document: SessionDocument): SessionRecord {
  const { _id, user, device, created_at, last_seen_at, expires_at } = document;
  return { id: _id.toString(), user: user.toString(), device, created_at, last_seen_at, expires_at };
}
