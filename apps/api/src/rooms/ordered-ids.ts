import type { Id } from '@parley/contract';

/** Ids in their order, which is that in which their things were made: a page is found without looking at those before. */
export class OrderedIds {
  private readonly ids: Id[] = [];

  /** Takes an id in; one that is there already stays. New ones are the greatest, and go to the end. */
  add(id: Id): void {
    const place = this.placeOf(id);
    if (this.ids[place] !== id) this.ids.splice(place, 0, id);
  }

  /** Takes an id out. */
  delete(id: Id): void {
    const place = this.placeOf(id);
    if (this.ids[place] === id) this.ids.splice(place, 1);
  }

  /** Those behind a cursor, from the first one on; all without it. Take what you need before anything changes. */
  *after(cursor?: Id): Generator<Id, void> {
    let place = cursor === undefined ? 0 : this.placeOf(cursor);
    if (this.ids[place] === cursor) place++;
    for (; place < this.ids.length; place++) yield this.ids[place]!;
  }

  /** Where an id is, or would be: the number of those before it. */
  private placeOf(id: Id): number {
    let [from, to] = [0, this.ids.length];
    if (to > 0 && this.ids[to - 1]! < id) return to;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.ids[middle]! < id) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
