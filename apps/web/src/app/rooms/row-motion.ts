const DURATION_MS = 200;

/**
 * Lets rows that have changed places slide there, so that one sees which went where. Rows have all the same height;
 * nothing is measured. Whoever asks for less motion gets none.
 */
export class RowMotion {
  #places = new Map<string, number>();

  /**
   * Takes the rows' new order.
   * @param elementOf the element that shows a row; undefined for a row that is out of sight.
   */
  follow(ids: readonly string[], rowHeight: number, elementOf: (id: string) => HTMLElement | undefined): void {
    const before = this.#places;
    this.#places = new Map(ids.map((id, place) => [id, place]));
    if (before.size === 0 || prefersStillness()) return;
    for (const [id, place] of this.#places) {
      const moved = ((before.get(id) ?? place) - place) * rowHeight;
      if (moved !== 0) slide(elementOf(id), moved);
    }
  }
}

function slide(element: HTMLElement | undefined, from: number): void {
  const steps = [{ transform: `translateY(${from}px)` }, { transform: 'none' }];
  element?.animate(steps, { duration: DURATION_MS, easing: 'ease-out' });
}

function prefersStillness(): boolean {
  return !('animate' in Element.prototype) || matchMedia('(prefers-reduced-motion: reduce)').matches;
}
