import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Id } from '@parley/contract';
import { type Model, Types } from 'mongoose';
import type { SessionRecord } from './session-record';
import { SessionDocument } from './sessions.schema';

/** A session with what proves its token. */
export type StoredSession = SessionRecord & { tokenHash: string };

/** The only place that knows how sessions are stored. */
@Injectable()
export class SessionsRepository implements OnModuleInit {
  constructor(@InjectModel(SessionDocument.name) private readonly model: Model<SessionDocument>) {}

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

  async find(id: Id): Promise<StoredSession | undefined> {
    const found = await this.model.findById(id).lean();
    return found ? { ...toRecord(found), tokenHash: found.tokenHash } : undefined;
  }

  /** A person's sessions that have not ended by `now`, the oldest first, those after an id. */
  async list(user: Id, now: Date, after: Id | undefined, limit: number): Promise<SessionRecord[]> {
    const later = after === undefined ? {} : { _id: { $gt: after } };
    const found = this.model.find({ user, expires_at: { $gt: now }, ...later }).sort({ _id: 1 });
    return (await found.limit(limit).lean()).map(toRecord);
  }

  /** Those of these sessions that there are. */
  async standing(ids: readonly Id[]): Promise<Id[]> {
    return (await this.model.find({ _id: { $in: ids } }, { _id: 1 }).lean()).map(({ _id }) => _id.toString());
  }

  async touch(id: Id, now: Date): Promise<void> {
    await this.model.updateOne({ _id: id }, { $set: { last_seen_at: now } });
  }

  /** @returns whether it was there, and this person's. */
  async delete(id: Id, user: Id): Promise<boolean> {
    return (await this.model.deleteOne({ _id: id, user })).deletedCount === 1;
  }
}

function toRecord(document: SessionDocument): SessionRecord {
  const { _id, user, device, created_at, last_seen_at, expires_at } = document;
  return { id: _id.toString(), user: user.toString(), device, created_at, last_seen_at, expires_at };
}
