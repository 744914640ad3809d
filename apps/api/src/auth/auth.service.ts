import { Injectable } from '@nestjs/common';
import type { ChangePassword, SignedIn } from '@parley/contract';
import { addressKey } from '../common/address-key';
import { RateLimits } from '../common/rate-limits';
import { toMe, type UserRecord } from '../users/user-record';
import { UsersService } from '../users/users.service';
import { badCredentials, notSignedIn, wrongPassword } from './auth.errors';
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

/** Somebody whose password was right, and what it was compared with. */
interface Proof {
  user: UserRecord;
  passwordHash: string;
}

/** Signing up, signing in, changing the password, and who a token belongs to. */
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
    const proof = await this.limited(phone, from, async () => {
      const proved = await this.prove(phone, tried.password);
      if (!proved) throw badCredentials();
      return proved;
    });
    const { token, session } = await this.open(proof, from.device);
    return { token, user: toMe(proof.user), expires_at: session.expires_at.toISOString() };
  }

  /**
   * Another password for the account; all of its other sessions end with the old one, for whoever knew that may be in
   * them: the database has both or neither.
   * Attempts are counted with those to sign in: neither door gives more guesses than there are.
   * @throws DomainError WRONG_PASSWORD, RATE_LIMITED
   */
  async changePassword({ user, session }: Caller, passwords: ChangePassword, from: Origin): Promise<void> {
    const passwordHash = await this.limited(user.phone, from, async () => {
      const proved = await this.prove(user.phone, passwords.current);
      if (!proved) throw wrongPassword();
      return proved.passwordHash;
    });
    const next = await this.passwords.hash(passwords.new);
    const changed = await this.sessions.endOthersWith(session, (endOthers) =>
      this.users.changePassword(user.id, passwordHash, next, endOthers),
    );
    if (!changed) throw wrongPassword();
  }

  /** Counts the attempt before it is made, so that many at once are counted too; a success is taken back. */
  private async limited<T>(phone: string, from: Origin, attempt: () => Promise<T>): Promise<T> {
    const address = addressKey(from.address);
    await this.limits.take('signInByAddress', address);
    await this.limits.take('signInByPhone', phone);
    const proof = await attempt();
    await this.limits.giveBack('signInByAddress', address);
    await this.limits.forget('signInByPhone', phone);
    return proof;
  }

  /** The account, where the password is its own. */
  private async prove(phone: string, password: string): Promise<Proof | undefined> {
    const found = await this.users.findWithPassword(phone);
    const right = await this.passwords.matches(password, found?.passwordHash);
    return right ? found : undefined;
  }

  /**
   * A new session. Where the password was changed in the meantime, that has ended the sessions that there were, and may
   * have missed this one: it is looked at once more.
   */
  private async open({ user, passwordHash }: Proof, device: string): ReturnType<SessionsService['open']> {
    const opened = await this.sessions.open(user.id, device);
    if (await this.users.hasPassword(user.id, passwordHash)) return opened;
    await this.sessions.end(opened.session);
    throw badCredentials();
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
