import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Me, SignedIn as SignedInAnswer } from '@parley/contract';
import { Public, SignedIn } from '../common/access';
import { ApiErrors } from '../common/api-errors';
import { MeDto } from '../users/dto/user.dto';
import { toMe } from '../users/user-record';
import { AuthService, type Caller, type Origin } from './auth.service';
import { CurrentCaller, CurrentSession } from './caller.decorators';
import { ChangePasswordDto } from './dto/change-password.dto';
import { SignInDto } from './dto/sign-in.dto';
import { SignUpDto } from './dto/sign-up.dto';
import { SignedInDto } from './dto/signed-in.dto';
import { From } from './origin.decorator';
import type { SessionRecord } from './session-record';
import { SessionsService } from './sessions.service';

/** The way in and out. */
@ApiTags('sign-in')
@Controller()
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly sessions: SessionsService,
  ) {}

  @Public()
  @Post('signup')
  @ApiOperation({ summary: 'Make an account', description: 'The first account of a server is its administrator.' })
  @ApiCreatedResponse({ type: MeDto })
  @ApiErrors(
    'BAD_JSON',
    'PHONE_TAKEN',
    'VALIDATION_FAILED',
    'RATE_LIMITED',
    'PAYLOAD_TOO_LARGE',
    'INTERNAL_ERROR',
    'UNAVAILABLE',
  )
  async signUp(@Body() person: SignUpDto, @From() from: Origin): Promise<Me> {
    return toMe(await this.auth.signUp(person, from));
  }

  @Public()
  @Post('signin')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Sign in',
    description: 'The token is shown only here. A wrong number and a wrong password are answered alike.',
  })
  @ApiOkResponse({ type: SignedInDto })
  @ApiErrors(
    'BAD_JSON',
    'BAD_CREDENTIALS',
    'VALIDATION_FAILED',
    'RATE_LIMITED',
    'PAYLOAD_TOO_LARGE',
    'INTERNAL_ERROR',
    'UNAVAILABLE',
    'REALTIME_UNAVAILABLE',
  )
  signIn(@Body() tried: SignInDto, @From() from: Origin): Promise<SignedInAnswer> {
    return this.auth.signIn(tried, from);
  }

  @SignedIn()
  @Post('me/password')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Change your password',
    description: 'Ends all of your other sessions and closes their sockets with 4401; this one goes on.',
  })
  @ApiNoContentResponse()
  @ApiErrors('BAD_JSON', 'WRONG_PASSWORD', 'VALIDATION_FAILED', 'RATE_LIMITED', 'PAYLOAD_TOO_LARGE')
  changePassword(
    @CurrentCaller() caller: Caller,
    @Body() body: ChangePasswordDto,
    @From() from: Origin,
  ): Promise<void> {
    return this.auth.changePassword(caller, body, from);
  }

  @SignedIn()
  @Post('signout')
  @HttpCode(204)
  @ApiOperation({ summary: 'Sign out', description: 'Ends this session and closes its sockets with 4401.' })
  @ApiNoContentResponse()
  signOut(@CurrentSession() session: SessionRecord): Promise<void> {
    return this.sessions.revoke(session.id, session.user);
  }
}
