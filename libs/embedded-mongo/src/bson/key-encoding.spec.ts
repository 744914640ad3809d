import * as fc from 'fast-check';
import { anyValue } from '../testing/arbitraries';
import { compareValues } from './compare';
import { afterPrefix, encodeKey, KeyWriter } from './key-encoding';
import { Decimal128, double } from './values';

describe('the key encoding', () => {
  it('orders bytes as the values are ordered, in either direction', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (a, b) => {
        const order = Math.sign(compareValues(a, b));
        expect(Math.sign(encodeKey(a).compare(encodeKey(b)))).toBe(order);
        expect(Math.sign(encodeKey(a, true).compare(encodeKey(b, true)))).toBe(order === 0 ? 0 : -order);
      }),
      { numRuns: 3000 },
    );
  });

  it('orders compound keys field by field', () => {
    fc.assert(
      fc.property(anyValue, anyValue, anyValue, anyValue, (a, b, c, d) => {
        const first = new KeyWriter().add(a, false).add(b, true).finish();
        const second = new KeyWriter().add(c, false).add(d, true).finish();
        expect(Math.sign(first.compare(second))).toBe(Math.sign(compareValues(a, c) || compareValues(d, b)));
      }),
      { numRuns: 1000 },
    );
  });

  it('gives equal numbers of all types one key', () => {
    const keys = [5, double(5), 5n, Decimal128.fromString('5.00')].map((value) => encodeKey(value).toString('hex'));
    expect(new Set(keys).size).toBe(1);
  });

  it('tells numbers apart that round to the same double', () => {
    const ascending = [
      double(2 ** 53),
      2n ** 53n + 1n,
      Decimal128.fromString('9007199254740993.5'),
      double(2 ** 53 + 4),
    ];
    const keys = ascending.map((value) => encodeKey(value));
    expect([...keys].sort(Buffer.compare)).toEqual(keys);
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(4);
  });

  it('puts an empty array below null', () => {
    expect(encodeKey(undefined).compare(encodeKey(null))).toBeLessThan(0);
  });

  it('finds the end of a prefix', () => {
    expect(afterPrefix(Buffer.from([1, 2]))).toEqual(Buffer.from([1, 3]));
    expect(afterPrefix(Buffer.from([1, 0xff]))).toEqual(Buffer.from([2]));
    expect(afterPrefix(Buffer.from([0xff]))).toBeUndefined();
  });
});
