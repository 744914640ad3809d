import { Injectable } from '@nestjs/common';
import type { SignedIn } from '@parley/contract';
import { addressKey } from '../common/address-key';
import { RateLimits } from '../common/rate-limits';
import { toMe, type UserRecord } from '../users/user-record';
import { UsersService } from '../users/users.service';
import { badCredentials, notSignedIn } from './auth.errors';
import { Passwords } from './passwords';
import type { SessionRecord } from './session-record';
import { SessionsService } from './sessions.service';
import { type TokenClaims, Tokens } from './tokens';

/** Who calls: the person and the session that the token named. */
export interface Caller {
  user: UserRecord;
  session: SessionRecord;
}

/** Where a request came from. */
export interface Origin {
  /** The IP address, as the trusted proxies tell it. */
  address: string | undefined;
  device: string;
}

/** Signing up, signing in, and who a token belongs to. */
@Injectable()
export class AuthService {
  constructor(
    private readonly users: UsersService,
    private readonly passwords: Passwords,
    private readonly sessions: SessionsService,
    private readonly tokens: Tokens,
    private readonly limits: RateLimits,
  ) {}

  /**
   * A new account. It is not signed in yet.
   * @throws DomainError VALIDATION_FAILED, PHONE_TAKEN, RATE_LIMITED
   */
  async signUp(person: { name: string; phone: string; password: string }, from: Origin): Promise<UserRecord> {
    const phone = this.users.parsePhone(person.phone);
    await this.limits.take('signUpByAddress', addressKey(from.address));
    const passwordHash = await this.passwords.hash(person.password);
    return this.users.create({ name: person.name, phone, passwordHash });
  }

  /**
   * A new session, once password and gateway have agreed.
   * @throws DomainError VALIDATION_FAILED, BAD_CREDENTIALS (whether or not there is such an account), RATE_LIMITED,
   *   REALTIME_UNAVAILABLE
   */
  async signIn(tried: { phone: string; password: string }, from: Origin): Promise<SignedIn> {
    const phone = this.users.parsePhone(tried.phone);
    const user = await this.limited(phone, addressKey(from.address), () => this.check(phone, tried.password));
    const { token, session } = await this.sessions.open(user.id, from.device);
    return { token, user: toMe(user), expires_at: session.expires_at.toISOString() };
  }

  /** Counts the attempt before it is made, so that many at once are counted too; a success is taken back. */
  private async limited(phone: string, address: string, attempt: () => Promise<UserRecord>): Promise<UserRecord> {
    await this.limits.take('signInByAddress', address);
    await this.limits.take('signInByPhone', phone);
    const user = await attempt();
    await this.limits.giveBack('signInByAddress', address);
    await this.limits.forget('signInByPhone', phone);
    return user;
  }

  private async check(phone: string, password: string): Promise<UserRecord> {
    const found = await this.users.findWithPassword(phone);
    const right = await this.passwords.matches(password, found?.passwordHash);
    if (found === undefined || !right) throw badCredentials();
    return found.user;
  }

  /**
   * Who a token belongs to: its signature, its time and its session are checked. Both doors ask here.
   * @throws DomainError NOT_SIGNED_IN
   */
  async authenticate(token: string): Promise<Caller> {
    return this.admit(token, await this.tokens.verify(token));
  }

  /** The second half of `authenticate`, for a token whose signature and time have been checked. */
  async admit(token: string, { sub, sid }: TokenClaims): Promise<Caller> {
    const [session, user] = await Promise.all([this.sessions.standing(sid, sub, token), this.users.findById(sub)]);
    if (session === undefined || user === undefined) throw notSignedIn();
    return { user, session };
  }
}
