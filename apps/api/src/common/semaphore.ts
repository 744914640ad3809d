import { DomainError } from './domain-error';
import { ERROR_TABLE } from './error-table';

/** Lets at most `width` pieces of work run at once; at most `waiting` more wait, in their order. */
export class Semaphore {
  private running = 0;
  private readonly queue: (() => void)[] = [];

  constructor(
    private readonly width: number,
    private readonly waiting: number,
  ) {}

  /**
   * The work's result, once its turn has come.
   * @throws DomainError UNAVAILABLE at once when too many wait already.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private enter(): Promise<void> | void {
    if (this.running < this.width) {
      this.running += 1;
      return;
    }
    if (this.queue.length >= this.waiting) throw new DomainError('UNAVAILABLE', ERROR_TABLE.UNAVAILABLE.sentence);
    return new Promise((resolve) => this.queue.push(resolve));
  }

  /** Hands the place on to the next in the queue, or frees it. */
  private leave(): void {
    const next = this.queue.shift();
    if (next === undefined) this.running -= 1;
    else next();
  }
}
