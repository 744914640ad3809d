import { Injectable, Logger } from '@nestjs/common';
import { type Id, LIMITS, type Page, type Session } from '@parley/contract';
import { Clock } from '../common/clock';
import { pageOf, type PageRequest } from '../common/page';
import { ParleyConfig } from '../config/parley-config';
import type { Transaction } from '../database/transaction';
import { SessionGate } from '../realtime/session-gate';
import { realtimeUnavailable, sessionNotFound } from './auth.errors';
import { type SessionRecord, toSession } from './session-record';
import { SessionsRepository } from './sessions.repository';
import { hashOf, isTokenOf, Tokens } from './tokens';

const DAY_MS = 24 * 60 * 60 * 1000;
/** `last_seen_at` is not written more often than this. */
const TOUCH_EVERY_MS = 60_000;
/** How long the gateway may take to accept a session. */
const ACCEPT_WITHIN_MS = 5_000;

/** Where people are signed in. */
@Injectable()
export class SessionsService {
  private readonly logger = new Logger('Sessions');

  constructor(
    private readonly repository: SessionsRepository,
    private readonly tokens: Tokens,
    private readonly gate: SessionGate,
    private readonly clock: Clock,
    private readonly config: ParleyConfig,
  ) {}

  /**
   * A new session and its token, once the gateway has accepted it.
   * @throws DomainError REALTIME_UNAVAILABLE, and then there is no session.
   */
  async open(user: Id, device: string): Promise<{ token: string; session: SessionRecord }> {
    const session = this.draft(user, device);
    const token = await this.tokens.sign({ sub: user, sid: session.id }, session.created_at, session.expires_at);
    await this.repository.insert({ ...session, tokenHash: hashOf(token) });
    await this.letIn(session);
    return { token, session };
  }

  /** Whole seconds, as a token can say them, so that token and session end together. */
  private draft(user: Id, device: string): SessionRecord {
    const now = this.clock.now();
    const ends = now.getTime() - now.getMilliseconds() + this.config.tokenDays * DAY_MS;
    return {
      id: this.repository.newId(),
      user,
      device,
      created_at: now,
      last_seen_at: now,
      expires_at: new Date(ends),
    };
  }

  private async letIn({ id, user, expires_at }: SessionRecord): Promise<void> {
    try {
      await within(ACCEPT_WITHIN_MS, this.gate.accept({ id, user, expiresAt: expires_at }));
    } catch {
      await this.repository.delete(id, user);
      throw realtimeUnavailable();
    }
  }

  /** The session that a token proves, if it still stands; marks it as seen. */
  async standing(id: Id, user: Id, token: string): Promise<SessionRecord | undefined> {
    const found = await this.repository.find(id);
    const now = this.clock.now();
    if (found === undefined || found.user !== user || found.expires_at <= now) return undefined;
    if (!isTokenOf(found.tokenHash, token)) return undefined;
    const { tokenHash: _secret, ...session } = found;
    return this.seen(session, now);
  }

  private async seen(session: SessionRecord, now: Date): Promise<SessionRecord> {
    if (now.getTime() - session.last_seen_at.getTime() < TOUCH_EVERY_MS) return session;
    return { ...session, last_seen_at: await this.repository.touch(session.id) };
  }

  /** A person's sessions, the oldest first. */
  async list(current: SessionRecord, page: PageRequest): Promise<Page<Session>> {
    const limit = page.limit ?? LIMITS.pageDefault;
    const found = await this.repository.list(current.user, this.clock.now(), page.after, limit + 1);
    const { items, next } = pageOf(found, limit);
    return { items: items.map((session) => toSession(session, current.id)), next };
  }

  /** Ends a person's own session. @throws DomainError SESSION_NOT_FOUND */
  async revoke(id: Id, user: Id): Promise<void> {
    if (!(await this.end({ id, user }))) throw sessionNotFound();
  }

  /**
   * Ends all sessions of a person but one, in the transaction of a change that is their end; their sockets close after
   * it. Who came in while the transaction ran, and is not in it, follows.
   * @param change takes part in its transaction what it is given, and says whether it was made.
   */
  async endOthersWith(
    own: SessionRecord,
    change: (endOthers: (transaction: Transaction) => Promise<void>) => Promise<boolean>,
  ): Promise<boolean> {
    let ended: Id[] = [];
    const changed = await change(async (transaction) => {
      ended = await this.repository.others(own.user, own.id, transaction);
      await this.repository.deleteAll(ended, transaction);
    });
    if (changed) await this.tryEach([...ended.map((id) => this.gate.revoke(id)), this.endOthers(own)]);
    return changed;
  }

  private async endOthers({ id, user }: SessionRecord): Promise<void> {
    const others = await this.repository.others(user, id);
    await this.tryEach(others.map((other) => this.end({ id: other, user })));
  }

  private async tryEach(endings: readonly Promise<unknown>[]): Promise<void> {
    for (const ending of await Promise.allSettled(endings)) {
      if (ending.status === 'rejected')
        this.logger.warn({ err: ending.reason as unknown }, 'a session did not end whole');
    }
  }

  /**
   * Ends a session: from the database first, so that nothing lets it in again, then its sockets.
   * @returns whether there was one.
   */
  async end({ id, user }: Pick<SessionRecord, 'id' | 'user'>): Promise<boolean> {
    const stood = await this.repository.delete(id, user);
    if (stood) await this.gate.revoke(id);
    return stood;
  }
}

/** The promise's outcome, or a rejection when it takes longer. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('No answer in time.')), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
