import { TestBed } from '@angular/core/testing';
import { Page } from '../../../testing/page';
import { Language } from '../../shared/language';
import { DayLine } from './day-line';

describe('DayLine', () => {
  afterEach(() => jest.restoreAllMocks());

  async function day(code: 'en' | 'vi', daysAgo: number): Promise<string> {
    localStorage.setItem('parley.language', JSON.stringify(code));
    await TestBed.inject(Language).ready();
    const now = new Date();
    const at = new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo, 12).toISOString();
    return (await Page.of(DayLine, { at })).text;
  }

  it.each([
    ['en', 0, 'Today'],
    ['en', 1, 'Yesterday'],
    ['vi', 0, 'Hôm nay'],
    ['vi', 1, 'Hôm qua'],
  ] as const)('in %s, %s days ago is %s', async (code, daysAgo, text) => {
    expect(await day(code, daysAgo)).toBe(text);
  });

  it('has the year of another one', async () => {
    expect(await day('vi', 400)).toContain(String(new Date(Date.now() - 400 * 86_400_000).getFullYear()));
  });
});
