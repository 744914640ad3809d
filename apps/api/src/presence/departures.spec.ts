import { Departures, type Departure } from './departures';

const GRACE_MS = 15_000;
const leaves = (user: string): Departure => ({ user, at: new Date(), noted: true });

describe('F4 Departures', () => {
  let gone: string[][];
  let departures: Departures;

  beforeEach(() => {
    jest.useFakeTimers();
    gone = [];
    departures = new Departures(GRACE_MS, (due) => gone.push(due.map(({ user }) => user)));
  });
  afterEach(() => jest.useRealTimers());

  it('F4 are told when their time is over, those of about the same moment together', () => {
    departures.add(leaves('an'));
    jest.advanceTimersByTime(400);
    departures.add(leaves('binh'));
    jest.advanceTimersByTime(400);
    departures.add(leaves('cuc'));
    jest.advanceTimersByTime(GRACE_MS - 801);
    expect(gone).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(gone).toEqual([['an']]);
    jest.advanceTimersByTime(1_000);
    expect(gone).toEqual([['an'], ['binh', 'cuc']]);
  });

  it('F4 are not told of those who came back, whose time begins anew when they leave again', () => {
    departures.add(leaves('an'));
    jest.advanceTimersByTime(GRACE_MS - 1);
    departures.cancel('an');
    departures.add(leaves('an'));
    jest.advanceTimersByTime(GRACE_MS - 1);
    expect(gone).toEqual([]);
    jest.advanceTimersByTime(1_001);
    expect(gone).toEqual([['an']]);
  });

  it('F4 count from the first time that somebody is said to have left', () => {
    departures.add(leaves('an'));
    jest.advanceTimersByTime(GRACE_MS - 1);
    departures.add(leaves('an'));
    jest.advanceTimersByTime(1);
    expect(gone).toEqual([['an']]);
  });

  it('F4 end with the server, which is told who was leaving', () => {
    const an = leaves('an');
    departures.add(an);
    expect(departures.stop()).toEqual([expect.objectContaining(an)]);
    departures.add(leaves('binh'));
    jest.advanceTimersByTime(2 * GRACE_MS);
    expect(gone).toEqual([]);
  });
});
