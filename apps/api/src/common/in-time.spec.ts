import { inTime } from './in-time';

describe('inTime', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const late = () => new Error('late');
  const never = new Promise<never>(() => undefined);

  it('gives what comes in time, and waits for nothing any more', async () => {
    await expect(inTime(1_000, Promise.resolve('here'), late)).resolves.toBe('here');
    await expect(inTime(1_000, Promise.reject(new Error('failed')), late)).rejects.toThrow('failed');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('rejects when the time is over', async () => {
    const waiting = expect(inTime(1_000, never, late)).rejects.toThrow('late');
    jest.advanceTimersByTime(1_000);
    await waiting;
  });
});
