import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { mongo, Types, type Model } from 'mongoose';
import type { Author, Id } from '@parley/contract';
import { DomainError } from '../common/domain-error';
import { ERROR_TABLE } from '../common/error-table';
import type { Transaction } from '../database/transaction';
import { answered } from '../database/answered';
import { typeOf, type Entry } from './entry';
import { CLIENT_ID_INDEX, EntryDocument, SEQ_INDEX, type StoredAuthor } from './entry.schema';

/** Acknowledged means on disk: a majority of the replica set has it in its journal. */
const ON_DISK = { writeConcern: { w: 'majority', j: true } } as const;

const DUPLICATE_KEY = 11000;

/** How long a transaction's outcome is waited for. Longer than the driver itself tries to commit one: a late commit would surprise. */
const COMMIT_WITHIN_MS = 130_000;

/**
 * How long a transaction is begun again after it met another one, in ms. One of a node that has lost its line can stand
 * in the way for a minute, and what waits behind this one must not wait as long.
 */
const BEGIN_AGAIN_WITHIN_MS = 3_000;
const LONGEST_PAUSE_MS = 50;

/** How an insert of several entries ended: the first `inserted` are on disk; `duplicate` says what stopped the next. */
export interface InsertOutcome {
  inserted: number;
  duplicate?: 'seq' | 'clientId';
}

/** A document of `entries`, as the driver reads and writes it. */
type Stored = Omit<EntryDocument, '_id'> & { _id: Types.ObjectId };

/** The logs of all rooms in MongoDB. It goes past mongoose's documents to the driver: this is the hot path. */
@Injectable()
export class EntryRepository {
  private readonly entries: mongo.Collection<Stored>;

  constructor(@InjectModel(EntryDocument.name) private readonly model: Model<EntryDocument>) {
    this.entries = model.collection as unknown as mongo.Collection<Stored>;
  }

  /** A new entry's id. */
  newId(): Id {
    return new Types.ObjectId().toHexString();
  }

  /** Writes entries in their order, up to the first that a unique index refuses. Other failures reject. */
  async insert(entries: readonly Entry[]): Promise<InsertOutcome> {
    try {
      await answered(this.entries.insertMany(entries.map(toStored), { ordered: true, ...ON_DISK }));
      return { inserted: entries.length };
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      return { inserted: error.insertedCount, duplicate: whichIndex(error) };
    }
  }

  /**
   * Writes one entry together with `change`, both or neither. Resolves to false where the seq is taken; what `change`
   * throws comes out.
   */
  async insertWith(entry: Entry, change: (transaction: Transaction) => Promise<void>): Promise<boolean> {
    try {
      await answered(this.transact(entry, change), COMMIT_WITHIN_MS);
      return true;
    } catch (error) {
      if (isSeqTaken(error)) return false;
      throw error;
    }
  }

  private transact(entry: Entry, change: (transaction: Transaction) => Promise<void>): Promise<void> {
    // The entry first: where another process was faster, the seq is refused before its change gets in the way of this one.
    const giveUpAt = performance.now() + BEGIN_AGAIN_WITHIN_MS;
    let tries = 0;
    const write = async (session: Transaction): Promise<void> => {
      if (performance.now() > giveUpAt) throw new DomainError('UNAVAILABLE', ERROR_TABLE.UNAVAILABLE.sentence);
      if (++tries > 1) await pause(Math.random() * Math.min(tries, LONGEST_PAUSE_MS));
      await this.entries.insertOne(toStored(entry), { session });
      await change(session);
    };
    const options = { readConcern: { level: 'snapshot' }, ...ON_DISK } as const;
    return this.model.db.getClient().withSession((session) => session.withTransaction(() => write(session), options));
  }

  /** The message that its author named `clientId`. */
  async findByClientId(author: Id, clientId: string): Promise<Entry | undefined> {
    const found = await answered(this.entries.findOne({ 'author.id': toObjectId(author), clientId }));
    return found ? toEntry(found) : undefined;
  }

  /** Up to `limit` entries with a seq above `after`, the oldest first. */
  async after(room: Id, after: number, limit: number): Promise<Entry[]> {
    const found = this.entries.find({ room: toObjectId(room), seq: { $gt: after } });
    return (await answered(page(found.sort({ seq: 1 }), limit))).map(toEntry);
  }

