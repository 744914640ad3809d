import type { Page } from 'playwright-core';

/** What was seen while a list was scrolled, step by step. */
export interface Scrolled {
  /** How far off, in pixels, a message was from where its step should have brought it; the worst of all steps. */
  worstJump: number;
  steps: number;
  /** The most messages that were in the page at once. */
  mostRows: number;
}

/**
 * Scrolls the open conversation by so many pixels a frame, up where they are positive, and watches at every step the
 * message in the middle: it has to move by the step, whatever is loaded and measured meanwhile. Ends when the message
 * with the number `until` is rendered.
 */
export function scrolls(page: Page, step: number, until: number): Promise<Scrolled> {
  return page.getByRole('log').evaluate(
    async (log, { until, step }) => {
      const numberOf = (row: Element): number => Number(/Message (\d+)/.exec(row.textContent)?.[1]);
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const rows = (): Element[] => [...log.querySelectorAll('li[data-key]')];
      const isThere = (): boolean => rows().some((row) => numberOf(row) === until);
      const middle = log.getBoundingClientRect().top + log.clientHeight / 2;
      const edge = (row: Element): number => row.getBoundingClientRect().bottom;
      const seen = { worstJump: 0, steps: 0, mostRows: 0 };
      while (!isThere()) {
        const watched = rows().find((row) => edge(row) > middle)!;
        const before = edge(watched);
        const above = log.scrollHeight - log.clientHeight + log.scrollTop;
        const by = Math.max(log.scrollTop, Math.min(step, Math.floor(above)));
        log.scrollTop -= by;
        await frame();
        const jump = watched.isConnected ? Math.abs(edge(watched) - before - by) : Infinity;
        seen.worstJump = Math.max(seen.worstJump, jump);
        seen.steps += 1;
        seen.mostRows = Math.max(seen.mostRows, rows().length);
      }
      return seen;
    },
    { until, step },
  );
}

/** The topmost message of the open conversation that is seen, by its key. */
export function topmost(page: Page): Promise<string | undefined> {
  return page.getByRole('log').evaluate((log) => {
    const { top } = log.getBoundingClientRect();
    const rows = [...log.querySelectorAll<HTMLElement>('li[data-key]')];
    return rows.find((row) => row.getBoundingClientRect().bottom > top + 1)?.dataset['key'];
  });
}

/** Where a message of the open conversation is: its distance from the top of the list, in pixels. */
export function placeOf(page: Page, text: string): Promise<number> {
  return page.getByRole('log').evaluate((log, wanted) => {
    const row = [...log.querySelectorAll('li[data-key]')].find(({ textContent }) => textContent.includes(wanted));
    return row ? row.getBoundingClientRect().bottom - log.getBoundingClientRect().top : NaN;
  }, text);
}

/** Where the row with a key ends: its lower edge's distance from the top of the list, in pixels. */
export function edgeOf(page: Page, key?: string): Promise<number> {
  return page.getByRole('log').evaluate((log, wanted) => {
    const row = log.querySelector(`li[data-key="${wanted}"]`);
    return row ? row.getBoundingClientRect().bottom - log.getBoundingClientRect().top : NaN;
  }, key);
}

/** Waits until what has changed is drawn, and what that moves has moved. */
export async function isDrawn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
}
