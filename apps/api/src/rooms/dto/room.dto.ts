import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import type {
  Author,
  Id,
  LogEntry,
  Member,
  MessageEntry,
  MyRoom,
  ReactionEntry,
  ReadMark,
  Room,
  RoomKind,
  RoomMetadata,
  RoomRole,
  SystemEntry,
  SystemEvent,
  Timestamp,
} from '@parley/contract';
import { PageDto } from '../../common/page';
import { EMOJI, OBJECT_ID, PERSON_NAME, ROOM_NAME } from '../../common/text-rules';
import { UserDto } from '../../users/dto/user.dto';

const WHEN = { type: String, format: 'date-time', example: '2026-11-22T19:00:00.000Z' } as const;
const ANY_ID = { type: String, example: OBJECT_ID.example } as const;
const ROLE = { enum: ['owner', 'member'], enumName: 'RoomRole' };

/** A person's place in a room, for the documentation. */
export class MemberDto extends UserDto implements Member {
  @ApiProperty(ROLE)
  role!: RoomRole;

  @ApiProperty(WHEN)
  joined_at!: Timestamp;
}

/** A page of members, for the documentation. */
export class MembersPageDto extends PageDto(MemberDto) {}

class SettingsDto {
  @ApiProperty({ type: Boolean })
  is_private!: boolean;

  @ApiProperty({ type: 'integer', example: 1000 })
  max_participants!: number;
}

class MetadataDto implements RoomMetadata {
  @ApiProperty({ type: String, example: 'Where the tea is' })
  description!: string;

  @ApiProperty({ type: SettingsDto })
  settings!: SettingsDto;
}

/** A room, for the documentation. */
export class RoomDto implements Room {
  @ApiProperty(ANY_ID)
  id!: Id;

  @ApiProperty({ type: String, example: ROOM_NAME.example })
  name!: string;

  @ApiProperty({ enum: ['room', 'group', 'private'], enumName: 'RoomKind' })
  kind!: RoomKind;

  @ApiProperty(WHEN)
  created_at!: Timestamp;

  @ApiProperty({ type: [MemberDto], description: 'The first members; nobody where you are not one.' })
  users!: Member[];

  @ApiProperty({ type: 'integer', example: 3 })
  user_count!: number;

  @ApiProperty({ type: MetadataDto })
  metadata!: RoomMetadata;
}

/** A page of rooms, for the documentation. */
export class RoomsPageDto extends PageDto(RoomDto) {}

class AuthorDto implements Author {
  @ApiProperty(ANY_ID)
  id!: Id;

  @ApiProperty({ type: String, example: PERSON_NAME.example })
  name!: string;
}

/** A message, for the documentation. */
export class MessageEntryDto implements MessageEntry {
  @ApiProperty({ enum: ['message'] })
  type!: 'message';

  @ApiProperty(ANY_ID)
  room!: Id;

  @ApiProperty({ type: 'integer', example: 7 })
  seq!: number;

  @ApiProperty(ANY_ID)
  id!: Id;

  @ApiProperty({ type: AuthorDto })
  sender!: Author;

  @ApiProperty({ type: String, example: 'Xin chào 👋' })
  text!: string;

  @ApiProperty(WHEN)
  at!: Timestamp;

  @ApiProperty({ type: String, required: false, description: 'Only in your own messages.' })
  clientId?: string;
}

/** Somebody's reaction to a message, set or taken back, for the documentation. */
export class ReactionEntryDto implements ReactionEntry {
  @ApiProperty({ enum: ['reaction'] })
  type!: 'reaction';

  @ApiProperty(ANY_ID)
  room!: Id;

  @ApiProperty({ type: 'integer', example: 8 })
  seq!: number;

  @ApiProperty(ANY_ID)
  id!: Id;

  @ApiProperty({ type: AuthorDto })
  user!: Author;

  @ApiProperty({ type: 'integer', example: 7, description: 'The seq of the message.' })
  to!: number;

  @ApiProperty({ type: String, example: EMOJI.example })
  emoji!: string;

  @ApiProperty({ type: Boolean, description: 'Whether it was set, or taken back.' })
  on!: boolean;

  @ApiProperty(WHEN)
  at!: Timestamp;
}

/** Something that happened to a room, for the documentation. */
export class SystemEntryDto implements SystemEntry {
  @ApiProperty({ enum: ['system'] })
  type!: 'system';

  @ApiProperty({ enum: ['join', 'leave', 'delete'] })
  event!: SystemEvent;

  @ApiProperty({ type: String, example: 'An has joined the room Tea house.' })
  message!: string;

  @ApiProperty(ANY_ID)
  room!: Id;

  @ApiProperty({ type: 'integer', example: 6 })
  seq!: number;

  @ApiProperty(ANY_ID)
  id!: Id;

  @ApiProperty({ type: AuthorDto })
  user!: Author;

  @ApiProperty(WHEN)
  at!: Timestamp;

  @ApiProperty({ ...ROLE, required: false, description: 'With `join`: the role that the newcomer has.' })
  role?: RoomRole;

  @ApiProperty({
    type: AuthorDto,
    required: false,
    description: 'With `leave`: who owns the room now, when that changed.',
  })
  heir?: Author;
}

/** Every kind of entry, for the documentation. */
export const ENTRY_KINDS = [MessageEntryDto, ReactionEntryDto, SystemEntryDto];

/** One of them. */
export const ENTRY_SCHEMA = { oneOf: ENTRY_KINDS.map((kind) => ({ $ref: getSchemaPath(kind) })) };

/** A room as one of its members sees it, for the documentation. */
@ApiExtraModels(...ENTRY_KINDS)
export class MyRoomDto extends RoomDto implements MyRoom {
  @ApiProperty(ROLE)
  role!: RoomRole;

  @ApiProperty({ type: 'integer', example: 7, description: 'The newest entry’s seq; 0 while there is none.' })
  seq!: number;

  @ApiProperty({ ...ENTRY_SCHEMA, nullable: true })
  last!: LogEntry | null;

  @ApiProperty({ type: 'integer', example: 5, description: 'You have read up to here.' })
  read!: number;

  @ApiProperty({ type: 'integer', example: 2, description: 'Messages of others after `read`, counted up to 100.' })
  unread!: number;
}

/** A page of one's own rooms, for the documentation. */
export class MyRoomsPageDto extends PageDto(MyRoomDto) {}

/** How far one has read, for the documentation. */
export class ReadMarkDto implements ReadMark {
  @ApiProperty(ANY_ID)
  room!: Id;

  @ApiProperty({ type: 'integer', example: 7 })
  read!: number;

  @ApiProperty({ type: 'integer', example: 0 })
  unread!: number;
}
