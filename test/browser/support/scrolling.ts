import type { Page } from 'playwright-core';

/** What was seen while a list was scrolled, step by step. */
export interface Scrolled {
  /** How far off, in pixels, a message was from where its step should have brought it; the worst of all steps. */
  worstJump: number;
  steps: number;
  /** The most messages that were in the page at once. */
  mostRows: number;
  /** The number of the topmost message at the end. */
  top: number;
}

/**
 * Scrolls the open conversation up, a step a frame, and watches at every step the message in the middle: it has to move
 * by the step, whatever is loaded and measured meanwhile. Ends when message `until` is in the page.
 */
export function scrollsUp(page: Page, until: number, step = 400): Promise<Scrolled> {
  return page.getByRole('log').evaluate(
    async (log, { until, step }) => {
      const numberOf = (row: Element): number => Number(/Message (\d+)/.exec(row.textContent)?.[1] ?? Infinity);
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const rows = (): Element[] => [...log.querySelectorAll('li[data-key]')];
      const middle = log.getBoundingClientRect().top + log.clientHeight / 2;
      const seen = { worstJump: 0, steps: 0, mostRows: 0, top: Infinity };
      while (seen.top > until) {
        const watched = rows().find((row) => row.getBoundingClientRect().bottom > middle)!;
        const before = watched.getBoundingClientRect().bottom;
        const room = log.scrollHeight - log.clientHeight + log.scrollTop;
        const by = Math.min(step, Math.floor(room));
        log.scrollTop -= by;
        await frame();
        const moved = watched.getBoundingClientRect().bottom - before;
        if (watched.isConnected) seen.worstJump = Math.max(seen.worstJump, Math.abs(moved - by));
        else seen.worstJump = Infinity;
        seen.steps += 1;
        seen.mostRows = Math.max(seen.mostRows, rows().length);
        seen.top = numberOf(rows()[0]!);
      }
      return seen;
    },
    { until, step },
  );
}
