import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Id } from '@parley/contract';
import type { Request } from 'express';
import { DomainError } from './domain-error';
import { ERROR_TABLE } from './error-table';

/** What the guard leaves on a request that came in with a valid token; auth knows more of it. */
export interface CallerOnRequest {
  user: { id: Id };
}

/** The signed-in person's id, as an argument of a route. */
export const CallerId = createParamDecorator((_data: unknown, context: ExecutionContext): Id => {
  const caller = context.switchToHttp().getRequest<Request & { user?: CallerOnRequest }>().user;
  if (caller === undefined) throw new DomainError('NOT_SIGNED_IN', ERROR_TABLE.NOT_SIGNED_IN.sentence);
  return caller.user.id;
});
