import { ApiProperty } from '@nestjs/swagger';
import type { Id, Session, Timestamp } from '@parley/contract';
import { PageDto } from '../../common/page';
import { OBJECT_ID } from '../../common/text-rules';

/** A session, for the documentation. */
export class SessionDto implements Session {
  @ApiProperty({ type: String, example: OBJECT_ID.example })
  id!: Id;

  @ApiProperty({ type: String, example: 'Mozilla/5.0', description: 'The User-Agent that signed in.' })
  device!: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-11-22T19:00:00.000Z' })
  created_at!: Timestamp;

  @ApiProperty({
    type: String,
    format: 'date-time',
    example: '2026-11-22T19:30:00.000Z',
    description: 'To the minute.',
  })
  last_seen_at!: Timestamp;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-12-22T19:00:00.000Z' })
  expires_at!: Timestamp;

  @ApiProperty({ type: Boolean, description: 'Whether this is the session that asks.' })
  current!: boolean;
}

/** A page of sessions, for the documentation. */
export class SessionsPageDto extends PageDto(SessionDto) {}
