import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Id, LogPage, Posted } from '@parley/contract';
import { CurrentUser } from '../auth/caller.decorators';
import { SignedIn } from '../common/access';
import { ApiErrors } from '../common/api-errors';
import { CallerId } from '../common/caller-id';
import { IdParamDto } from '../common/page';
import type { UserRecord } from '../users/user-record';
import { ChatService } from './chat.service';
import { MessageBodyDto } from './dto/gateway.dto';
import { LogPageDto, LogQueryDto, PostedDto, ReactionParamDto } from './dto/log.dto';

const REACTION_ERRORS = [
  'VALIDATION_FAILED',
  'ROOM_NOT_FOUND',
  'NOT_A_MEMBER',
  'FORBIDDEN',
  'MESSAGE_NOT_FOUND',
  'UNAVAILABLE',
] as const;

/** What is said in rooms, as REST shows it. */
@ApiTags('messages')
@SignedIn()
@Controller('rooms/:id')
export class ChatController {
  constructor(private readonly chat: ChatService) {}

  @Get('log')
  @ApiOperation({
    summary: 'A page of a room’s log',
    description: 'The newest page where neither `before` nor `after` is given; always in ascending seq.',
  })
  @ApiOkResponse({ type: LogPageDto })
  @ApiErrors('VALIDATION_FAILED', 'ROOM_NOT_FOUND', 'NOT_A_MEMBER')
  log(@CallerId() caller: Id, @Param() { id }: IdParamDto, @Query() page: LogQueryDto): Promise<LogPage> {
    return this.chat.page(caller, id, page);
  }

  @Post('messages')
  @ApiOperation({
    summary: 'Post a message',
    description: 'The answer means that it is on disk. Send it again with the same clientId when no answer came.',
  })
  @ApiCreatedResponse({ type: PostedDto })
  @ApiErrors('BAD_JSON', 'VALIDATION_FAILED', 'ROOM_NOT_FOUND', 'NOT_A_MEMBER', 'FORBIDDEN', 'UNAVAILABLE')
  post(
    @CurrentUser() { id, name }: UserRecord,
    @Param() room: IdParamDto,
    @Body() body: MessageBodyDto,
  ): Promise<Posted> {
    return this.chat.post({ id, name }, { room: room.id, ...body });
  }

  @Put('messages/:to/reactions/:emoji')
  @HttpCode(204)
  @ApiOperation({
    summary: 'React to a message',
    description:
      '`to` is its seq, and the emoji is one as keyboards write it. Where it is there already, nothing happens.',
  })
  @ApiNoContentResponse()
  @ApiErrors(...REACTION_ERRORS, 'TOO_MANY_REACTIONS')
  async react(@CurrentUser() caller: UserRecord, @Param() { id, to, emoji }: ReactionParamDto): Promise<void> {
    await this.chat.react(caller, { room: id, to, emoji, on: true });
  }

  @Delete('messages/:to/reactions/:emoji')
  @HttpCode(204)
  @ApiOperation({ summary: 'Take your reaction back', description: 'Where it is not there, nothing happens.' })
  @ApiNoContentResponse()
  @ApiErrors(...REACTION_ERRORS)
  async takeBack(@CurrentUser() caller: UserRecord, @Param() { id, to, emoji }: ReactionParamDto): Promise<void> {
    await this.chat.react(caller, { room: id, to, emoji, on: false });
  }
}
