/** Time as the sdk sees it: the only way in which it reads or waits for it, so that a test can own it. */
export interface Clock {
  /** Milliseconds since 1970, as `Date.now()`. */
  now(): number;
  /** Runs `action` once, `ms` milliseconds from now at the earliest. The returned function calls it off. */
  schedule(ms: number, action: () => void): () => void;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

/** A number in [0, 1), as `Math.random` gives it. */
export type Random = () => number;
