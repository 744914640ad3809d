import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { PERSON_STATUSES, type PersonStatus, type UserRole } from '@parley/contract';
import type { Types } from 'mongoose';

/** A person as the database keeps them. */
@Schema({ collection: 'users', versionKey: false, strict: 'throw', strictQuery: 'throw' })
export class UserDocument {
  _id!: Types.ObjectId;

  @Prop({ type: String, required: true })
  name!: string;

  /** E.164. */
  @Prop({ type: String, required: true, unique: true })
  phone!: string;

  /** Read only by the query that checks a sign-in. */
  @Prop({ type: String, required: true, select: false })
  passwordHash!: string;

  @Prop({ type: String, required: true, enum: ['user', 'administrator'] })
  role!: UserRole;

  @Prop({ type: Date, required: true })
  created_at!: Date;

  /** Absent: available. */
  @Prop({ type: String, enum: PERSON_STATUSES })
  status?: PersonStatus;

  /** Until when they were last connected. */
  @Prop({ type: Date })
  last_seen_at?: Date;

  /** The folded words of the name. */
  @Prop({ type: [String], required: true, index: true })
  searchWords!: string[];

  /** Only the first person ever to sign up has it; a unique index sees to it that nobody else gets it. */
  @Prop({ type: Boolean })
  founder?: boolean;
}

export const UserSchema = SchemaFactory.createForClass(UserDocument);
UserSchema.index({ founder: 1 }, { unique: true, partialFilterExpression: { founder: true } });
