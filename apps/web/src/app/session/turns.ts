import { distinctUntilChanged, filter, fromEvent, merge, Observable, take } from 'rxjs';

/**
 * Whose turn something is among the tabs of this browser, by one of its locks: true while it is this tab's. The tab
 * that was looked at last has it, for browsers slow down those that nobody sees; with that one closed, another.
 * Whoever is subscribed asks for it. Where a browser has no locks (as over plain HTTP) it is always everybody's.
 */
export function turns(lock: string): Observable<boolean> {
  const turn$ = new Observable<boolean>((subscriber) => {
    const { locks } = navigator as Partial<Pick<Navigator, 'locks'>>;
    if (!locks) return subscriber.next(true);
    const over = new AbortController();
    subscriber.add(() => over.abort());
    void takeTurns({ locks, lock, over: over.signal, told: (isMine) => subscriber.next(isMine) });
  });
  return turn$.pipe(distinctUntilChanged());
}

interface Taking {
  locks: LockManager;
  lock: string;
  over: AbortSignal;
  told(isMine: boolean): void;
}

async function takeTurns({ locks, lock, over, told }: Taking): Promise<void> {
  let isWanted = isSeen();
  while (!over.aborted) {
    let isMine = false;
    const hold = (): Promise<void> => {
      told((isMine = !over.aborted));
      return aborted(over);
    };
    const how = isWanted ? { steal: true } : { signal: whenSeen(over) };
    // It ends by being taken away, or unhad: somebody looks at this tab, or all is over.
    await locks.request(lock, how, hold).catch(() => {});
    if (isMine) told(false);
    isWanted = !isMine;
  }
}

function isSeen(): boolean {
  return document.visibilityState === 'visible';
}

/** Fires when somebody looks at this tab again, or when all is over. */
function whenSeen(over: AbortSignal): AbortSignal {
  const seen = new AbortController();
  const seen$ = fromEvent(document, 'visibilitychange').pipe(filter(isSeen));
  merge(seen$, fromEvent(over, 'abort'))
    .pipe(take(1))
    .subscribe(() => seen.abort());
  return seen.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
