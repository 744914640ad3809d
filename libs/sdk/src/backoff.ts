import type { Random } from './clock';
import { withDefaults } from './defaults';

/** How long to wait between attempts, in milliseconds. */
export interface BackoffOptions {
  /** The ceiling of the first wait; 500 unless said. */
  firstMs?: number;
  /** The ceiling of every wait; 30,000 unless said. */
  maxMs?: number;
  /** How much the ceiling grows with each attempt; 2 unless said. */
  factor?: number;
}

/** Exponential waits with jitter: each is drawn from the upper half of a ceiling that grows up to `maxMs`. */
export class Backoff {
  readonly #options: Required<BackoffOptions>;
  readonly #random: Random;
  #attempts = 0;

  constructor(options: BackoffOptions = {}, random: Random = Math.random) {
    this.#options = withDefaults({ firstMs: 500, maxMs: 30_000, factor: 2 }, options);
    this.#random = random;
  }

  /** How many waits were drawn since the start or the last `reset`. */
  get attempts(): number {
    return this.#attempts;
  }

  /** The next wait in milliseconds. */
  next(): number {
    const { firstMs, maxMs, factor } = this.#options;
    const ceiling = Math.min(maxMs, firstMs * factor ** this.#attempts);
    this.#attempts += 1;
    return ceiling * (0.5 + this.#random() / 2);
  }

  /** Starts over: the next wait is short again. */
  reset(): void {
    this.#attempts = 0;
  }
}
