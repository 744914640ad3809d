import type { ConnectionState } from '@parley/sdk';
import { concat, defer, distinctUntilChanged, map, type Observable, of, switchMap, takeWhile, tap, timer } from 'rxjs';

/** What there is to say of the line; null for nothing. */
export type LineNews = { kind: 'down'; seconds: number } | { kind: 'connecting' } | { kind: 'back' } | null;

/** A line that is down for less than this is not worth a word; in milliseconds. */
const BLINK_MS = 1_000;
/** The page has just been opened: it takes this long until connecting is worth a word. */
const PATIENCE_MS = 2_000;
/** An attempt that fails sooner leaves what is said as it is. */
const ATTEMPT_MS = 300;
/** So long it is said that the line is back. */
const BACK_MS = 2_500;

/** What to say of a line as its state changes: nothing while it is up, and nothing of a blink. */
export function lineNews(state$: Observable<ConnectionState>): Observable<LineNews> {
  return defer(() => {
    const telling = new Telling();
    return state$.pipe(
      switchMap((state) => telling.newsOf(state)),
      tap((news) => telling.told(news)),
      distinctUntilChanged(),
    );
  });
}

/** What has been said, and from when on there is something to say. */
class Telling {
  #worthFrom = Date.now() + PATIENCE_MS;
  #wasUp = false;
  #isTold = false;

  told(news: LineNews): void {
    this.#isTold = news !== null && news.kind !== 'back';
  }

  newsOf(state: ConnectionState): Observable<LineNews> {
    if (this.#wasUp) this.#worthFrom = Date.now() + BLINK_MS;
    this.#wasUp = state.status === 'online';
    const wait = Math.max(0, this.#worthFrom - Date.now());
    switch (state.status) {
      case 'online':
        return this.#isTold ? concat(of({ kind: 'back' } as const), timer(BACK_MS).pipe(map(() => null))) : of(null);
      case 'connecting':
        return timer(Math.max(wait, ATTEMPT_MS)).pipe(map(() => ({ kind: 'connecting' }) as const));
      case 'offline':
        return countdown(state.retryAt, wait);
      case 'closed':
        return of(null);
    }
  }
}

function countdown(retryAt: number, after: number): Observable<LineNews> {
  const secondsLeft = (): number => Math.ceil((retryAt - Date.now()) / 1_000);
  return timer(after, 1_000).pipe(
    map(secondsLeft),
    takeWhile((seconds) => seconds > 0),
    map((seconds) => ({ kind: 'down', seconds }) as const),
  );
}
