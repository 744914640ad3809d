import { computed, type Signal, signal, untracked } from '@angular/core';
import { estimatedHeight } from './row-estimate';
import type { RowHeights } from './row-heights';
import { RowMemory } from './row-memory';
import { type RowRange, type View, windowOf } from './row-window';
import type { Rows } from './rows';

/** So much beyond what is seen is rendered, in pixels: a flick of the finger shows no holes. */
const MARGIN = 600;
/** Scrolling by less than this changes nothing. */
const STEP = 100;
/** Older pages are loaded when no more than this is left above what is rendered. */
const NEAR_BEGINNING = 1_500;

/** What was seen when it was last looked at. */
interface Look extends View {
  /** The end of the rows then: what has come since is below what is seen as well, unless that is the end itself. */
  end: number;
}

/** Which rows of a list are rendered, and how much room the others take. */
export class ListView {
  readonly #rows: Signal<Rows>;
  readonly #heights: RowHeights;
  readonly #memory = new RowMemory();
  readonly #view = signal<Look>({ below: 0, height: 0, end: 0 }, { equal: isSameLook });
  readonly #measurements = signal(0);
  /** For which rows that was done; those behind may have become others meanwhile. */
  #estimated: RowRange = { first: 0, end: 0 };

  constructor(rows: Signal<Rows>, heights: RowHeights) {
    this.#rows = rows;
    this.#heights = heights;
  }

  /** The numbers of the rows to render. */
  readonly window = computed(
    () => {
      // What is seen comes first, what is around it as soon as that is drawn.
      const margin = this.#measurements() === 0 ? 0 : MARGIN;
      const { range } = this.#estimate(this.#rows());
      return windowOf(this.#heights, range, this.#seen(range), margin);
    },
    { equal: isSameRange },
  );

  /** The rows to render. */
  readonly rendered = computed(() => this.#memory.make(this.#rows(), this.window()));
  /** The height of the rows before those, in pixels. */
  readonly above = computed(() => this.#heights.between(this.#rows().range.first, this.window().first));
  /** The height of the rows behind those, in pixels. */
  readonly under = computed(() => this.#heights.between(this.window().end, this.#rows().range.end));
  /** Whether there will soon be nothing left above what is seen. */
  readonly isNearBeginning = computed(() => this.#view().height > 0 && this.above() < NEAR_BEGINNING);

  /** Says what is seen now; nothing is below it at the end. A list that is hidden, and has no height, stays as it is. */
  look(below: number, height: number): void {
    if (height === 0) return;
    const { end } = untracked(this.#rows).range;
    this.#view.set({ below: Math.ceil(below / STEP) * STEP, height, end });
  }

  /** Says that heights have been measured. */
  measured(): void {
    this.#measurements.update((count) => count + 1);
  }

  /** The height from a row to the end, as far as it is known. */
  heightFrom(row: number): number {
    return this.#heights.between(row, this.#estimate(this.#rows()).range.end);
  }

  /** The height of what is seen, in pixels; 0 before it is known. */
  get height(): number {
    return this.#view().height;
  }

  /**
   * What is seen among the rows that are there now: it stays where rows come below it, and follows them at the end. Where
   * all rows are others, there is nothing to stay at.
   */
  #seen({ first, end }: RowRange): View {
    const { below, height, end: known } = this.#view();
    const follows = below === 0 || first >= known;
    return { below: follows ? below : below + this.#heights.between(known, end), height };
  }

  /** Gives the rows that were never seen a height for the time being. */
  #estimate(rows: Rows): Rows {
    const { first, end } = rows.range;
    for (let row = first; row < Math.min(end, this.#estimated.first); row++) this.#guess(rows, row);
    for (let row = Math.max(first, this.#estimated.end); row < end; row++) this.#guess(rows, row);
    this.#estimated = { first, end: rows.waitingFrom };
    return rows;
  }

  #guess(rows: Rows, row: number): void {
    const text = rows.textAt(row);
    if (text === undefined) this.#heights.set(row, 0);
    else if (this.#heights.of(row) === 0) this.#heights.set(row, estimatedHeight(text));
  }
}

function isSameLook(a: Look, b: Look): boolean {
  return a.below === b.below && a.height === b.height && a.end === b.end;
}

function isSameRange(a: RowRange, b: RowRange): boolean {
  return a.first === b.first && a.end === b.end;
}
