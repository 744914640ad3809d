import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Id, PersonStatus } from '@parley/contract';
import { Backplane } from '../cluster/backplane';

/** What is told within so many milliseconds is told together. */
const TOGETHER_MS = 20;

/** People of one message. */
const AT_ONCE = 1_000;

/** How often it is looked whether nodes have fallen silent, or come back. */
const LOOK_EVERY_MS = 1_000;

/** What a node has told of the people who are connected to it. */
interface Node {
  counts: Map<Id, number>;
  /** Of those who are not `available`. */
  statuses: Map<Id, PersonStatus>;
  /** It says nothing: perhaps it is dead, and its people with it. */
  silent: boolean;
}

/** Told that a person's connections elsewhere, or their status there, are others; `lost` with a node that is silent. */
export type ElsewhereListener = (user: Id, lost: boolean) => void;

/** How many connections people have at other nodes, as far as these have said it, and with which status. */
@Injectable()
export class ConnectionsElsewhere implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly byNode = new Map<string, Node>();
  private readonly changed = new Map<Id, readonly [count: number, status: PersonStatus]>();
  private telling: NodeJS.Timeout | undefined;
  private looking: NodeJS.Timeout | undefined;
  private onChange: ElsewhereListener = () => undefined;

  constructor(private readonly backplane: Backplane) {
    backplane.on('connected', ({ counts }, node) => this.take(node, counts));
  }

  onApplicationBootstrap(): void {
    if (!this.backplane.shared) return;
    this.looking = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.looking.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.looking);
  }

  /** Names who hears of each change. */
  whenChanged(listener: ElsewhereListener): void {
    this.onChange = listener;
  }

  /** The connections of a person at other nodes: a limit that all of them share. */
  of(user: Id): number {
    let count = 0;
    for (const [node, { counts }] of this.byNode) if (this.backplane.knows(node)) count += counts.get(user) ?? 0;
    return count;
  }

  /** The status of a person who is connected to a node that is heard of; nothing where there is none. */
  statusOf(user: Id): PersonStatus | undefined {
    for (const { counts, statuses, silent } of this.byNode.values()) {
      if (!silent && counts.has(user)) return statuses.get(user) ?? 'available';
    }
    return undefined;
  }

  /** Tells the other nodes how many connections a person has here, and with which status. */
  tell(user: Id, count: number, status: PersonStatus = 'available'): void {
    if (!this.backplane.shared) return;
    this.changed.set(user, [count, status]);
    this.telling ??= setTimeout(() => this.tellAll(), TOGETHER_MS).unref();
  }

  private tellAll(): void {
    this.telling = undefined;
    const counts = [...this.changed].map(([user, [count, status]]) =>
      status === 'available' ? ([user, count] as const) : ([user, count, status] as const),
    );
    this.changed.clear();
    for (let from = 0; from < counts.length; from += AT_ONCE) {
      this.backplane.mention('connected', { counts: counts.slice(from, from + AT_ONCE) });
    }
  }

  private take(node: string, told: readonly (readonly [Id, number, PersonStatus?])[]): void {
    const known = this.byNode.get(node) ?? { counts: new Map(), statuses: new Map(), silent: false };
    this.byNode.set(node, known);
    for (const [user, count, status] of told) {
      if (count > 0) known.counts.set(user, count);
      else known.counts.delete(user);
      if (count > 0 && status) known.statuses.set(user, status);
      else known.statuses.delete(user);
      this.onChange(user, false);
    }
  }

  /** While nothing at all is heard, nothing is known of the others, and all stays as it was. */
  private look(): void {
    if (this.backplane.redis !== 'up') return;
    for (const [name, node] of this.byNode) {
      const silent = !this.backplane.hears(name);
      if (!this.backplane.knows(name)) this.byNode.delete(name);
      if (silent === node.silent) continue;
      node.silent = silent;
      for (const user of node.counts.keys()) this.onChange(user, silent);
    }
  }
}
