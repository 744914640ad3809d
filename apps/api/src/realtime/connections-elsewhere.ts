import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Id, PersonStatus } from '@parley/contract';
import { Backplane } from '../cluster/backplane';
import type { Notices } from '../cluster/notices';

/** What is told within so many milliseconds is told together. */
const TOGETHER_MS = 20;

/** People of one message. */
const AT_ONCE = 1_000;

/** How often it is looked whether nodes have fallen silent, or come back. */
const LOOK_EVERY_MS = 1_000;

/** How many connections somebody has, and their status where it is not `available`. */
type Count = Notices['connected']['counts'][number];

/** What a node has told of the people who are connected to it. */
interface Node {
  counts: Map<Id, number>;
  /** Of those who are not `available`. */
  statuses: Map<Id, PersonStatus>;
  /** While it says who all its people are: how many parts have come, and whom they name. */
  statement?: { parts: number; named: Set<Id> };
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
    backplane.on('connected', ({ counts, part }, name) => {
      const node = this.nodeOf(name);
      this.take(node, counts);
      if (part) this.takePart(node, counts, ...part);
    });
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
    this.telling ??= setTimeout(() => this.tellChanged(), TOGETHER_MS).unref();
  }

  /** Tells the other nodes of all who are connected here: whoever they know of besides is not, any more. */
  tellAll(people: Iterable<readonly [user: Id, count: number, status: PersonStatus]>): void {
    if (!this.backplane.shared) return;
    const pages = pagesOf(Array.from(people, countOf));
    // An empty page is told as well: there is nobody here.
    if (pages.length === 0) pages.push([]);
    for (const [index, counts] of pages.entries()) {
      this.backplane.mention('connected', { counts, part: [index + 1, pages.length] });
    }
  }

  private tellChanged(): void {
    this.telling = undefined;
    const changed = Array.from(this.changed, ([user, [count, status]]) => countOf([user, count, status]));
    this.changed.clear();
    for (const counts of pagesOf(changed)) this.backplane.mention('connected', { counts });
  }

  private nodeOf(name: string): Node {
    const node = this.byNode.get(name) ?? { counts: new Map(), statuses: new Map(), silent: false };
    this.byNode.set(name, node);
    return node;
  }

  /** Whoever is not named by all parts together has gone. Where a part was lost, nothing follows from the others. */
  private takePart(node: Node, counts: readonly Count[], number: number, of: number): void {
    if (number === 1) node.statement = { parts: 0, named: new Set() };
    const { statement } = node;
    if (!statement || ++statement.parts !== number) return void delete node.statement;
    for (const [user] of counts) statement.named.add(user);
    if (number < of) return;
    delete node.statement;
    const gone = [...node.counts.keys()].filter((user) => !statement.named.has(user));
    this.take(
      node,
      gone.map((user) => [user, 0]),
    );
  }

  private take(known: Node, told: readonly Count[]): void {
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

function countOf([user, count, status]: readonly [Id, number, PersonStatus]): Count {
  return status === 'available' ? [user, count] : [user, count, status];
}

function pagesOf(counts: readonly Count[]): Count[][] {
  return Array.from({ length: Math.ceil(counts.length / AT_ONCE) }, (_, page) =>
    counts.slice(page * AT_ONCE, (page + 1) * AT_ONCE),
  );
}
