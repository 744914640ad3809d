import { TestBed } from '@angular/core/testing';
import { emptyStorage } from '../../testing/fake-storage';
import { Language } from './language';
import { Moments } from './moments';

const NOW = new Date(2026, 10, 22, 15, 30);
const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).toISOString();

async function moments(code: 'en' | 'vi' = 'en'): Promise<Moments> {
  localStorage.setItem('parley.language', JSON.stringify(code));
  await TestBed.inject(Language).ready();
  return TestBed.inject(Moments);
}

describe('Moments', () => {
  beforeEach(() => {
    emptyStorage();
    jest.spyOn(navigator, 'languages', 'get').mockReturnValue(['en-GB', 'vi']);
  });
  afterEach(() => jest.restoreAllMocks());

  it('names a day as people do', async () => {
    const told = await moments();
    expect(told.day(at(2026, 10, 22, 0, 1), NOW)).toBe('Today');
    expect(told.day(at(2026, 10, 21, 23, 59), NOW)).toBe('Yesterday');
    expect(told.day(at(2026, 10, 16), NOW)).toMatch(/Monday,? 16 November/);
    expect(told.day(at(2025, 10, 16), NOW)).toBe('16 November 2025');
  });

  it('is as short as a list wants it', async () => {
    const told = await moments();
    expect(told.short(at(2026, 10, 22, 9, 5), NOW)).toMatch(/^0?9:05$/);
    expect(told.short(at(2026, 10, 20), NOW)).toBe('Fri');
    expect(told.short(at(2026, 0, 3), NOW)).toBe('03/01/26');
  });

  it.each([
    [0, 'now'],
    [59, 'now'],
    [60, '1 minute ago'],
    [3_599, '59 minutes ago'],
    [86_399, '23 hours ago'],
    [86_400, 'yesterday'],
    [40 * 86_400, 'last month'],
    [-30, 'now'],
  ])('tells, %i seconds later, how long ago it was: %s', async (seconds, told) => {
    const then = new Date(NOW.getTime() - seconds * 1_000).toISOString();
    expect((await moments()).ago(then, NOW)).toBe(told);
  });

  it('speaks Vietnamese', async () => {
    const told = await moments('vi');
    expect(told.day(at(2026, 10, 21), NOW)).toBe('Hôm qua');
    expect(told.ago(at(2026, 10, 22, 15, 25), NOW)).toBe('5 phút trước');
  });

  it('counts days and not hours, also where the clock is changed', async () => {
    const told = await moments();
    expect(told.day(at(2026, 2, 29, 0, 30), new Date(2026, 2, 29, 23, 30))).toBe('Today');
    expect(told.day(at(2026, 2, 28, 23, 30), new Date(2026, 2, 29, 0, 30))).toBe('Yesterday');
  });
});
