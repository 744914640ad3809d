import type { Id } from '@parley/contract';
import type { Connection } from '../realtime/connection';

const NOBODY: ReadonlySet<Connection> = new Set();

/** Which connection wants to know of whom. It keeps the ids that it is given: let them be those that others keep too. */
export class Watches {
  private readonly byWatcher = new Map<Connection, readonly Id[]>();
  private readonly byPerson = new Map<Id, Set<Connection>>();

  /** From now on the connection watches these people and no others. */
  set(watcher: Connection, people: readonly Id[]): void {
    this.forget(watcher);
    if (people.length === 0) return;
    this.byWatcher.set(watcher, people);
    for (const person of people) {
      const watchers = this.byPerson.get(person);
      if (watchers) watchers.add(watcher);
      else this.byPerson.set(person, new Set([watcher]));
    }
  }

  /** The connection watches nobody any more. */
  forget(watcher: Connection): void {
    for (const person of this.byWatcher.get(watcher) ?? []) {
      const watchers = this.byPerson.get(person);
      watchers?.delete(watcher);
      if (watchers?.size === 0) this.byPerson.delete(person);
    }
    this.byWatcher.delete(watcher);
  }

  /** Who watches a person. */
  of(person: Id): ReadonlySet<Connection> {
    return this.byPerson.get(person) ?? NOBODY;
  }

  /** How many people are watched. */
  get people(): number {
    return this.byPerson.size;
  }
}
