interface Asked<V> {
  promise: Promise<V | undefined>;
  resolve(value: V | undefined): void;
  reject(error: unknown): void;
}

/** Keys that one look-up takes. */
const AT_ONCE = 500;

/**
 * Looks up together what many ask for at the same time. What is asked for while a look-up is under way waits for its
 * end and goes into the next one, so that every answer is as fresh as one of its own would be; nothing waits for a timer.
 */
export class Batch<K, V> {
  private waiting = new Map<K, Asked<V>>();
  private running = false;

  /** @param lookUp what there is of these keys; the others do not exist. Where it rejects, everybody who asked fails. */
  constructor(private readonly lookUp: (keys: K[]) => Promise<ReadonlyMap<K, V>>) {}

  /** What there is under the key; undefined where there is nothing. */
  get(key: K): Promise<V | undefined> {
    const asked = this.waiting.get(key) ?? Promise.withResolvers<V | undefined>();
    this.waiting.set(key, asked);
    void this.run();
    return asked.promise;
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    while (this.waiting.size > 0) {
      // What one turn of the event loop brings belongs together.
      await new Promise((resolve) => setImmediate(resolve));
      await this.serve(this.take());
    }
    this.running = false;
  }

  private take(): Map<K, Asked<V>> {
    const taken = new Map(this.waiting.entries().take(AT_ONCE));
    for (const key of taken.keys()) this.waiting.delete(key);
    return taken;
  }

  private async serve(asked: ReadonlyMap<K, Asked<V>>): Promise<void> {
    try {
      const found = await this.lookUp([...asked.keys()]);
      for (const [key, { resolve }] of asked) resolve(found.get(key));
    } catch (error) {
      for (const { reject } of asked.values()) reject(error);
    }
  }
}
