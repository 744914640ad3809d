import { TestBed } from '@angular/core/testing';
import fc from 'fast-check';
import { eventually } from '../../testing/eventually';
import { FakeServer } from '../../testing/fake-server';
import { emptyStorage } from '../../testing/fake-storage';
import { Language } from '../shared/language';
import { flagOf, PhoneNumbers } from './phone-numbers';

async function numbers(...languages: string[]): Promise<PhoneNumbers> {
  jest.spyOn(navigator, 'languages', 'get').mockReturnValue(languages);
  const all = TestBed.inject(PhoneNumbers);
  await TestBed.inject(Language).ready();
  await eventually(() => expect(all.countries().length).toBeGreaterThan(200));
  return all;
}

describe('PhoneNumbers', () => {
  let server: FakeServer;

  beforeEach(() => {
    emptyStorage();
    server = new FakeServer().install();
  });
  afterEach(() => jest.restoreAllMocks());

  it.each([
    ['0912 345 567', 'VN', '+84912345567'],
    ['912345567', 'VN', '+84912345567'],
    ['+84 (0)91-234.5567', 'US', '+84912345567'],
    ['0084 912 345 567', 'VN', '+84912345567'],
    ['０９１２３４５５６７', 'VN', '+84912345567'],
    ['(202) 555-0143', 'US', '+12025550143'],
    ['+44 7911 123456', 'VN', '+447911123456'],
  ])('S4 takes %s of %s for %s', async (text, country, e164) => {
    const all = await numbers('en-GB');
    expect([all.international({ text, country }), all.isPossible({ text, country })]).toEqual([e164, true]);
  });

  it.each(['12', 'call me', '0912 345 567 ext. 8', '+999 123 456 789', '0912 345 567 8901 234'])(
    'takes %s for no number, and leaves it as it is',
    async (text) => {
      const all = await numbers('en-GB');
      expect([all.isPossible({ text, country: 'VN' }), all.international({ text, country: 'VN' })]).toEqual([
        false,
        text,
      ]);
    },
  );

  it('writes a number as its country does, and finds the country of one that names it', async () => {
    const all = await numbers('en-GB');
    expect(all.tidy({ text: '+84912345567', country: 'GB' })).toEqual({ text: '0912 345 567', country: 'VN' });
    expect(all.tidy({ text: '+44 7911 123456', country: 'GB' })).toEqual({ text: '07911 123456', country: 'GB' });
    expect(all.tidy({ text: 'call me', country: 'GB' })).toEqual({ text: 'call me', country: 'GB' });
  });

  it('means the same number before and after it is tidied', async () => {
    const all = await numbers('en-GB');
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789+ -'), maxLength: 16 });
    fc.assert(
      fc.property(digits, fc.constantFrom('VN', 'US', 'GB', 'DE', 'IT'), (text, country) => {
        fc.pre(all.isPossible({ text, country }));
        expect(all.international(all.tidy({ text, country }))).toBe(all.international({ text, country }));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [['en-GB', 'de'], 'GB'],
    [['en', 'vi-VN'], 'VN'],
    [['vi'], 'VN'],
    [['es-419'], 'VN'],
    [[], 'VN'],
  ])('is at home, in a browser that speaks %j, in %s while the server has not said', async (languages, home) => {
    expect((await numbers(...languages)).home()).toBe(home);
  });

  it('S4 is at home where the server says, and a form with it, unless somebody has chosen otherwise', async () => {
    server.answer('GET /api/server', 200, { default_country: 'VN' });
    const all = await numbers('en-US');
    const [untouched, chosen] = [all.atHome({ phone: '0912' }), all.atHome({ phone: '' })];
    chosen.update((values) => ({ ...values, country: 'DE' }));
    await eventually(() => expect(all.home()).toBe('VN'));
    expect(untouched()).toEqual({ phone: '0912', country: 'VN' });
    expect(chosen()).toEqual({ phone: '', country: 'DE' });
    expect(all.countries().slice(0, 2)).toMatchObject([{ code: 'VN' }, { code: 'US' }]);
  });

  it('lists the likely countries first: in Vietnamese Vietnam, then the reader’s own', async () => {
    const all = await numbers('en-GB');
    expect(
      all
        .countries()
        .slice(0, 2)
        .map(({ name, callingCode }) => [name, callingCode]),
    ).toEqual([
      ['United Kingdom', '+44'],
      ['Afghanistan', '+93'],
    ]);
    TestBed.inject(Language).choose('vi');
    TestBed.tick();
    await eventually(() =>
      expect(
        all
          .countries()
          .slice(0, 2)
          .map(({ code }) => code),
      ).toEqual(['VN', 'GB']),
    );
  });

  it('knows flags', () => expect(flagOf('VN')).toBe('🇻🇳'));
});
