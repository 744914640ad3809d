import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SchemaTypes, type Types } from 'mongoose';
import type { RoomRole } from '@parley/contract';

/** A person's place in a room, as the database keeps it. They joined in the order of `joined_seq`, `joined_at`, ids. */
@Schema({ collection: 'memberships', versionKey: false, strict: 'throw', strictQuery: 'throw' })
export class MembershipDocument {
  _id!: Types.ObjectId;

  @Prop({ type: SchemaTypes.ObjectId, required: true })
  room!: Types.ObjectId;

  @Prop({ type: SchemaTypes.ObjectId, required: true })
  user!: Types.ObjectId;

  @Prop({ type: String, required: true })
  role!: RoomRole;

  @Prop({ type: Date, required: true })
  joined_at!: Date;

  /** The entry of the room's log by which they came; absent for those who were there from the beginning. */
  @Prop({ type: Number })
  joined_seq?: number;

  /** The seq up to which they have read. */
  @Prop({ type: Number, required: true })
  read!: number;
}

export const MembershipSchema = SchemaFactory.createForClass(MembershipDocument);

MembershipSchema.index({ room: 1, user: 1 }, { unique: true });
