import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '../common/domain-error';
import { ERROR_TABLE } from '../common/error-table';
import type { Connection } from '../realtime/connection';

const WITHOUT_SIGN_IN = 'parley:withoutSignIn';

/** The command may come before `authenticate`. */
export const WithoutSignIn = (): MethodDecorator => SetMetadata(WITHOUT_SIGN_IN, true);

/** Whether somebody has signed in on the connection with a session that has not expired since. */
export function isSignedIn({ identity }: Connection): boolean {
  return identity !== undefined && identity.session.expiresAt.getTime() > Date.now();
}

/** Lets through what comes from a connection that has signed in, and whose session has not expired since. */
@Injectable()
export class SignedInConnectionGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (isSignedIn(context.switchToWs().getClient<Connection>())) return true;
    if (this.reflector.get<boolean>(WITHOUT_SIGN_IN, context.getHandler())) return true;
    throw new DomainError('NOT_SIGNED_IN', ERROR_TABLE.NOT_SIGNED_IN.sentence);
  }
}
