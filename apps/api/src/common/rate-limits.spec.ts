import { ParleyConfig } from '../config/parley-config';
import { RateLimits } from './rate-limits';

const attempts = (limits: RateLimits, count: number): Promise<PromiseSettledResult<void>[]> =>
  Promise.allSettled(Array.from({ length: count }, () => limits.take('signInByPhone', '+84912345567')));

describe('RateLimits', () => {
  it('counts attempts made at the same time, and says how long to wait', async () => {
    const results = await attempts(new RateLimits(ParleyConfig.from({})), 30);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(20);
    const { code, more } = refused[0]!.reason as { code: string; more: { retryAfter: number } };
    expect(code).toBe('RATE_LIMITED');
    expect(more.retryAfter).toBeGreaterThan(800);
    expect(Number.isInteger(more.retryAfter)).toBe(true);
  });

  it('gives attempts back and forgets them', async () => {
    const limits = new RateLimits(ParleyConfig.from({}));
    await attempts(limits, 10);
    await limits.giveBack('signInByPhone', '+84912345567');
    expect((await attempts(limits, 2)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await limits.forget('signInByPhone', '+84912345567');
    expect((await attempts(limits, 1))[0]!.status).toBe('fulfilled');
  });

  it('lets everything through when it is off', async () => {
    const results = await attempts(new RateLimits(ParleyConfig.from({ RATE_LIMITS: 'off' })), 500);
    expect(results.every(({ status }) => status === 'fulfilled')).toBe(true);
  });
});
