/** As near to the end as this, in pixels, counts as being there. */
const NEAR_END = 24;

/** The row that is kept in its place, and how far its lower edge is from the top of what is seen, in pixels. */
interface Held {
  key: string;
  edge: number;
}

/** Where a row is to stand, in pixels: how far its upper edge is from the top, and about how much is below what is seen. */
interface Place {
  top: number;
  below: number;
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
  /** Where a row is brought to, until it is rendered. */
  #awaited: Place | null = null;
  /** Where the scroller stood when it was last looked at. */
  #known = 0;

  /** @param rows the element whose children are the rows, each with its key as `data-key`. */
  constructor(scroller: HTMLElement, rows: HTMLElement) {
    this.#scroller = scroller;
    this.#rows = rows;
  }

  /** How much of the list is below what is seen, in pixels. */
  get below(): number {
    return this.#awaited?.below ?? Math.max(0, -this.#scroller.scrollTop);
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
    if (this.#awaited) this.#scroller.scrollTop = -this.#awaited.below;
    const row = this.#rowOf(this.#held.key);
    if (!row) return;
    const { bottom, height } = row.getBoundingClientRect();
    if (this.#awaited) this.#held = { key: this.#held.key, edge: this.#awaited.top + height };
    this.#awaited = null;
    const moved = bottom - this.#top - this.#held.edge;
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

  /** Brings a row to a place, as soon as it is rendered, and holds it there. */
  bring(key: string, place: Place): void {
    this.#held = { key, edge: place.top };
    this.#awaited = place;
    this.#known = this.#scroller.scrollTop;
    this.hold();
  }

  /** Somebody has scrolled, and the event that says so is still to come: what is held has moved by as much. */
  #followScroll(): void {
    const by = this.#scroller.scrollTop - Math.max(this.#known, this.#beginning);
    // Less is not scrolled: the beginning is known in whole pixels only.
    if (Math.abs(by) < 1 || this.#awaited !== null) return;
    if (this.#held) this.#held = { ...this.#held, edge: this.#held.edge - by };
    else this.note();
  }

  /** Where the scroller stands at the beginning. A list that becomes shorter takes it there; nobody has scrolled then. */
  get #beginning(): number {
    return this.#scroller.clientHeight - this.#scroller.scrollHeight;
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
