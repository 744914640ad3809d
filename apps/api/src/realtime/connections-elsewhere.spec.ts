import type { Id, PersonStatus } from '@parley/contract';
import type { Backplane } from '../cluster/backplane';
import type { Notices } from '../cluster/notices';
import { ConnectionsElsewhere } from './connections-elsewhere';

type Counts = Notices['connected']['counts'];

/** What another node and Redis do, as a test says. */
class FakeBackplane {
  readonly shared = true;
  redis: 'up' | 'down' = 'up';
  readonly lively = new Set<string>();
  readonly known = new Set<string>();
  readonly told: Counts = [];
  readonly mentions: Notices['connected'][] = [];
  private take: (data: Notices['connected'], node: string) => void = () => undefined;

  on(_notice: string, take: (data: Notices['connected'], node: string) => void): void {
    this.take = take;
  }

  mention(_notice: string, data: Notices['connected']): void {
    this.mentions.push(data);
    this.told.push(...data.counts);
  }

  hears = (node: string): boolean => this.lively.has(node);
  knows = (node: string): boolean => this.known.has(node);

  says(node: string, ...counts: Counts): void {
    this.lively.add(node);
    this.known.add(node);
    this.take({ counts }, node);
  }

  states(node: string, part: readonly [number, number], ...counts: Counts): void {
    this.take({ counts, part }, node);
  }
}

describe('ConnectionsElsewhere', () => {
  let backplane: FakeBackplane;
  let elsewhere: ConnectionsElsewhere;
  let changes: [Id, lost: boolean][];

  beforeEach(() => {
    jest.useFakeTimers();
    backplane = new FakeBackplane();
    changes = [];
    elsewhere = new ConnectionsElsewhere(backplane as unknown as Backplane);
    elsewhere.whenChanged((user, lost) => changes.push([user, lost]));
    elsewhere.onApplicationBootstrap();
  });
  afterEach(() => {
    elsewhere.onModuleDestroy();
    jest.useRealTimers();
  });

  const statuses = (...users: Id[]): (PersonStatus | undefined)[] => users.map((user) => elsewhere.statusOf(user));
  const aSecondLater = (): void => void jest.advanceTimersByTime(1_000);

  it('F4 knows who is at which node, with which status, as that node says it', () => {
    backplane.says('one', ['an', 2], ['binh', 1, 'busy']);
    backplane.says('two', ['an', 1, 'away']);
    expect([elsewhere.of('an'), elsewhere.of('binh'), elsewhere.of('cuc')]).toEqual([3, 1, 0]);
    expect(statuses('binh', 'cuc')).toEqual(['busy', undefined]);
    backplane.says('one', ['an', 0], ['binh', 1]);
    expect(statuses('an', 'binh')).toEqual(['away', 'available']);
  });

  it('F4 takes nobody for being there whose node says nothing, and takes them back when it does', () => {
    backplane.says('one', ['an', 1]);
    backplane.lively.delete('one');
    aSecondLater();
    expect([statuses('an'), elsewhere.of('an')]).toEqual([[undefined], 1]);
    backplane.lively.add('one');
    aSecondLater();
    expect(statuses('an')).toEqual(['available']);
    expect(changes).toEqual([
      ['an', false],
      ['an', true],
      ['an', false],
    ]);
  });

  it('F4 forgets a node that is not known any more', () => {
    backplane.says('one', ['an', 1]);
    backplane.lively.clear();
    backplane.known.clear();
    aSecondLater();
    backplane.lively.add('one');
    backplane.known.add('one');
    aSecondLater();
    expect([statuses('an'), elsewhere.of('an')]).toEqual([[undefined], 0]);
  });

  it('F4 leaves all as it was while Redis is away and nobody can be heard', () => {
    backplane.says('one', ['an', 1]);
    backplane.redis = 'down';
    backplane.lively.clear();
    aSecondLater();
    expect(statuses('an')).toEqual(['available']);
    backplane.redis = 'up';
    aSecondLater();
    expect(statuses('an')).toEqual([undefined]);
  });

  it('F4 takes everybody for gone whom a node does not name when it says who all its people are', () => {
    backplane.says('one', ['an', 1], ['binh', 1, 'busy'], ['cuc', 2]);
    backplane.says('two', ['binh', 1]);
    changes = [];
    backplane.states('one', [1, 2], ['an', 1]);
    expect([elsewhere.of('binh'), elsewhere.of('cuc')]).toEqual([2, 2]);
    backplane.states('one', [2, 2], ['dung', 1]);
    expect(['an', 'binh', 'cuc', 'dung'].map((user) => elsewhere.of(user))).toEqual([1, 1, 0, 1]);
    expect(statuses('binh', 'cuc')).toEqual(['available', undefined]);
    expect(changes.map(([user]) => user)).toEqual(['an', 'dung', 'binh', 'cuc']);
    backplane.states('one', [1, 1]);
    expect(['an', 'binh', 'dung'].map((user) => elsewhere.of(user))).toEqual([0, 1, 0]);
  });

  it.each([
    ['first', [2]],
    ['middle', [1, 3]],
    ['last', [1, 2, 1]],
  ])('F4 takes nobody for gone where the %s part of that was lost', (_which, parts) => {
    backplane.says('one', ['an', 1], ['binh', 1]);
    for (const part of parts) backplane.states('one', [part, 3], ['an', 1]);
    expect([elsewhere.of('an'), elsewhere.of('binh')]).toEqual([1, 1]);
    for (const part of [1, 2, 3]) backplane.states('one', [part, 3], ['an', 1]);
    expect([elsewhere.of('an'), elsewhere.of('binh')]).toEqual([1, 0]);
  });

  it('F4 says who all are at once, in parts of a thousand people, also where there is nobody', () => {
    const people = Array.from({ length: 2_001 }, (_, index) => [`${index}`, 1, 'available'] as const);
    elsewhere.tellAll(people);
    elsewhere.tellAll([]);
    const parts = backplane.mentions.map(({ counts, part }) => [counts.length, part]);
    expect(parts).toEqual([
      [1_000, [1, 3]],
      [1_000, [2, 3]],
      [1, [3, 3]],
      [0, [1, 1]],
    ]);
  });

  it('F4 says together what changes at the same time, of each person the newest, statuses where they are worth it', () => {
    elsewhere.tell('an', 1);
    elsewhere.tell('binh', 1, 'busy');
    elsewhere.tell('an', 2, 'available');
    expect(backplane.told).toEqual([]);
    jest.advanceTimersByTime(20);
    expect(backplane.told).toEqual([
      ['an', 2],
      ['binh', 1, 'busy'],
    ]);
  });
});
