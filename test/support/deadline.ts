/** Milliseconds within which whatever a test waits for has to come. Generous: it is spent only where a test fails. */
const WITHIN_MS = 30_000;

/** The promise's outcome, or a rejection that says what was waited for when it takes too long. */
export async function within<T>(what: string | (() => string), promise: Promise<T>, ms = WITHIN_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Not within ${ms} ms: ${typeof what === 'string' ? what : what()}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** What a check gives the first time that it does not fail; its last failure where that takes too long. */
export async function soon<T>(check: () => Promise<T>, ms = WITHIN_MS): Promise<T> {
  const until = performance.now() + ms;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > until) throw error;
    }
  }
}
