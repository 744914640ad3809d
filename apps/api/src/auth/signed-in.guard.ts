import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import { ACCESS, type Access } from '../common/access';
import { RateLimits } from '../common/rate-limits';
import { notSignedIn } from './auth.errors';
import type { Caller } from './auth.service';
import { JwtStrategy } from './jwt.strategy';

/**
 * The global guard of REST: every route needs a valid token, unless it is marked `@Public()`, and counts against its
 * caller's limits as commands of the gateway do. The gateway has its own way to `AuthService.authenticate`.
 *
 * It hands passport the strategy itself: passport's register of names is one for the whole process, and a second app
 * in it (tests run several) would take the name over, with its own key and database.
 */
@Injectable()
export class SignedInGuard extends AuthGuard() {
  constructor(
    strategy: JwtStrategy,
    private readonly reflector: Reflector,
    private readonly limits: RateLimits,
  ) {
    super({ defaultStrategy: strategy as unknown as string, session: false });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http' || this.isPublic(context)) return true;
    if (!(await super.canActivate(context))) return false;
    const { method, user } = context.switchToHttp().getRequest<Request & { user: Caller }>();
    await this.limits.take(method === 'GET' ? 'readsByCaller' : 'commandsByCaller', user.user.id);
    return true;
  }

  /** What the strategy itself threw is passed on: a database that is away is no reason to sign in again. */
  override handleRequest<T>(error: Error | null, caller: T | false): T {
    if (error) throw error;
    if (!caller) throw notSignedIn();
    return caller;
  }

  private isPublic(context: ExecutionContext): boolean {
    return this.reflector.getAllAndOverride<Access>(ACCESS, [context.getHandler(), context.getClass()]) === 'public';
  }
}
