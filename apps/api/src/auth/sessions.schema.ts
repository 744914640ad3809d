import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema, type Types } from 'mongoose';

/** A sign-in as the database keeps it. The token itself is not kept. */
@Schema({ collection: 'sessions', versionKey: false, strict: 'throw', strictQuery: 'throw' })
export class SessionDocument {
  _id!: Types.ObjectId;

  @Prop({ type: MongooseSchema.Types.ObjectId, required: true })
  user!: Types.ObjectId;

  /** SHA-256 of the token, in hexadecimal. */
  @Prop({ type: String, required: true })
  tokenHash!: string;

  /** May be empty: `required` would refuse that. */
  @Prop({ type: String, default: '' })
  device!: string;

  @Prop({ type: Date, required: true })
  created_at!: Date;

  @Prop({ type: Date, required: true })
  last_seen_at!: Date;

  @Prop({ type: Date, required: true })
  expires_at!: Date;
}

export const SessionSchema = SchemaFactory.createForClass(SessionDocument);
SessionSchema.index({ user: 1, _id: 1 });
SessionSchema.index({ expires_at: 1 }, { expireAfterSeconds: 0 });
