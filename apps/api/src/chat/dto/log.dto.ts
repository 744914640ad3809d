import { ApiExtraModels, ApiProperty } from '@nestjs/swagger';
import { LIMITS, type Id, type LogEntry, type LogPage, type Posted, type Timestamp } from '@parley/contract';
import { IdParamDto } from '../../common/page';
import { Emoji, MayBeAbsent, QueryNumber } from '../../common/text-decorators';
import { OBJECT_ID } from '../../common/text-rules';
import { ENTRY_KINDS, ENTRY_SCHEMA } from '../../rooms/dto/room.dto';

/** The query string of `GET /api/rooms/:id/log`. */
export class LogQueryDto {
  @MayBeAbsent()
  @QueryNumber(1, Number.MAX_SAFE_INTEGER, { description: 'The entries right before this seq.' })
  before?: number;

  @MayBeAbsent()
  @QueryNumber(0, Number.MAX_SAFE_INTEGER, { description: 'The entries right after this seq.' })
  after?: number;

  @MayBeAbsent()
  @QueryNumber(1, LIMITS.pageMax, { description: 'How many at most.', example: LIMITS.pageDefault })
  limit?: number;
}

/** The path of one's own reaction to a message. */
export class ReactionParamDto extends IdParamDto {
  @QueryNumber(1, Number.MAX_SAFE_INTEGER, { description: 'The seq of the message.', required: true })
  to!: number;

  @Emoji()
  emoji!: string;
}

/** A page of a log, for the documentation. */
@ApiExtraModels(...ENTRY_KINDS)
export class LogPageDto implements LogPage {
  @ApiProperty({ type: 'array', items: ENTRY_SCHEMA, description: 'In ascending seq.' })
  entries!: LogEntry[];

  @ApiProperty({ type: Boolean, description: 'Whether there is more in the direction that was asked for.' })
  more!: boolean;
}

/** A message's place in the log, for the documentation. */
export class PostedDto implements Posted {
  @ApiProperty({ type: String, example: OBJECT_ID.example })
  room!: Id;

  @ApiProperty({ type: 'integer', example: 7 })
  seq!: number;

  @ApiProperty({ type: String, example: OBJECT_ID.example })
  id!: Id;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-11-22T19:00:00.000Z' })
  at!: Timestamp;
}
