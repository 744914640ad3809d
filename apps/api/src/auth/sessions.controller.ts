import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Page, Session } from '@parley/contract';
import { SignedIn } from '../common/access';
import { ApiErrors } from '../common/api-errors';
import { IdParamDto, PageQueryDto } from '../common/page';
import { CurrentSession } from './caller.decorators';
import { SessionsPageDto } from './dto/session.dto';
import type { SessionRecord } from './session-record';
import { SessionsService } from './sessions.service';

/** Where you are signed in. */
@ApiTags('sign-in')
@SignedIn()
@Controller('sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get()
  @ApiOperation({ summary: 'Your sessions, the oldest first' })
  @ApiOkResponse({ type: SessionsPageDto })
  @ApiErrors('VALIDATION_FAILED')
  list(@CurrentSession() session: SessionRecord, @Query() page: PageQueryDto): Promise<Page<Session>> {
    return this.sessions.list(session, page);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End one of your sessions', description: 'Its sockets close with 4401 at once.' })
  @ApiNoContentResponse()
  @ApiErrors('SESSION_NOT_FOUND', 'VALIDATION_FAILED')
  revoke(@CurrentSession() session: SessionRecord, @Param() { id }: IdParamDto): Promise<void> {
    return this.sessions.revoke(id, session.user);
  }
}
