import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Id } from '@parley/contract';
import { Types, type Model } from 'mongoose';
import type { Transaction } from '../database/transaction';
import { answered } from '../database/answered';
import { ReactionDocument } from './reaction.schema';

/** Which message: a `seq` of a room. */
export interface MessageRef {
  room: Id;
  to: number;
}

/** Reactions as they stand, in MongoDB. */
@Injectable()
export class ReactionRepository {
  constructor(@InjectModel(ReactionDocument.name) private readonly model: Model<ReactionDocument>) {}

  /** Whether somebody has reacted to a message with an emoji. */
  async has(message: MessageRef, emoji: string, user: Id): Promise<boolean> {
    return this.exists(toDocument(message, emoji, user));
  }

  /** Whether anybody has reacted to a message with an emoji. */
  hasEmoji({ room, to }: MessageRef, emoji: string): Promise<boolean> {
    return this.exists({ room: toObjectId(room), to, emoji });
  }

  /**
   * How many different emoji a message has, counted up to `limit`. From one to the next by the index: however many people
   * chose the same, it costs no more.
   */
  async countEmoji({ room, to }: MessageRef, limit: number): Promise<number> {
    let last = '';
    for (let count = 0; count < limit; count++) {
      const behind = { room: toObjectId(room), to, emoji: { $gt: last } };
      const next = await answered(this.model.findOne(behind, { emoji: 1 }).sort({ emoji: 1 }).lean().exec());
      if (!next) return count;
      last = next.emoji;
    }
    return limit;
  }

  /** Adds one that is not there. */
  async add(message: MessageRef, emoji: string, user: Id, session: Transaction): Promise<void> {
    await this.model.collection.insertOne(toDocument(message, emoji, user), { session });
  }

  /** Takes one away. */
  async remove(message: MessageRef, emoji: string, user: Id, session: Transaction): Promise<void> {
    await this.model.collection.deleteOne(toDocument(message, emoji, user), { session });
  }

  /** Deletes up to `limit` reactions of a room; resolves to how many there were. */
  async deleteSome(room: Id, limit: number): Promise<number> {
    const some = await this.model
      .find({ room: toObjectId(room) }, { _id: 1 })
      .limit(limit)
      .lean();
    if (some.length > 0) await this.model.deleteMany({ _id: { $in: some.map(({ _id }) => _id) } });
    return some.length;
  }

  private async exists(filter: Partial<ReactionDocument>): Promise<boolean> {
    return (await answered(this.model.exists(filter).exec())) !== null;
  }
}

function toDocument({ room, to }: MessageRef, emoji: string, user: Id): Omit<ReactionDocument, '_id'> {
  return { room: toObjectId(room), to, emoji, user: toObjectId(user) };
}

function toObjectId(id: Id): Types.ObjectId {
  return Types.ObjectId.createFromHexString(id);
}
