import { Semaphore } from './semaphore';

/** Work that ends when it is told to. */
function work(): { promise: Promise<void>; end: () => void } {
  let end = (): void => undefined;
  const promise = new Promise<void>((resolve) => (end = resolve));
  return { promise, end };
}

describe('Semaphore', () => {
  it('never runs more at once than it is wide, and everything in its order', async () => {
    const semaphore = new Semaphore(2, 100);
    const started: number[] = [];
    let running = 0;
    let most = 0;
    const task = (index: number) => async (): Promise<number> => {
      started.push(index);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return index;
    };
    const results = await Promise.all(Array.from({ length: 20 }, (_, index) => semaphore.run(task(index))));
    expect(most).toBe(2);
    expect(started).toEqual(results);
  });

  it('refuses when too many wait, and goes on afterwards, failures included', async () => {
    const semaphore = new Semaphore(1, 1);
    const [first, second] = [work(), work()];
    const running = semaphore.run(() => first.promise);
    const waiting = semaphore.run(() => second.promise.then(() => Promise.reject(new Error('failed'))));
    await expect(semaphore.run(() => Promise.resolve())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    first.end();
    second.end();
    await running;
    await expect(waiting).rejects.toThrow('failed');
    await expect(semaphore.run(() => Promise.resolve('free'))).resolves.toBe('free');
  });
});
