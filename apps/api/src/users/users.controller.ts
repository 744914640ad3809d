import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Id, Me, Page, User } from '@parley/contract';
import { SignedIn } from '../common/access';
import { ApiErrors } from '../common/api-errors';
import { CallerId } from '../common/caller-id';
import { IdParamDto } from '../common/page';
import { ChangeMeDto } from './dto/change-me.dto';
import { SearchUsersDto } from './dto/search-users.dto';
import { MeDto, UserDto, UsersPageDto } from './dto/user.dto';
import { toMe } from './user-record';
import { UserPresenter } from './user-presenter';
import { UsersService } from './users.service';

/** People, as REST shows them. */
@ApiTags('people')
@SignedIn()
@Controller()
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly presenter: UserPresenter,
  ) {}

  @Get('me')
  @ApiOperation({ summary: 'Your own account' })
  @ApiOkResponse({ type: MeDto })
  async me(@CallerId() caller: Id): Promise<Me> {
    return toMe(await this.users.get(caller));
  }

  @Patch('me')
  @ApiOperation({ summary: 'Change your name, or whether you are available, away or busy' })
  @ApiOkResponse({ type: MeDto })
  @ApiErrors('VALIDATION_FAILED', 'BAD_JSON', 'PAYLOAD_TOO_LARGE')
  async changeMe(@CallerId() caller: Id, @Body() change: ChangeMeDto): Promise<Me> {
    return toMe(await this.users.change(caller, change));
  }

  @Get('users/:id')
  @ApiOperation({ summary: 'A person by id' })
  @ApiOkResponse({ type: UserDto })
  @ApiErrors('USER_NOT_FOUND', 'VALIDATION_FAILED')
  async user(@CallerId() caller: Id, @Param() { id }: IdParamDto): Promise<User> {
    return this.presenter.toUser(caller, await this.users.get(id));
  }

  @Get('search_users')
  @ApiOperation({
    summary: 'People by name, as you type, or by their whole phone number',
    description: 'You yourself are not among the results. They come in the order in which people signed up.',
  })
  @ApiOkResponse({ type: UsersPageDto })
  @ApiErrors('VALIDATION_FAILED', 'RATE_LIMITED')
  search(@CallerId() caller: Id, @Query() { q, ...page }: SearchUsersDto): Promise<Page<User>> {
    return this.users.search(q, caller, page);
  }
}
