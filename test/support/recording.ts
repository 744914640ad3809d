import { within } from './deadline';

interface Listener<T> {
  wanted: (item: T) => boolean;
  found: (item: T) => void;
}

/** Everything of one kind that came, in its order, and a way to wait for what is still to come without polling. */
export class Recording<T> {
  readonly all: T[] = [];
  private listeners: Listener<T>[] = [];

  add(item: T): void {
    this.all.push(item);
    const served = this.listeners.filter(({ wanted }) => wanted(item));
    this.listeners = this.listeners.filter((each) => !served.includes(each));
    for (const { found } of served) found(item);
  }

  /** The first item that is wanted, of those that came already or else of those that come within the deadline. */
  async first<S extends T>(what: string, wanted: ((item: T) => item is S) | ((item: T) => boolean)): Promise<S> {
    const there = this.all.find(wanted) as S | undefined;
    if (there !== undefined) return there;
    const listener: Listener<T> = { wanted, found: () => undefined };
    const coming = new Promise<T>((resolve) => (listener.found = resolve));
    this.listeners.push(listener);
    return (await within(() => `${what}. What came:\n${this.summary()}`, coming)) as S;
  }

  /** Resolves once `count` wanted items have come, with those. */
  async several(what: string, count: number, wanted: (item: T) => boolean = () => true): Promise<T[]> {
    let seen = this.all.filter(wanted).length;
    if (seen < count) await this.next(`${count} of: ${what}`, (item) => wanted(item) && ++seen >= count);
    return this.all.filter(wanted).slice(0, count);
  }

  private async next(what: string, wanted: (item: T) => boolean): Promise<void> {
    const listener: Listener<T> = { wanted, found: () => undefined };
    const coming = new Promise<T>((resolve) => (listener.found = resolve));
    this.listeners.push(listener);
    await within(() => `${what}. What came:\n${this.summary()}`, coming);
  }

  private summary(): string {
    const last = this.all.slice(-20).map((item) => JSON.stringify(item).slice(0, 300));
    return [`(${this.all.length} in all)`, ...last].join('\n');
  }
}
