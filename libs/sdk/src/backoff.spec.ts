import { Backoff } from './backoff';

const options = { firstMs: 100, maxMs: 1_000, factor: 2 };

describe('Backoff', () => {
  it('grows up to its ceiling, and starts over when it is reset', () => {
    const backoff = new Backoff(options, () => 1);
    const waits = [1, 2, 3, 4, 5, 6].map(() => backoff.next());
    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    expect(backoff.attempts).toBe(6);
    backoff.reset();
    expect(backoff.next()).toBe(100);
  });

  it('draws from the upper half of the ceiling', () => {
    expect(new Backoff(options, () => 0).next()).toBe(50);
    expect(new Backoff(options, () => 0.5).next()).toBe(75);
  });
});
