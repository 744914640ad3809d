import { RecentNotices } from './recent-notices';

describe('RecentNotices', () => {
  it('keeps of each subject the newest, in the order in which they were told', () => {
    const recent = new RecentNotices();
    recent.add('read', { room: 'r', user: 'u', read: 1 });
    recent.add('accountChanged', { user: 'u' });
    recent.add('read', { room: 'r', user: 'v', read: 1 });
    recent.add('read', { room: 'r', user: 'u', read: 2 });
    expect(recent.all().map(({ data }) => data)).toEqual([
      { user: 'u' },
      { room: 'r', user: 'v', read: 1 },
      { room: 'r', user: 'u', read: 2 },
    ]);
  });

  it('does not grow for ever', () => {
    const recent = new RecentNotices();
    for (let index = 0; index < 6_000; index++) recent.add('revoked', { session: `${index}` });
    const kept = recent.all();
    expect(kept).toHaveLength(5_000);
    expect(kept.at(-1)!.data).toEqual({ session: '5999' });
  });

  it('forgets what was told more than five minutes ago', () => {
    jest.useFakeTimers();
    const recent = new RecentNotices();
    recent.add('made', { room: 'old' });
    jest.advanceTimersByTime(4 * 60_000);
    recent.add('made', { room: 'new' });
    jest.advanceTimersByTime(2 * 60_000);
    expect(recent.all().map(({ data }) => data)).toEqual([{ room: 'new' }]);
    jest.useRealTimers();
  });
});
