import type { RowHeights } from './row-heights';

/** Rows by their numbers: from `first` up to, and without, `end`. */
export interface RowRange {
  first: number;
  end: number;
}

/** What part of the list can be seen, in pixels; measured from its end, where a chat is at home. */
export interface View {
  /** How much of the list is below what is seen; 0 at the newest row. */
  below: number;
  height: number;
}

/** The rows to render: those that are seen, and those within `margin` pixels of them. */
export function windowOf(heights: RowHeights, { first, end }: RowRange, view: View, margin: number): RowRange {
  if (end <= first || view.height === 0) return { first: end, end };
  const lowest = heights.rowAbove(first, end, Math.max(0, view.below - margin));
  const highest = heights.rowAbove(first, end, view.below + view.height + margin);
  return { first: highest, end: lowest + 1 };
}
