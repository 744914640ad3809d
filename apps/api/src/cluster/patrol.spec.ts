import { Logger } from '@nestjs/common';
import type { Backplane } from './backplane';
import { Patrol } from './patrol';

describe('Patrol', () => {
  /** A patrol beside a backplane that is as sure as it is told to be. */
  function patrols(shared = true) {
    const backplane = { shared, sure: true, whenInDoubt: (listener: () => void) => void (doubt = listener) };
    let doubt = (): void => undefined;
    const patrol = new Patrol(backplane as unknown as Backplane);
    const asked: Date[] = [];
    let answers = true;
    patrol.add((since) => {
      asked.push(since);
      return answers ? Promise.resolve() : Promise.reject(new Error('away'));
    });
    const goesBy = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
    return { backplane, patrol, asked, goesBy, doubt: () => doubt(), answers: (yes: boolean) => (answers = yes) };
  }

  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => jest.useFakeTimers({ now: 1_000_000_000 }));
  afterEach(() => jest.useRealTimers());

  it('asks nothing where there is one process only', async () => {
    const { patrol, asked, goesBy } = patrols(false);
    patrol.onApplicationBootstrap();
    await goesBy(60_000);
    expect(asked).toEqual([]);
  });

  it('asks every second while something may be missed, and every 15 seconds while nothing is', async () => {
    const { backplane, patrol, asked, goesBy } = patrols();
    patrol.onApplicationBootstrap();
    await goesBy(10_000);
    const calm = asked.length;
    await goesBy(30_000);
    expect(asked.length - calm).toBe(2);
    backplane.sure = false;
    await goesBy(10_000);
    expect(asked.length - calm).toBeGreaterThanOrEqual(12);
    patrol.onModuleDestroy();
  });

  it('asks at once when it is told of a doubt', async () => {
    const { patrol, asked, goesBy, doubt } = patrols();
    patrol.onApplicationBootstrap();
    await goesBy(10_000);
    const before = asked.length;
    doubt();
    expect(asked).toHaveLength(before + 1);
    patrol.onModuleDestroy();
  });

  it('goes back as far as answers are missing, and somewhat further', async () => {
    const { backplane, patrol, asked, goesBy, answers } = patrols();
    patrol.onApplicationBootstrap();
    await goesBy(14_000);
    backplane.sure = false;
    answers(false);
    const from = Date.now();
    await goesBy(60_000);
    answers(true);
    await goesBy(1_000);
    expect(asked.at(-1)!.getTime()).toBeLessThan(from);
    await goesBy(2_000);
    expect(Date.now() - asked.at(-1)!.getTime()).toBeLessThan(6_000);
    patrol.onModuleDestroy();
  });
});
