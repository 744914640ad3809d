/** Slots that are there from the start, and at the growing end afterwards. */
const ROOM = 256;

/**
 * The heights of rows in pixels, and their sums. Rows have whole numbers as names and follow each other without a gap;
 * they may be added at both ends, as a chat grows. Everything takes time with the logarithm of their number (a Fenwick
 * tree), however many there are.
 */
export class RowHeights {
  #origin = 0;
  #heights = new Float64Array(0);
  #sums = new Float64Array(1);

  /** A row's height; 0 if it was never set. */
  of(row: number): number {
    return this.#heights[row - this.#origin] ?? 0;
  }

  /** Says how high a row is. */
  set(row: number, height: number): void {
    this.#include(row);
    const slot = row - this.#origin;
    const more = height - this.#heights[slot]!;
    if (more === 0) return;
    this.#heights[slot] = height;
    for (let at = slot + 1; at < this.#sums.length; at += at & -at) this.#sums[at]! += more;
  }

  /** The height of all rows from `first` up to, and without, `end`. */
  between(first: number, end: number): number {
    return end > first ? this.#upTo(end) - this.#upTo(first) : 0;
  }

  /**
   * The row that lies `distance` pixels above the end of the rows `first` to `end`; the nearest one where the distance
   * is outside of them.
   */
  rowAbove(first: number, end: number, distance: number): number {
    const row = this.#origin + this.#slotAt(this.#upTo(end) - distance);
    return Math.max(first, Math.min(end - 1, row));
  }

  /** The height of all rows before `row`. */
  #upTo(row: number): number {
    let sum = 0;
    for (let at = this.#clamp(row - this.#origin); at > 0; at -= at & -at) sum += this.#sums[at]!;
    return sum;
  }

  /** The last slot that begins no further than a distance from the top. */
  #slotAt(distance: number): number {
    let slot = 0;
    let left = distance;
    for (let step = this.#heights.length; step > 0; step >>= 1) {
      const next = slot + step;
      if (next < this.#sums.length && this.#sums[next]! <= left) {
        slot = next;
        left -= this.#sums[next]!;
      }
    }
    return slot;
  }

  #clamp(slot: number): number {
    return Math.max(0, Math.min(this.#heights.length, slot));
  }

  #include(row: number): void {
    if (this.#heights.length === 0) this.#origin = row - ROOM / 2;
    const slot = row - this.#origin;
    if (slot >= 0 && slot < this.#heights.length) return;
    this.#grow(slot < 0 ? -slot : 0, slot);
  }

  /** To twice the size or more, so that it happens rarely; the new room is where it is needed. */
  #grow(before: number, slot: number): void {
    const old = this.#heights;
    const size = powerOfTwo(Math.max(ROOM, old.length * 2, before + old.length, slot + 1));
    const shift = before > 0 ? size - old.length : 0;
    this.#heights = new Float64Array(size);
    this.#heights.set(old, shift);
    this.#origin -= shift;
    this.#sums = sumsOf(this.#heights);
  }
}

function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(least));
}

function sumsOf(heights: Float64Array): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(heights.length + 1);
  sums.set(heights, 1);
  for (let at = 1; at < sums.length; at++) {
    const parent = at + (at & -at);
    if (parent < sums.length) sums[parent]! += sums[at]!;
  }
  return sums;
}
