import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { ParleyConfig } from '../config/parley-config';
import { DomainError } from './domain-error';
import { ERROR_TABLE } from './error-table';
import { inTime } from './in-time';

/** What is limited: `points` attempts within `duration` seconds, counted from the first. */
const RULES = {
  signUpByAddress: { points: 30, duration: 15 * 60 },
  /** Failed sign-ins of one phone number, whether or not it has an account. */
  signInByPhone: { points: 10, duration: 15 * 60 },
  signInByAddress: { points: 100, duration: 15 * 60 },
  searchByUser: { points: 120, duration: 60 },
  /** Phone numbers that somebody names to reach people: each tells whether it has an account. */
  numbersByUser: { points: 400, duration: 10 * 60 },
  /** Each names up to 200 people, of whom it is looked up whether they share a room. */
  watchesByUser: { points: 60, duration: 10 },
  typingByUser: { points: 20, duration: 10 },
  /** Commands on the gateway, on all of a person's connections together. */
  commandsByCaller: { points: 300, duration: 10 },
  /** What is only read through REST. */
  readsByCaller: { points: 600, duration: 10 },
} as const;

/** The name of a limit. */
export type RateRule = keyof typeof RULES;

/** What could be tried as often as there are processes, were it counted by each for itself. Commands are too many. */
const SHARED = ['signUpByAddress', 'signInByPhone', 'signInByAddress', 'searchByUser', 'numbersByUser'] as const;

/** How long the shared count may take to answer, in ms. */
const ANSWER_WITHIN_MS = 1_000;

type Limiter = Pick<RateLimiterMemory, 'consume' | 'reward' | 'delete'>;

/**
 * Counts attempts in this process's memory, and those that all processes share in Redis as well, as long as it answers.
 * With `RATE_LIMITS=off` everything is let through.
 */
@Injectable()
export class RateLimits {
  private readonly limiters: Readonly<Record<RateRule, Limiter>> = {
    signUpByAddress: new RateLimiterMemory(RULES.signUpByAddress),
    signInByPhone: new RateLimiterMemory(RULES.signInByPhone),
    signInByAddress: new RateLimiterMemory(RULES.signInByAddress),
    searchByUser: new RateLimiterMemory(RULES.searchByUser),
    numbersByUser: new RateLimiterMemory(RULES.numbersByUser),
    watchesByUser: new RateLimiterMemory(RULES.watchesByUser),
    typingByUser: new RateLimiterMemory(RULES.typingByUser),
    commandsByCaller: new RateLimiterMemory(RULES.commandsByCaller),
    readsByCaller: new RateLimiterMemory(RULES.readsByCaller),
  };
  private readonly shared: Partial<Record<RateRule, Limiter>> = {};

  constructor(private readonly config: ParleyConfig) {}

  /** From now on what processes share is counted in Redis too, under keys that begin with `prefix`. */
  share(storeClient: object, prefix: string): void {
    for (const rule of SHARED) {
      const options = { storeClient, useRedisPackage: true, keyPrefix: `${prefix}${rule}`, ...RULES[rule] };
      this.shared[rule] = new RateLimiterRedis(options);
    }
  }

  /**
   * Counts an attempt, or several at once. Counting first and giving back afterwards leaves no gap for attempts made at the same time.
   * @throws DomainError RATE_LIMITED with `retryAfter` in whole seconds.
   */
  async take(rule: RateRule, key: string, points = 1): Promise<void> {
    if (!this.config.rateLimits || points === 0) return;
    await this.limiters[rule].consume(key, points).catch(refuse);
    await this.askShared(rule, (limiter) => limiter.consume(key, points));
  }

  /** Takes an attempt back that was none. */
  async giveBack(rule: RateRule, key: string): Promise<void> {
    if (!this.config.rateLimits) return;
    await this.limiters[rule].reward(key);
    await this.askShared(rule, (limiter) => limiter.reward(key));
  }

  /** Forgets all attempts under a key. */
  async forget(rule: RateRule, key: string): Promise<void> {
    await this.limiters[rule].delete(key);
    await this.askShared(rule, (limiter) => limiter.delete(key));
  }

  /** Where Redis does not answer, what this process has counted is all that counts. */
  private async askShared(rule: RateRule, ask: (limiter: Limiter) => Promise<unknown>): Promise<void> {
    const limiter = this.shared[rule];
    if (!limiter) return;
    const answer = inTime(ANSWER_WITHIN_MS, ask(limiter), () => new Error('no answer in time'));
    await answer.catch((failure: unknown) => (failure instanceof RateLimiterRes ? refuse(failure) : undefined));
  }
}

function refuse(refused: unknown): never {
  throw refused instanceof RateLimiterRes ? limited(refused) : refused;
}

function limited(refused: RateLimiterRes): DomainError {
  const retryAfter = Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
  return new DomainError('RATE_LIMITED', ERROR_TABLE.RATE_LIMITED.sentence, { retryAfter });
}
