import type { Page } from 'playwright-core';
import type { Person } from '../../support/people';

/** Says something `perSecond` times a second for so many seconds, however long each takes; resolves with how many there were. */
export async function talksFast(
  person: Person,
  room: { id: string },
  perSecond: number,
  seconds: number,
): Promise<number> {
  const count = perSecond * seconds;
  const begun = performance.now();
  const said: Promise<unknown>[] = [];
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(count, Math.floor(((performance.now() - begun) * perSecond) / 1_000));
      while (said.length < due) said.push(person.says(room, `Burst ${said.length + 1}`));
      if (said.length < count) return;
      clearInterval(timer);
      resolve();
    }, 5);
  });
  await Promise.all(said);
  return count;
}

/** How a page took something. Times in milliseconds. */
export interface Strain {
  worstTask: number;
  /** From a key press to what it has drawn; the worst one. */
  worstInput: number;
}

/** Notes from now on how long tasks and key presses take in a page. */
export async function watchStrain(page: Page): Promise<() => Promise<Strain>> {
  const strain = await page.evaluateHandle(() => {
    const noted = { worstTask: 0, worstInput: 0 };
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) noted.worstTask = Math.max(noted.worstTask, duration);
    }).observe({ type: 'longtask' });
    const inputs = { type: 'event', durationThreshold: 16 } as PerformanceObserverInit;
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries()) {
        if (name === 'keydown') noted.worstInput = Math.max(noted.worstInput, duration);
      }
    }).observe(inputs);
    return noted;
  });
  return () => strain.jsonValue();
}

/** What a page holds in memory once its garbage is collected, in MB, and how many nodes it has. */
export async function memoryOf(page: Page): Promise<{ heapMb: number; nodes: number }> {
  const browser = await page.context().newCDPSession(page);
  await browser.send('HeapProfiler.enable');
  for (let round = 0; round < 3; round++) await browser.send('HeapProfiler.collectGarbage');
  const { usedSize } = await browser.send('Runtime.getHeapUsage');
  const { nodes } = await browser.send('Memory.getDOMCounters');
  await browser.detach();
  return { heapMb: usedSize / 2 ** 20, nodes };
}
