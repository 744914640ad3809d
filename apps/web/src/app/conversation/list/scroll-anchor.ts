/** As near to the end as this, in pixels, counts as being there. */
const NEAR_END = 24;

/** The row that is kept in its place, and how far its lower edge is from the top of what is seen, in pixels. */
interface Held {
  key: string;
  edge: number;
}

/**
 * Keeps what is read in its place while rows around it come, go and change their height. The scroller counts from its
 * end (`column-reverse`), so that nothing above what is seen can move it, and who is at the end stays there; for what
 * changes below, `hold` scrolls by as much.
 */
export class ScrollAnchor {
  readonly #scroller: HTMLElement;
  readonly #rows: HTMLElement;
  /** Null at the end. */
  #held: Held | null = null;
  /** How much will be below what is seen, once the row that is brought there is rendered. */
  #awaited: number | null = null;
  /** Where the scroller stood when it was last looked at. */
  #known = 0;

  /** @param rows the element whose children are the rows, each with its key as `data-key`. */
  constructor(scroller: HTMLElement, rows: HTMLElement) {
    this.#scroller = scroller;
    this.#rows = rows;
  }

  /** How much of the list is below what is seen, in pixels. */
  get below(): number {
    return this.#awaited ?? Math.max(0, -this.#scroller.scrollTop);
  }

  get isAtEnd(): boolean {
    return this.#held === null;
  }

  /** The key of the row that is held: the topmost one that is seen; null at the end. */
  get key(): string | null {
    return this.#held?.key ?? null;
  }

  /** Takes what is seen now for what is to stay. Call it when somebody has scrolled. */
  note(): void {
    this.#awaited = null;
    this.#held = this.below < NEAR_END ? null : this.#topmost();
    this.#known = this.#scroller.scrollTop;
  }

  /** Puts what was noted back into its place. Call it when rows have changed, before the page is drawn. */
  hold(): void {
    this.#followScroll();
    if (!this.#held) return this.toEnd();
    if (this.#awaited !== null) this.#scroller.scrollTop = -this.#awaited;
    const row = this.#rowOf(this.#held.key);
    if (!row) return;
    this.#awaited = null;
    const moved = row.getBoundingClientRect().bottom - this.#top - this.#held.edge;
    if (Math.abs(moved) >= 1) this.#scroller.scrollTop += moved;
    const topmost = this.#topmost();
    if (topmost?.key !== this.#held.key) this.#held = topmost;
    this.#known = this.#scroller.scrollTop;
  }

  /** Scrolls to the end, and stays there. */
  toEnd(): void {
    this.#held = null;
    this.#awaited = null;
    this.#known = 0;
    if (this.#scroller.scrollTop !== 0) this.#scroller.scrollTop = 0;
  }

  /**
   * Brings a row so far from the top, in pixels, and holds it there.
   * @param below about how much of the list will be below what is seen then: the row itself may not be rendered yet.
   */
  bring(key: string, edge: number, below: number): void {
    this.#held = { key, edge };
    this.#awaited = below;
    this.#known = this.#scroller.scrollTop;
    this.hold();
  }

  /** Somebody has scrolled, and the event that says so is still to come: what is held has moved by as much. */
  #followScroll(): void {
    const by = this.#scroller.scrollTop - this.#known;
    if (by === 0 || this.#awaited !== null) return;
    if (this.#held) this.#held = { ...this.#held, edge: this.#held.edge - by };
    else this.note();
  }

  /** The topmost row that is seen, where it is now. */
  #topmost(): Held | null {
    const top = this.#top;
    const row = firstBelow(rowsIn(this.#rows), top);
    return row ? { key: row.dataset['key'] ?? '', edge: row.getBoundingClientRect().bottom - top } : null;
  }

  get #top(): number {
    return this.#scroller.getBoundingClientRect().top;
  }

  #rowOf(key: string): HTMLElement | undefined {
    return rowsIn(this.#rows).find((row) => row.dataset['key'] === key);
  }
}

function rowsIn(list: HTMLElement): HTMLElement[] {
  return [...list.children] as HTMLElement[];
}

/** The first of several elements, one below the other, that ends below a line. */
function firstBelow(rows: readonly HTMLElement[], line: number): HTMLElement | undefined {
  let [first, end] = [0, rows.length];
  while (first < end) {
    const middle = (first + end) >> 1;
    if (rows[middle]!.getBoundingClientRect().bottom > line + 1) end = middle;
    else first = middle + 1;
  }
  return rows[first];
}
