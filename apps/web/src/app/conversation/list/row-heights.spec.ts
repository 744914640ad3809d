import * as fc from 'fast-check';
import { RowHeights } from './row-heights';

/** What `RowHeights` promises, done slowly. */
class SlowHeights {
  readonly rows = new Map<number, number>();

  between(first: number, end: number): number {
    let sum = 0;
    for (let row = first; row < end; row++) sum += this.rows.get(row) ?? 0;
    return sum;
  }

  rowAbove(first: number, end: number, distance: number): number {
    let row = end - 1;
    while (row > first && this.between(row, end) < distance) row--;
    return row;
  }
}

/** A stretch of rows that has grown at both ends, with rows measured anew in between. Heights are 64ths, as browsers have them. */
const height = fc.integer({ min: 1, max: 64 * 200 }).map((parts) => parts / 64);
const growth = fc.record({
  start: fc.integer({ min: 1, max: 2_000_000 }),
  newer: fc.array(height, { minLength: 1, maxLength: 400 }),
  older: fc.array(height, { maxLength: 400 }),
  again: fc.array(fc.tuple(fc.nat(), height), { maxLength: 20 }),
});

function grown({ start, newer, older, again }: typeof growth extends fc.Arbitrary<infer G> ? G : never) {
  const heights = new RowHeights();
  const slow = new SlowHeights();
  const set = (row: number, value: number): void => {
    heights.set(row, value);
    slow.rows.set(row, value);
  };
  newer.forEach((value, at) => set(start + at, value));
  older.forEach((value, at) => set(start - 1 - at, value));
  const first = start - older.length;
  const end = start + newer.length;
  for (const [at, value] of again) set(first + (at % (end - first)), value);
  return { heights, slow, first, end };
}

describe('RowHeights', () => {
  it('sums any stretch of rows', () => {
    fc.assert(
      fc.property(growth, fc.nat(), fc.nat(), (given, a, b) => {
        const { heights, slow, first, end } = grown(given);
        const from = first + (a % (end - first));
        const to = from + (b % (end - from + 1));
        expect(heights.between(from, to)).toBe(slow.between(from, to));
      }),
    );
  });

  it('finds the row at any distance from the end', () => {
    fc.assert(
      fc.property(
        growth,
        fc.nat({ max: 100_000 * 64 }).map((parts) => parts / 64),
        (given, distance) => {
          const { heights, slow, first, end } = grown(given);
          expect(heights.rowAbove(first, end, distance)).toBe(slow.rowAbove(first, end, distance));
        },
      ),
    );
  });

  it('knows no height of a row that was never set', () => {
    const heights = new RowHeights();
    expect([heights.of(7), heights.between(0, 100)]).toEqual([0, 0]);
    heights.set(1_000_000, 20);
    expect([heights.of(999_999), heights.of(1_000_000), heights.between(0, 2_000_000)]).toEqual([0, 20, 20]);
  });

  it('says nothing of rows before `first`, nor of those after `end`', () => {
    const heights = new RowHeights();
    for (let row = 1; row <= 10; row++) heights.set(row, 10);
    expect(heights.rowAbove(4, 7, 1_000)).toBe(4);
    expect(heights.rowAbove(4, 7, 0)).toBe(6);
  });
});
