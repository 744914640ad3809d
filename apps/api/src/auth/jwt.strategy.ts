import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { AuthService, type Caller } from './auth.service';
import { notSignedIn } from './auth.errors';
import { isClaims, TOKEN_ALGORITHM, TOKEN_ISSUER } from './tokens';

/** The injection token of the key that signs tokens. */
export const SIGNING_SECRET = Symbol('signing secret');

const tokenOf = ExtractJwt.fromAuthHeaderAsBearerToken();

/** REST's way to a caller: passport-jwt checks signature and time, `AuthService` the session. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(
    @Inject(SIGNING_SECRET) secretOrKey: string,
    private readonly auth: AuthService,
  ) {
    super({
      jwtFromRequest: tokenOf,
      secretOrKey,
      algorithms: [TOKEN_ALGORITHM],
      issuer: TOKEN_ISSUER,
      passReqToCallback: true,
    });
  }

  /**
   * passport hangs a request's callbacks onto the strategy that it is handed. A request that waits here for the database
   * would be answered with the next one's caller, so each has a copy of its own.
   */
  override authenticate(request: Request, options?: unknown): void {
    super.authenticate.call(Object.assign(Object.create(this) as this, this), request, options);
  }

  /** passport calls it with a payload that it has verified. */
  async validate(request: Request, payload: unknown): Promise<Caller> {
    const token = tokenOf(request);
    if (token === null || !isClaims(payload)) throw notSignedIn();
    return this.auth.admit(token, payload);
  }
}