  /** The `limit` newest entries with a seq below `before`, the oldest first. */
  async before(room: Id, before: number, limit: number): Promise<Entry[]> {
    const found = this.entries.find({ room: toObjectId(room), seq: { $lt: before } });
    return (await answered(page(found.sort({ seq: -1 }), limit))).reverse().map(toEntry);
  }

  /**
   * How far the logs go that were written to since a moment: the newest seq of each, and the newest of its events, 0
   * for none. It goes by the ids that entries were given when they were about to be written.
   */
  async reached(since: Date): Promise<{ room: Id; seq: number; eventSeq: number }[]> {
    const newer = { _id: { $gte: Types.ObjectId.createFromTime(Math.floor(since.getTime() / 1000)) } };
    const group = { _id: { room: '$room', type: '$type' }, seq: { $max: '$seq' } };
    const found = this.entries.aggregate<{ _id: Pick<Stored, 'room' | 'type'>; seq: number }>([
      { $match: newer },
      { $group: group },
    ]);
    const byRoom = Map.groupBy(await answered(found.toArray()), ({ _id }) => _id.room.toHexString());
    return [...byRoom].map(([room, ends]) => ({
      room,
      seq: Math.max(...ends.map(({ seq }) => seq)),
      eventSeq: ends.find(({ _id }) => _id.type === 'system')?.seq ?? 0,
    }));
  }

  /** How many messages of others stand after one seq and up to another, counted up to `limit`. */
  countUnread(room: Id, { after, upTo }: { after: number; upTo: number }, reader: Id, limit: number): Promise<number> {
    const span = { room: toObjectId(room), seq: { $gt: after, $lte: upTo } };
    const unread = { ...span, type: 'message', 'author.id': { $ne: toObjectId(reader) } };
    return this.entries.countDocuments(unread as mongo.Filter<Stored>, { limit });
  }

  /** Deletes up to `limit` entries of a room; resolves to how many there were. */
  async deleteSome(room: Id, limit: number): Promise<number> {
    const some = await this.entries
      .find({ room: toObjectId(room) }, { projection: { _id: 1 } })
      .limit(limit)
      .toArray();
    if (some.length > 0) await this.entries.deleteMany({ _id: { $in: some.map(({ _id }) => _id) } });
    return some.length;
  }
}

/** Up to `limit` documents in one answer: no cursor stays open, which on the embedded database is a longer way. */
function page(found: mongo.FindCursor<Stored>, limit: number): Promise<Stored[]> {
  return found
    .limit(limit)
    .batchSize(limit + 1)
    .toArray();
}

function isDuplicate(error: unknown): error is mongo.MongoBulkWriteError {
  return error instanceof mongo.MongoBulkWriteError && error.code === DUPLICATE_KEY;
}

function whichIndex(error: mongo.MongoBulkWriteError): 'seq' | 'clientId' {
  return error.message.includes(CLIENT_ID_INDEX) ? 'clientId' : 'seq';
}

function isSeqTaken(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY && error.message.includes(SEQ_INDEX);
}

function toObjectId(id: Id): Types.ObjectId {
  return Types.ObjectId.createFromHexString(id);
}

function toStored(entry: Entry): Stored {
  const { id, room, seq, author, at, text, clientId, event, role, heir, reaction } = entry;
  return {
    _id: toObjectId(id),
    room: toObjectId(room),
    seq,
    type: typeOf(entry),
    author: storedAuthor(author),
    at,
    text,
    ...(clientId !== undefined && { clientId }),
    ...(event && { event }),
    ...(role && { role }),
    ...(heir && { heir: storedAuthor(heir) }),
    ...(reaction && { reaction }),
  };
}

function toEntry(stored: Stored): Entry {
  const { _id, room, seq, author, at, text, clientId, event, role, heir, reaction } = stored;
  return {
    id: _id.toHexString(),
    room: room.toHexString(),
    seq,
    author: readAuthor(author),
    at,
    text,
    ...(clientId !== undefined && { clientId }),
    ...(event && { event }),
    ...(role && { role }),
    ...(heir && { heir: readAuthor(heir) }),
    ...(reaction && { reaction }),
  };
}

function storedAuthor({ id, name }: Author): StoredAuthor {
  return { id: toObjectId(id), name };
}

function readAuthor({ id, name }: StoredAuthor): Author {
  return { id: id.toHexString(), name };
}
