import { ApiProperty } from '@nestjs/swagger';
import { LIMITS, type CreateGroup, type CreateRoom, type Id, type OpenPrivateRoom } from '@parley/contract';
import { Type } from 'class-transformer';
import { IsObject, ValidateNested } from 'class-validator';
import {
  Description,
  MayBeAbsent,
  ObjectIdString,
  PhoneNumber,
  RoomName,
  TrueOrFalse,
  UserRefs,
  WholeNumber,
} from '../../common/text-decorators';

/** What can be set of a new room. */
export class RoomSettingsDto {
  @MayBeAbsent()
  @TrueOrFalse({ required: false, default: false, description: 'Not found and not joined by strangers.' })
  is_private?: boolean;

  @MayBeAbsent()
  @WholeNumber(1, LIMITS.maxParticipants, { required: false, example: LIMITS.defaultParticipants })
  max_participants?: number;
}

/** What its creator says of a new room. */
export class RoomMetadataDto {
  @MayBeAbsent()
  @Description({ required: false })
  description?: string;

  @MayBeAbsent()
  @IsObject({ message: 'A JSON object is asked for.' })
  @ValidateNested()
  @Type(() => RoomSettingsDto)
  @ApiProperty({ type: RoomSettingsDto, required: false })
  settings?: RoomSettingsDto;
}

/** `createRoom`, and the body of `POST /api/rooms`. */
export class CreateRoomDto implements CreateRoom {
  @RoomName({ description: 'Nobody else’s room may have it.' })
  name!: string;

  @MayBeAbsent()
  @UserRefs(0, { required: false, description: 'First members beside you: ids or phone numbers.' })
  users?: string[];

  @MayBeAbsent()
  @IsObject({ message: 'A JSON object is asked for.' })
  @ValidateNested()
  @Type(() => RoomMetadataDto)
  @ApiProperty({ type: RoomMetadataDto, required: false })
  metadata?: RoomMetadataDto;
}

/** `createGroup`, and the body of `POST /api/rooms/group`. */
export class CreateGroupDto implements CreateGroup {
  @RoomName()
  name!: string;

  @UserRefs(1, { description: 'The members beside you: ids or phone numbers.' })
  users!: string[];
}

/** `openPrivateRoom`, and the body of `POST /api/rooms/private`. */
export class OpenPrivateRoomDto implements OpenPrivateRoom {
  @MayBeAbsent()
  @PhoneNumber({ required: false, description: 'The other’s number; this or `user`.' })
  phone?: string;

  @MayBeAbsent()
  @ObjectIdString({ required: false, description: 'The other’s id; this or `phone`.' })
  user?: Id;
}
