import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SchemaTypes, type Types } from 'mongoose';
import type { RoomKind, RoomMetadata } from '@parley/contract';

/** A room as the database keeps it. Its members are in `memberships`: the document does not grow with them. */
@Schema({ collection: 'rooms', versionKey: false, strict: 'throw', strictQuery: 'throw' })
export class RoomDocument {
  _id!: Types.ObjectId;

  @Prop({ type: String, required: true })
  name!: string;

  /** What must be unique of the name; groups have none, their names are free. */
  @Prop({ type: String })
  nameKey?: string;

  @Prop({ type: String, required: true, enum: ['room', 'group', 'private'] })
  kind!: RoomKind;

  @Prop({ type: Date, required: true })
  created_at!: Date;

  @Prop({ type: Object, required: true })
  metadata!: RoomMetadata;

  /** How many members there are: raised and lowered in the transactions that change `memberships`. */
  @Prop({ type: Number, required: true })
  user_count!: number;

  /** The seq of the newest entry that changed who is in it, written with the change; absent where nothing has. */
  @Prop({ type: Number })
  changed_seq?: number;

  /** Private chats: the two. */
  @Prop({ type: [SchemaTypes.ObjectId], default: undefined })
  pair?: Types.ObjectId[];

  /** The folded words of the name, where strangers may find it. */
  @Prop({ type: [String], required: true })
  searchWords!: string[];
}

export const RoomSchema = SchemaFactory.createForClass(RoomDocument);

RoomSchema.index({ nameKey: 1 }, { unique: true, partialFilterExpression: { nameKey: { $exists: true } } });
RoomSchema.index({ searchWords: 1 });
