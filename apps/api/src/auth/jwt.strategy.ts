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

  /** passport calls it with a payload that it has verified. */
  async validate(request: Request, payload: unknown): Promise<Caller> {
    const token = tokenOf(request);
    if (token === null || !isClaims(payload)) throw notSignedIn();
    return this.auth.admit(token, payload);
  }
}
