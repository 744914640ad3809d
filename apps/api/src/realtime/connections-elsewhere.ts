import { Injectable } from '@nestjs/common';
import type { Id } from '@parley/contract';
import { Backplane } from '../cluster/backplane';

/** What is told within so many milliseconds is told together. */
const TOGETHER_MS = 20;

/** People of one message. */
const AT_ONCE = 1_000;

/** How many connections people have at other nodes, as far as these have said it: a limit that all of them share. */
@Injectable()
export class ConnectionsElsewhere {
  private readonly byNode = new Map<string, Map<Id, number>>();
  private readonly changed = new Map<Id, number>();
  private telling: NodeJS.Timeout | undefined;

  constructor(private readonly backplane: Backplane) {
    backplane.on('connected', ({ counts }, node) => this.take(node, counts));
  }

  /** The connections of a person at other nodes. */
  of(user: Id): number {
    let count = 0;
    for (const [node, counts] of this.byNode) {
      if (this.backplane.knows(node)) count += counts.get(user) ?? 0;
      else this.byNode.delete(node);
    }
    return count;
  }

  /** Tells the other nodes how many connections a person has here. */
  tell(user: Id, count: number): void {
    if (!this.backplane.shared) return;
    this.changed.set(user, count);
    this.telling ??= setTimeout(() => this.tellAll(), TOGETHER_MS).unref();
  }

  private tellAll(): void {
    this.telling = undefined;
    const counts = [...this.changed];
    this.changed.clear();
    for (let from = 0; from < counts.length; from += AT_ONCE) {
      this.backplane.mention('connected', { counts: counts.slice(from, from + AT_ONCE) });
    }
  }

  private take(node: string, told: readonly (readonly [Id, number])[]): void {
    const counts = this.byNode.get(node) ?? new Map<Id, number>();
    this.byNode.set(node, counts);
    for (const [user, count] of told) {
      if (count > 0) counts.set(user, count);
      else counts.delete(user);
    }
  }
}
