import fc from 'fast-check';
import { maskPhone, parsePhone, phoneIn, phonePrefix } from './phone';

/** Valid Vietnamese mobile numbers: 9 national digits that begin with 91. */
const national = fc.integer({ min: 0, max: 9_999_999 }).map((rest) => `91${String(rest).padStart(7, '0')}`);
const separator = fc.constantFrom('', ' ', '.', '-', '\u00a0', '\u2013', ' - ');

/** The digits with separators between them, as people write them. */
const written = (digits: string, between: string[]): string =>
  [...digits]
    .map((digit, index) => digit + (between[index] ?? ''))
    .join('')
    .trim();

describe('phoneIn', () => {
  it.each([
    ['+84912345567', '+84912345567'],
    ['0912345567', '+84912345567'],
    ['0912 345 567', '+84912345567'],
    ['(091) 234-5567', '+84912345567'],
    ['0084 912 345 567', '+84912345567'],
    ['+84 (0) 912 345 567', '+84912345567'],
    ['＋８４ ９１２ ３４５ ５６７', '+84912345567'],
    ['٠٩١٢٣٤٥٥٦٧', '+84912345567'],
    ['+49 30 901820', '+4930901820'],
    ['+1 212-736-5000', '+12127365000'],
  ])('reads %s as %s', (typed, e164) => expect(phoneIn(typed, 'VN')).toBe(e164));

  it.each([
    '',
    '+',
    '0',
    '12',
    '091234556',
    '09123455678901234',
    '+999123456789',
    '0912x345567',
    '0912345567 ext 5',
    '0912345567;ext=5',
    '1-800-FLOWERS',
    'tel:+84912345567',
    '+84912345567, +84912345568',
    '0912\u0000345567',
    '{"$gt":""}',
    '९१२३४५५६७८',
    '9'.repeat(10_000),
  ])('refuses %j', (typed) => expect(phoneIn(typed, 'VN')).toBeUndefined());

  it('reads every way of writing a number as the same number', () => {
    fc.assert(
      fc.property(
        national,
        fc.array(separator, { minLength: 9, maxLength: 9 }),
        fc.constantFrom('0', '+84', '+84 ', '0084'),
        (digits, between, start) => {
          expect(phoneIn(start + written(digits, between), 'VN')).toBe(`+84${digits}`);
        },
      ),
    );
  });

  it('gives E.164 or nothing for anything, and reads its own result as the same', () => {
    const almost = fc.string({ unit: fc.constantFrom(...'0123456789+()-. ٣８x\u0000'), maxLength: 20 });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), almost), (typed) => {
        const phone = phoneIn(typed, 'VN');
        if (phone === undefined) return;
        expect(phone).toMatch(/^\+[1-9]\d{3,14}$/);
        expect(phoneIn(phone, 'DE')).toBe(phone);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('parsePhone', () => {
  it('names the field, and does not repeat what was typed', () => {
    expect(() => parsePhone('12x45', 'VN', 'to')).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_FAILED',
        more: { fields: { to: expect.stringMatching(/^A valid phone number/) as string } },
      }),
    );
  });
});

describe('maskPhone', () => {
  it.each([
    ['+84912345567', '+84 ••• ••• 567'],
    ['+12127365000', '+1 ••• ••• 000'],
    ['+4930901820', '+49 ••• ••• 820'],
    ['+2904123', '+290 ••• ••• •••'],
  ])('makes %s %s', (phone, masked) => expect(maskPhone(phone)).toBe(masked));

  it('shows country code and three digits, and hides even how many others there are', () => {
    fc.assert(
      fc.property(national, (digits) => expect(maskPhone(`+84${digits}`)).toBe(`+84 ••• ••• ${digits.slice(-3)}`)),
    );
  });
});

describe('phonePrefix', () => {
  it.each([
    ['+8491', '+8491'],
    ['0912', '+84912'],
    ['912 3', '+849123'],
    ['09', undefined],
    ['091a', undefined],
    ['.*912', undefined],
  ])('reads %s as %s', (typed, prefix) => expect(phonePrefix(typed, 'VN')).toBe(prefix));
});
