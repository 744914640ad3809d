import type { AddMembers, Id, JoinRoom, MarkRead, RoomRef } from '@parley/contract';
import { MayBeAbsent, ObjectIdString, RoomName, UserRefs, WholeNumber } from '../../common/text-decorators';

/** Names a room: `leaveRoom`, `deleteRoom`. */
export class RoomRefDto implements RoomRef {
  @ObjectIdString()
  room!: Id;
}

/** `joinRoom`. */
export class JoinRoomDto implements JoinRoom {
  @MayBeAbsent()
  @ObjectIdString({ required: false })
  room?: Id;

  @MayBeAbsent()
  @RoomName({ required: false })
  name?: string;
}

/** The body of `POST /api/rooms/:id/members`. */
export class MembersBodyDto implements Omit<AddMembers, 'room'> {
  @UserRefs(1, { description: 'Ids or phone numbers.' })
  users!: string[];
}

/** `addMembers`. */
export class AddMembersDto extends MembersBodyDto implements AddMembers {
  @ObjectIdString()
  room!: Id;
}

/** The body of `POST /api/rooms/:id/read`. */
export class ReadBodyDto implements Omit<MarkRead, 'room'> {
  @WholeNumber(0, Number.MAX_SAFE_INTEGER, { description: 'You have read up to here.' })
  seq!: number;
}

/** `markRead`. */
export class MarkReadDto extends ReadBodyDto implements MarkRead {
  @ObjectIdString()
  room!: Id;
}
