/** Work that can wait a little: one piece a turn of the event loop, so that much of it at one moment delays nobody. */
export class OneATurn {
  private readonly waiting: (() => void)[] = [];

  /** Does it in a turn of its own, after all that was added before. */
  add(work: () => void): void {
    this.waiting.push(work);
    if (this.waiting.length === 1) setImmediate(this.next);
  }

  private readonly next = (): void => {
    try {
      this.waiting[0]!();
    } finally {
      this.waiting.shift();
      if (this.waiting.length > 0) setImmediate(this.next);
    }
  };
}
