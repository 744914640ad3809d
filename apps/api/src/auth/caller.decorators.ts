import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { UserRecord } from '../users/user-record';
import { notSignedIn } from './auth.errors';
import type { Caller } from './auth.service';
import type { SessionRecord } from './session-record';

/** Who asks, and by which session, as an argument of a route. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller =>
  callerOf(context),
);

/** The signed-in person, as an argument of a route. */
export const CurrentUser = createParamDecorator(
  (_data: unknown, context: ExecutionContext): UserRecord => callerOf(context).user,
);

/** The session that asks, as an argument of a route. */
export const CurrentSession = createParamDecorator(
  (_data: unknown, context: ExecutionContext): SessionRecord => callerOf(context).session,
);

function callerOf(context: ExecutionContext): Caller {
  const { user } = context.switchToHttp().getRequest<Request & { user?: Caller }>();
  if (user === undefined) throw notSignedIn();
  return user;
}
