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
  private take: (data: { counts: Counts }, node: string) => void = () => undefined;

  on(_notice: string, take: (data: { counts: Counts }, node: string) => void): void {
    this.take = take;
  }

  mention(_notice: string, { counts }: { counts: Counts }): void {
    this.told.push(...counts);
  }

  hears = (node: string): boolean => this.lively.has(node);
  knows = (node: string): boolean => this.known.has(node);

  says(node: string, ...counts: Counts): void {
    this.lively.add(node);
    this.known.add(node);
    this.take({ counts }, node);
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
