import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { Types } from 'mongoose';

/** A room that has been deleted and whose history is still being removed: what a restart has to finish. */
@Schema({ collection: 'deleted_rooms', versionKey: false })
export class DeletedRoomDocument {
  /** The room's id. */
  _id!: Types.ObjectId;

  /** When it was deleted. */
  @Prop({ type: Date })
  at?: Date;
}

export const DeletedRoomSchema = SchemaFactory.createForClass(DeletedRoomDocument);
