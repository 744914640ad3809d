import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SchemaTypes, type Types } from 'mongoose';

/**
 * A reaction as it stands, in the collection `reactions`. The log tells the same; here it is found without reading on
 * from the message.
 */
@Schema({ collection: 'reactions', versionKey: false, strict: 'throw', strictQuery: 'throw' })
export class ReactionDocument {
  _id!: Types.ObjectId;

  @Prop({ type: SchemaTypes.ObjectId, required: true })
  room!: Types.ObjectId;

  /** The `seq` of the message. */
  @Prop({ type: Number, required: true })
  to!: number;

  @Prop({ type: String, required: true })
  emoji!: string;

  @Prop({ type: SchemaTypes.ObjectId, required: true })
  user!: Types.ObjectId;
}

export const ReactionSchema = SchemaFactory.createForClass(ReactionDocument);

ReactionSchema.index({ room: 1, to: 1, emoji: 1, user: 1 }, { unique: true });
