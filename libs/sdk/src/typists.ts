import { TYPING_EVERY_MS, TYPING_LASTS_MS, type Author, type Id, type Typing } from '@parley/contract';
import { distinctUntilChanged, map, startWith, Subject, type Observable } from 'rxjs';
import type { Clock } from './clock';

/** What typists stand on. */
export interface TypistsOptions {
  clock: Clock;
  /** Tells the server that this person is typing. */
  say(room: Id): Promise<unknown>;
}

interface Typist {
  user: Author;
  callOff: () => void;
}

const NOBODY: readonly Author[] = [];

/** Who is typing in which room, for as long as they go on. */
export class Typists {
  readonly #options: TypistsOptions;
  readonly #rooms = new Map<Id, Map<Id, Typist>>();
  readonly #told = new Map<Id, readonly Author[]>();
  readonly #changes = new Subject<Id>();
  readonly #saidAt = new Map<Id, number>();

  constructor(options: TypistsOptions) {
    this.#options = options;
  }

  /** Who is typing in a room, who began first standing first; on subscription and after each change. */
  in$(room: Id): Observable<readonly Author[]> {
    return this.#changes.pipe(
      startWith(room),
      map(() => this.#told.get(room) ?? NOBODY),
      distinctUntilChanged(),
    );
  }

  /** This person is typing: the server is told, but not more often than need be. */
  say(room: Id): void {
    const now = this.#options.clock.now();
    if (now - (this.#saidAt.get(room) ?? -Infinity) < TYPING_EVERY_MS) return;
    this.#saidAt.set(room, now);
    // Who is not told is not told: it is worth nothing a moment later.
    this.#options.say(room).catch(() => {});
  }

  /** Somebody else is typing. */
  heard({ room, user }: Typing): void {
    const typists = this.#rooms.get(room) ?? new Map<Id, Typist>();
    this.#rooms.set(room, typists);
    const before = typists.get(user.id);
    before?.callOff();
    const callOff = this.#options.clock.schedule(TYPING_LASTS_MS, () => this.stopped(room, user.id));
    typists.set(user.id, { user, callOff });
    if (before?.user.name !== user.name) this.#tell(room);
  }

  /** Somebody has said what they had to say, is gone, or has not typed on. */
  stopped(room: Id, user: Id): void {
    const typists = this.#rooms.get(room);
    const typist = typists?.get(user);
    if (!typists || !typist) return;
    typist.callOff();
    typists.delete(user);
    this.#tell(room);
  }

  /** Nothing more is heard of a room; without one, of any. */
  forget(room?: Id): void {
    for (const each of room === undefined ? [...this.#rooms.keys()] : [room]) {
      for (const { callOff } of this.#rooms.get(each)?.values() ?? []) callOff();
      if (this.#rooms.delete(each)) this.#tell(each);
    }
  }

  #tell(room: Id): void {
    const typists = this.#rooms.get(room);
    if (typists?.size)
      this.#told.set(
        room,
        [...typists.values()].map(({ user }) => user),
      );
    else {
      this.#told.delete(room);
      this.#rooms.delete(room);
    }
    this.#changes.next(room);
  }
}
