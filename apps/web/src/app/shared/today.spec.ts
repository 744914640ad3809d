import { TestBed } from '@angular/core/testing';
import { Today } from './today';

describe('Today', () => {
  afterEach(() => jest.useRealTimers());

  it('turns at midnight of the reader’s time zone, and not before', () => {
    jest.useFakeTimers({ now: new Date(2026, 10, 22, 21, 30) });
    const { date } = TestBed.inject(Today);
    const before = date();
    jest.advanceTimersByTime(2.4 * 3_600_000);
    expect(date()).toBe(before);
    jest.advanceTimersByTime(0.2 * 3_600_000);
    expect(date().getDate()).toBe(23);
  });
});
