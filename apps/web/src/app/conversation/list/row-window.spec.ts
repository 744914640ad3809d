import * as fc from 'fast-check';
import { RowHeights } from './row-heights';
import { windowOf } from './row-window';

function heightsOf(first: number, values: readonly number[]): RowHeights {
  const heights = new RowHeights();
  values.forEach((value, at) => heights.set(first + at, value));
  return heights;
}

describe('windowOf', () => {
  const rows = fc.record({
    first: fc.integer({ min: 1, max: 1_000_000 }),
    values: fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 300 }),
    below: fc.nat({ max: 100_000 }),
    height: fc.integer({ min: 1, max: 2_000 }),
    margin: fc.nat({ max: 1_000 }),
  });

  it('covers all that is seen, with its margin', () => {
    fc.assert(
      fc.property(rows, ({ first, values, below, height, margin }) => {
        const heights = heightsOf(first, values);
        const end = first + values.length;
        const total = heights.between(first, end);
        const rendered = windowOf(heights, { first, end }, { below, height }, margin);
        const lower = heights.between(rendered.end, end);
        const upper = lower + heights.between(rendered.first, rendered.end);
        expect(lower).toBeLessThanOrEqual(Math.min(Math.max(0, below - margin), total));
        expect(upper).toBeGreaterThanOrEqual(Math.min(below + height + margin, total));
      }),
    );
  });

  it('renders no more than a row beyond the margin at either end', () => {
    fc.assert(
      fc.property(rows, ({ first, values, below, height, margin }) => {
        const heights = heightsOf(first, values);
        const rendered = windowOf(heights, { first, end: first + values.length }, { below, height }, margin);
        const inner = heights.between(rendered.first + 1, rendered.end - 1);
        expect(inner).toBeLessThan(height + 2 * margin + 1);
      }),
    );
  });

  it('is empty where there are no rows', () => {
    expect(windowOf(new RowHeights(), { first: 5, end: 5 }, { below: 0, height: 800 }, 400)).toEqual({
      first: 5,
      end: 5,
    });
  });

  it('costs little among 100,000 rows', () => {
    const count = 100_000;
    const heights = heightsOf(1, new Array<number>(count).fill(48));
    const middle = windowOf(heights, { first: 1, end: count + 1 }, { below: 48 * 50_000 + 1, height: 478 }, 0);
    expect(middle).toEqual({ first: 49_991, end: 50_001 });
  });
});
