import type {
  CommandName,
  Commands,
  EventEnvelope,
  Events,
  Id,
  LogEntry,
  Me,
  WatchedPresence,
  Welcome,
} from '@parley/contract';
import { BehaviorSubject } from 'rxjs';
import type { Clock } from './clock';
import { Presences } from './presence';
import { Typists } from './typists';

/** What a keeper of people stands on. */
export interface PeopleKeeperOptions {
  clock: Clock;
  ask(users: readonly Id[]): Promise<unknown>;
  sayTyping(room: Id): Promise<unknown>;
}

type Effects = { [E in keyof Events]?: (data: Events[E]) => void };

/** Keeps what is known of people in step with what comes in: oneself, who is there, and who is typing. */
export class PeopleKeeper {
  readonly me$ = new BehaviorSubject<Me | undefined>(undefined);
  readonly presences: Presences;
  readonly typists: Typists;

  readonly #effects: Effects = {
    meChanged: (me) => this.me$.next(me),
    presenceChanged: (presence) => this.presences.changed(presence),
    typing: (typing) => this.typists.heard(typing),
    roomRemoved: ({ room }) => this.typists.forget(room),
  };

  constructor({ clock, ask, sayTyping }: PeopleKeeperOptions) {
    this.presences = new Presences({ clock, ask });
    this.typists = new Typists({ clock, say: sayTyping });
  }

  welcomed({ user }: Welcome): void {
    this.me$.next(user);
  }

  event({ event, data }: EventEnvelope): void {
    (this.#effects[event] as ((data: unknown) => void) | undefined)?.(data);
  }

  /** Somebody has said something, or has left: they type no more. Who reacts may type on. */
  entry(entry: LogEntry): void {
    if (entry.type === 'message') this.typists.stopped(entry.room, entry.sender.id);
    else if (entry.type === 'system') this.typists.stopped(entry.room, entry.user.id);
  }

  replied<C extends CommandName>(command: C, reply: Commands[C]['reply']): void {
    if (command === 'watchPresence') this.presences.answered(reply as WatchedPresence);
  }

  lineUp(): void {
    this.presences.lineUp();
  }

  lineDown(): void {
    this.presences.lineDown();
    this.typists.forget();
  }
}
