import { ApiProperty } from '@nestjs/swagger';
import {
  type Id,
  type Me,
  PERSON_STATUSES,
  type PersonStatus,
  type Timestamp,
  type User,
  type UserRole,
} from '@parley/contract';
import { PageDto } from '../../common/page';
import { OBJECT_ID, PERSON_NAME } from '../../common/text-rules';

/** A person as others see them, for the documentation. */
export class UserDto implements User {
  @ApiProperty({ type: String, example: OBJECT_ID.example })
  id!: Id;

  @ApiProperty({ type: String, example: PERSON_NAME.example })
  name!: string;

  @ApiProperty({
    type: String,
    example: '+84 ••• ••• 567',
    description: 'E.164; masked unless it is your own, you searched for exactly it, or you share a private room.',
  })
  phone!: string;
}

/** The signed-in person's own account, for the documentation. */
export class MeDto implements Me {
  @ApiProperty({ type: String, example: OBJECT_ID.example })
  id!: Id;

  @ApiProperty({ type: String, example: PERSON_NAME.example })
  name!: string;

  @ApiProperty({ type: String, example: '+84912345567', description: 'E.164.' })
  phone!: string;

  @ApiProperty({ enum: ['user', 'administrator'], enumName: 'UserRole' })
  role!: UserRole;

  @ApiProperty({ enum: PERSON_STATUSES, enumName: 'PersonStatus' })
  status!: PersonStatus;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-11-22T19:00:00.000Z' })
  created_at!: Timestamp;
}

/** A page of people, for the documentation. */
export class UsersPageDto extends PageDto(UserDto) {}
