import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { Id } from '@parley/contract';
import { notSignedIn } from './auth.errors';

/** How tokens are signed and checked, on both doors: this algorithm, and no other that a token may name. */
export const TOKEN_ALGORITHM = 'HS256';
/** Who signs. */
export const TOKEN_ISSUER = 'parley';

/** What a token says. */
export interface TokenClaims {
  /** The person's id. */
  sub: Id;
  /** The session's id. */
  sid: Id;
}

/** Makes tokens and checks their signature; whether the session still stands, `AuthService.admit` says. */
@Injectable()
export class Tokens {
  constructor(private readonly jwt: JwtService) {}

  /** A new token. Its random `jti` is stored nowhere: secret and database together do not give anybody's token back. */
  sign(claims: TokenClaims, issuedAt: Date, expiresAt: Date): Promise<string> {
    const jti = randomBytes(16).toString('base64url');
    return this.jwt.signAsync({ ...claims, jti, iat: seconds(issuedAt), exp: seconds(expiresAt) });
  }

  /** @throws DomainError NOT_SIGNED_IN when the token is not one of ours or has expired. */
  async verify(token: string): Promise<TokenClaims> {
    const claims: unknown = await this.jwt.verifyAsync<object>(token).catch(() => undefined);
    if (isClaims(claims)) return claims;
    throw notSignedIn();
  }
}

/** Whether a verified payload says what our tokens say. */
export function isClaims(payload: unknown): payload is TokenClaims {
  if (typeof payload !== 'object' || payload === null) return false;
  return isId(Reflect.get(payload, 'sub')) && isId(Reflect.get(payload, 'sid'));
}

/** What is kept of a token. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Whether a token is the one of which the hash was kept, in constant time. */
export function isTokenOf(tokenHash: string, token: string): boolean {
  const [kept, shown] = [Buffer.from(tokenHash), Buffer.from(hashOf(token))];
  return kept.length === shown.length && timingSafeEqual(kept, shown);
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{24}$/.test(value);
}

function seconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1000);
}
