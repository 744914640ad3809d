import { compareValues } from './compare';
import { add } from './numbers';
import { Decimal128, double, Double } from './values';

const decimal = (text: string): Decimal128 => Decimal128.fromString(text);

describe('arithmetic over the numeric types', () => {
  it.each([
    ['int32s', add(2, 3), 5],
    ['int32s that grow into an int64', add(2147483647, 1), 2147483648n],
    ['an int64', add(5n, 1), 6n],
    ['doubles', add(1.5, 2), 3.5],
    ['a whole double stays a double', add(new Double(1), 1), new Double(2)],
  ])('%s', (_, result, expected) => expect(result).toEqual(expected));

  it('refuses arithmetic on decimals', () => {
    expect(() => add(decimal('0.1'), 1)).toThrow('Decimal128');
    expect(() => add(2n, decimal('3'))).toThrow('Decimal128');
  });

  it('becomes a double beyond int64', () => expect(add(2n ** 63n - 1n, 1)).toBe(2 ** 63));

  it('compares exactly what rounds to one double', () => {
    expect(compareValues(2n ** 53n + 1n, double(2 ** 53))).toBeGreaterThan(0);
    expect(compareValues(decimal('0.1'), 0.1)).toBeLessThan(0);
    expect(compareValues(Number.NaN, double(-Infinity))).toBeLessThan(0);
    expect(compareValues(Number.NaN, Number.NaN)).toBe(0);
    expect(compareValues(decimal('Infinity'), double(Infinity))).toBe(0);
  });
});
