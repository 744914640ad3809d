import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SchemaTypes, type Types } from 'mongoose';
import type { LogEntry, RoomRole, SystemEvent } from '@parley/contract';
import type { Reaction } from './entry';

/** The unique index of a room's seqs; duplicate-key errors name it. */
export const SEQ_INDEX = 'room_seq';

/**
 * The unique index of an author's clientIds. The clientId comes first: where clients make ids that begin with the time,
 * as the SDK does, what everybody writes at one moment lands on one page of the index and not on one for each author.
 */
export const CLIENT_ID_INDEX = 'clientId_author';

/** Who, as the log keeps it: the name is the one of that moment. */
export interface StoredAuthor {
  id: Types.ObjectId;
  name: string;
}

/** One entry of a room's log in the collection `entries`. */
@Schema({ collection: 'entries', versionKey: false, strict: 'throw' })
export class EntryDocument {
  _id!: Types.ObjectId;

  @Prop({ type: SchemaTypes.ObjectId, required: true })
  room!: Types.ObjectId;

  @Prop({ required: true })
  seq!: number;

  @Prop({ type: String, required: true })
  type!: LogEntry['type'];

  /** Who wrote the message, or whom the event is about. */
  @Prop({ type: Object, required: true })
  author!: StoredAuthor;

  @Prop({ required: true })
  at!: Date;

  /** Messages only: the author's own name for it. */
  @Prop()
  clientId?: string;

  /** What was written, the sentence that the event shows, or the emoji of a reaction. */
  @Prop({ required: true })
  text!: string;

  /** Events only. */
  @Prop({ type: String })
  event?: SystemEvent;

  @Prop({ type: String })
  role?: RoomRole;

  @Prop({ type: Object })
  heir?: StoredAuthor;

  /** Reactions only. */
  @Prop({ type: Object })
  reaction?: Reaction;
}

export const EntrySchema = SchemaFactory.createForClass(EntryDocument);

EntrySchema.index({ room: 1, seq: 1 }, { unique: true, name: SEQ_INDEX });
EntrySchema.index(
  { clientId: 1, 'author.id': 1 },
  { unique: true, name: CLIENT_ID_INDEX, partialFilterExpression: { clientId: { $exists: true } } },
);
