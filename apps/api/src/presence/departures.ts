import type { Id } from '@parley/contract';

/** Somebody whose last connection has gone. */
export interface Departure {
  user: Id;
  at: Date;
  /** Whether it is for this node to write down. */
  noted: boolean;
}

/** Those who leave together are gone together: of one look at what is due. */
const LOOK_EVERY_MS = 1_000;

/** People whose last connection has gone, until it is certain that they do not just come back. */
export class Departures {
  /** In the order in which they left, which is that in which they are gone. */
  private readonly leaving = new Map<Id, Departure & { due: number }>();
  private looking: NodeJS.Timeout | undefined;
  private stopped = false;

  /** @param onGone told those who have not come back within `graceMs`. */
  constructor(
    private readonly graceMs: number,
    private readonly onGone: (departures: readonly Departure[]) => void,
  ) {}

  /** Somebody has left. */
  add(departure: Departure): void {
    if (this.stopped || this.leaving.has(departure.user)) return;
    this.leaving.set(departure.user, { ...departure, due: performance.now() + this.graceMs });
    this.lookLater(this.graceMs);
  }

  /** Somebody is back, if they had left. */
  cancel(user: Id): void {
    this.leaving.delete(user);
  }

  /** Nobody is waited for any more, whoever leaves. Returns those who were. */
  stop(): Departure[] {
    this.stopped = true;
    clearTimeout(this.looking);
    const leaving = [...this.leaving.values()];
    this.leaving.clear();
    return leaving;
  }

  private lookLater(ms: number): void {
    this.looking ??= setTimeout(() => this.look(), ms).unref();
  }

  private look(): void {
    this.looking = undefined;
    const due: Departure[] = [];
    for (const departure of this.leaving.values()) {
      if (departure.due > performance.now()) break;
      due.push(departure);
      this.leaving.delete(departure.user);
    }
    if (this.leaving.size > 0) this.lookLater(Math.min(this.graceMs, LOOK_EVERY_MS));
    if (due.length > 0) this.onGone(due);
  }
}
