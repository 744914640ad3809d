import { LIMITS, type Id, type PersonPresence, type WatchedPresence } from '@parley/contract';
import { distinctUntilChanged, finalize, map, Observable, startWith, Subject } from 'rxjs';
import type { Clock } from './clock';
import { ParleyError } from './errors';

/** So long it is waited for others to be asked for: lists show many people at once, and scroll. */
const ASK_AFTER_MS = 200;

/** What was refused, or not answered, is asked for again after so long. */
const ASK_AGAIN_MS = 5_000;

/** What presences stand on. */
export interface PresencesOptions {
  clock: Clock;
  /** Asks the server; `answered` is told the answer before the promise resolves. */
  ask(users: readonly Id[]): Promise<unknown>;
}

/**
 * How people are whom somebody looks at. Whoever is subscribed to is asked for; while the line is down nothing is known
 * of anybody.
 */
export class Presences {
  readonly #options: PresencesOptions;
  readonly #known = new Map<Id, PersonPresence>();
  readonly #changes = new Subject<void>();
  /** By person, how many look at them; whom somebody came to look at last is last. */
  readonly #wanted = new Map<Id, number>();
  #asked: ReadonlySet<Id> = new Set();
  /** Whom the server tells of, as it last said: what it refuses leaves that as it was. */
  #granted: ReadonlySet<Id> = new Set();
  /** What was asked last was refused, or not answered. */
  #isOwed = false;
  #isUp = false;
  #callOff: (() => void) | undefined;

  constructor(options: PresencesOptions) {
    this.#options = options;
  }

  /** How somebody is, on subscription and after each change; undefined while it is not known, or is none of one's own. */
  of$(user: Id): Observable<PersonPresence | undefined> {
    return new Observable((subscriber) => {
      this.#want(user);
      const state$ = this.#changes.pipe(
        startWith(undefined),
        map(() => this.#known.get(user)),
        distinctUntilChanged(),
        finalize(() => this.#unwant(user)),
      );
      return state$.subscribe(subscriber);
    });
  }

  /** The line is up, with a server that knows of nobody who is looked at. */
  lineUp(): void {
    this.#isUp = true;
    this.#asked = this.#granted = new Set();
    this.#isOwed = false;
    if (this.#wanted.size > 0) this.#askIn(0);
  }

  /** The line is down: whoever was online may be so no more. */
  lineDown(): void {
    this.#isUp = false;
    this.#callOff?.();
    this.#callOff = undefined;
    this.#forget(() => true);
  }

  /** The server has told how the people are who were asked for; who is missing is none of one's own. */
  answered({ people }: WatchedPresence): void {
    this.#known.clear();
    for (const each of people) this.#known.set(each.user, each);
    this.#changes.next();
  }

  /** Somebody is otherwise. */
  changed(presence: PersonPresence): void {
    if (!this.#asked.has(presence.user)) return;
    this.#known.set(presence.user, presence);
    this.#changes.next();
  }

  #want(user: Id): void {
    const count = this.#wanted.get(user) ?? 0;
    this.#wanted.delete(user);
    this.#wanted.set(user, count + 1);
    if (!this.#asked.has(user)) this.#askIn(ASK_AFTER_MS);
  }

  #unwant(user: Id): void {
    const count = this.#wanted.get(user) ?? 0;
    if (count > 1) return void this.#wanted.set(user, count - 1);
    this.#wanted.delete(user);
    this.#askIn(ASK_AFTER_MS);
  }

  #askIn(ms: number): void {
    if (!this.#isUp) return;
    this.#callOff ??= this.#options.clock.schedule(ms, () => {
      this.#callOff = undefined;
      void this.#ask();
    });
  }

  async #ask(): Promise<void> {
    const users = new Set([...this.#wanted.keys()].slice(-LIMITS.watchedPeople));
    if (!this.#isOwed && isSame(users, this.#asked)) return;
    this.#asked = users;
    this.#isOwed = false;
    this.#forget((user) => !users.has(user));
    try {
      await this.#options.ask([...users]);
      this.#granted = users;
    } catch (error) {
      if (this.#asked !== users) return;
      this.#asked = this.#granted;
      this.#isOwed = true;
      const wait = error instanceof ParleyError ? error.retryAfter : undefined;
      this.#askIn(wait === undefined ? ASK_AGAIN_MS : wait * 1_000);
    }
  }

  #forget(isForgotten: (user: Id) => boolean): void {
    for (const user of this.#known.keys()) if (isForgotten(user)) this.#known.delete(user);
    this.#changes.next();
  }
}

function isSame(a: ReadonlySet<Id>, b: ReadonlySet<Id>): boolean {
  return a.size === b.size && [...a].every((each) => b.has(each));
}
