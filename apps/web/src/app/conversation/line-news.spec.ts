import type { ConnectionState } from '@parley/sdk';
import { Subject } from 'rxjs';
import { type LineNews, lineNews } from './line-news';

const ONLINE: ConnectionState = { status: 'online', since: 0 };
const CONNECTING: ConnectionState = { status: 'connecting' };

function offlineFor(ms: number): ConnectionState {
  return { status: 'offline', reason: 'lost', retryAt: Date.now() + ms } as ConnectionState;
}

describe('lineNews', () => {
  let states: Subject<ConnectionState>;
  let told: LineNews[];

  beforeEach(() => {
    jest.useFakeTimers();
    states = new Subject();
    told = [];
    lineNews(states).subscribe((news) => told.push(news));
  });

  afterEach(() => jest.useRealTimers());

  function last(): LineNews | undefined {
    return told.at(-1);
  }

  it('says nothing of a line that comes up soon', () => {
    states.next(CONNECTING);
    jest.advanceTimersByTime(1_900);
    states.next(ONLINE);
    jest.advanceTimersByTime(60_000);
    expect(told).toEqual([null]);
  });

  it('says that it connects when that takes its time', () => {
    states.next(CONNECTING);
    jest.advanceTimersByTime(2_000);
    expect(last()).toEqual({ kind: 'connecting' });
  });

  it('says nothing of a blink', () => {
    states.next(ONLINE);
    states.next(offlineFor(500));
    jest.advanceTimersByTime(500);
    states.next(CONNECTING);
    jest.advanceTimersByTime(100);
    states.next(ONLINE);
    jest.advanceTimersByTime(60_000);
    expect(told).toEqual([null, null].slice(0, told.length));
  });

  it('says that the line is down, and counts to the next attempt', () => {
    states.next(ONLINE);
    states.next(offlineFor(4_500));
    jest.advanceTimersByTime(1_000);
    expect(last()).toEqual({ kind: 'down', seconds: 4 });
    jest.advanceTimersByTime(2_000);
    expect(last()).toEqual({ kind: 'down', seconds: 2 });
  });

  it('says so too when attempt after attempt fails at once', () => {
    states.next(ONLINE);
    for (let attempt = 0; attempt < 4; attempt++) {
      states.next(offlineFor(400));
      jest.advanceTimersByTime(400);
      states.next(CONNECTING);
      jest.advanceTimersByTime(10);
    }
    expect(last()).toEqual({ kind: 'down', seconds: expect.any(Number) });
  });

  it('leaves what it says as it is during an attempt that fails at once', () => {
    states.next(ONLINE);
    states.next(offlineFor(2_000));
    jest.advanceTimersByTime(2_000);
    states.next(CONNECTING);
    jest.advanceTimersByTime(50);
    states.next(offlineFor(3_000));
    jest.advanceTimersByTime(0);
    expect(told.filter((news) => news?.kind === 'connecting')).toEqual([]);
    expect(last()).toEqual({ kind: 'down', seconds: 3 });
  });

  it('says for a moment that the line is back', () => {
    states.next(ONLINE);
    states.next(offlineFor(5_000));
    jest.advanceTimersByTime(2_000);
    states.next(ONLINE);
    expect(last()).toEqual({ kind: 'back' });
    jest.advanceTimersByTime(2_500);
    expect(last()).toBeNull();
  });

  it('says nothing once the session has ended', () => {
    states.next(offlineFor(30_000));
    jest.advanceTimersByTime(5_000);
    states.next({ status: 'closed', reason: 'signedOut' });
    expect(last()).toBeNull();
  });
});
