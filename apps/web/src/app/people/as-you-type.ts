import { computed, debounced, resource, type Signal, signal } from '@angular/core';

/** How long the typing has to pause before the server is asked, in milliseconds. */
const PAUSE_MS = 200;

/** What a search that follows the typing has found so far. */
export interface Finding<T> {
  /** The latest answer and what it answers: of what is typed now, or of what was a moment ago. */
  readonly latest: Signal<{ query: string; found: T } | undefined>;
  /** Whether the answer to what is typed now is still to come. */
  readonly isBusy: Signal<boolean>;
  /** Why there is none; undefined while all is well. */
  readonly error: Signal<unknown>;
  /** Asks again after a failure. */
  retry(): void;
}

/**
 * Searches for what is typed whenever the typing pauses. A request that is overtaken is called off, and its answer is
 * never shown. The answer before stays until the next one is there, so that nothing flickers.
 * @param query what is typed, trimmed; empty for nothing.
 */
export function asYouType<T>(
  query: Signal<string>,
  find: (query: string, signal: AbortSignal) => Promise<T>,
): Finding<T> {
  const paused = debounced(query, PAUSE_MS);
  const kept = signal<{ query: string; found: T } | undefined>(undefined);
  const answer = resource({
    params: () => paused.value() || undefined,
    loader: async ({ params, abortSignal }) => {
      const found = await find(params, abortSignal);
      if (!abortSignal.aborted) kept.set({ query: params, found });
    },
  });
  const latest = computed(() => (query() === '' ? undefined : kept()));
  const error = computed(() =>
    paused.value() === query() && answer.status() === 'error' ? answer.error() : undefined,
  );
  const isBusy = computed(() => query() !== '' && latest()?.query !== query() && error() === undefined);
  return { latest, isBusy, error, retry: () => void answer.reload() };
}
