import { createHmac, generateKeyPairSync, sign as signWithKey } from 'node:crypto';
import { SIGNING_SECRET } from '../../apps/api/src/auth/jwt.strategy';
import { SessionsRepository } from '../../apps/api/src/auth/sessions.repository';
import { SessionsService } from '../../apps/api/src/auth/sessions.service';
import { hashOf } from '../../apps/api/src/auth/tokens';
import type { Parley } from '../support/app-harness';

const HOUR_MS = 60 * 60 * 1000;

/** What a forger may want otherwise. */
interface Wish {
  algorithm?: string;
  key?: string;
  claims?: Readonly<Record<string, unknown>>;
  /** Milliseconds from now at which the session in the database ends. */
  sessionEnds?: number;
}

/**
 * Tokens of one person, made by hand. For each of them there is a session in the database that knows the token's hash:
 * whatever refuses one does so for its flaw alone.
 */
export class ForgedTokens {
  private readonly secret: string;

  constructor(
    private readonly parley: Parley,
    private readonly user: string,
  ) {
    this.secret = parley.app.get<string>(SIGNING_SECRET, { strict: false });
  }

  /** Every kind of token that is none, by what is wrong with it. */
  async all(): Promise<Record<string, string>> {
    const good = await this.make({});
    const [head = '', payload = '', signature = ''] = good.split('.');
    const hourAgo = Math.floor((Date.now() - HOUR_MS) / 1000);
    return {
      'with alg none': await this.make({ algorithm: 'none' }),
      'with alg None, in other letters': await this.make({ algorithm: 'nOnE' }),
      'signed with another key': await this.make({ key: 'another key, thirty-two characters long' }),
      'signed with an empty key': await this.make({ key: '' }),
      'signed with HS384 and the right key': await this.make({ algorithm: 'HS384' }),
      'signed with HS512 and the right key': await this.make({ algorithm: 'HS512' }),
      'signed with RS256': await this.make({ algorithm: 'RS256' }),
      'of another issuer': await this.make({ claims: { iss: 'somebody else' } }),
      'that expired an hour ago': await this.make({ claims: { exp: hourAgo } }),
      'whose session has expired': await this.make({ sessionEnds: -1000 }),
      'that is not valid yet': await this.make({ claims: { nbf: hourAgo + 7200 } }),
      'without a session': await this.make({ claims: { sid: undefined } }),
      'with an operator in place of the session': await this.make({ claims: { sid: { $gt: '' } } }),
      'of a session that is somebody else’s': await this.make({ claims: { sub: parleyFounder(this.parley) } }),
      'with a changed payload': [head, changed(payload), signature].join('.'),
      'that is cut short': good.slice(0, -5),
      'without its signature': `${head}.${payload}.`,
      'of another sign-in of the same session': await this.reissued(),
      'that was revoked': await this.revoked(),
      'that is nonsense': 'abc.def.ghi',
    };
  }

  /** A token that is as it should be, unless it is wished otherwise. */
  async make({ algorithm = 'HS256', key = this.secret, claims = {}, sessionEnds = HOUR_MS }: Wish): Promise<string> {
    const repository = this.parley.part(SessionsRepository);
    const [id, now] = [repository.newId(), new Date()];
    const seconds = Math.floor(now.getTime() / 1000);
    const base = { sub: this.user, sid: id, iss: 'parley', iat: seconds, exp: seconds + 3600 };
    const token = signed(algorithm, key, { ...base, ...claims });
    const times = { created_at: now, last_seen_at: now, expires_at: new Date(now.getTime() + sessionEnds) };
    await repository.insert({ id, user: this.user, device: 'forger', tokenHash: hashOf(token), ...times });
    return token;
  }

  /** Signed with the right key for a session that stands, but not the token that sign-in gave. */
  private async reissued(): Promise<string> {
    const { session } = await this.parley.part(SessionsService).open(this.user, 'honest');
    const seconds = Math.floor(Date.now() / 1000);
    const claims = { sub: this.user, sid: session.id, iss: 'parley', iat: seconds - 60, exp: seconds + 360_000 };
    return signed('HS256', this.secret, claims);
  }

  private async revoked(): Promise<string> {
    const sessions = this.parley.part(SessionsService);
    const { token, session } = await sessions.open(this.user, 'honest');
    await sessions.revoke(session.id, this.user);
    return token;
  }
}

function parleyFounder({ founder }: Parley): string {
  return founder.id;
}

/** The same payload with one claim more. */
function changed(payload: string): string {
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  return encode({ ...claims, role: 'administrator' });
}

function signed(algorithm: string, key: string, claims: object): string {
  const content = `${encode({ alg: algorithm, typ: 'JWT' })}.${encode(claims)}`;
  return `${content}.${signatureOf(algorithm, key, content)}`;
}

function signatureOf(algorithm: string, key: string, content: string): string {
  if (algorithm.toLowerCase() === 'none') return '';
  if (algorithm !== 'RS256')
    return createHmac(`sha${algorithm.slice(2)}`, key)
      .update(content)
      .digest('base64url');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return signWithKey('sha256', Buffer.from(content), privateKey).toString('base64url');
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
