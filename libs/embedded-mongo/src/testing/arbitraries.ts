import { Binary, Decimal128, ObjectId, Timestamp } from 'bson';
import * as fc from 'fast-check';
import { double, type Doc, type Value } from '../bson/values';

const numbers: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.integer(),
  fc.double().map(double),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(2n ** 53n, 2n ** 53n + 1n, double(2 ** 53), double(5), 5n),
  fc
    .tuple(fc.integer(), fc.integer({ min: -20, max: 20 }))
    .map(([digits, exponent]) => Decimal128.fromString(`${digits}E${exponent}`)),
);

const scalars: fc.Arbitrary<Value> = fc.oneof(
  numbers,
  fc.constantFrom(null, true, false),
  fc.string({ unit: 'binary' }),
  fc.string({ maxLength: 3 }),
  fc.constantFrom('', 'a', 'a\0', 'a\0b', 'ab', '\u{1F600}', '\uffff'),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
  fc.uint8Array({ maxLength: 5 }).map((bytes) => new Binary(bytes)),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => new Timestamp(value)),
);

const fieldNames = fc.constantFrom('a', 'b', 'c', '0', '10', '__proto__', 'constructor');

/** Any value, nested a little. */
export const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value; doc: Doc }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    { arbitrary: scalars, weight: 5 },
    fc.array(tie('value'), { maxLength: 3 }),
    tie('doc'),
  ),
  doc: fc.array(fc.tuple(fieldNames, tie('value')), { maxLength: 3 }).map((fields) => new Map(fields) as Doc),
})).value;

/** Any document, nested a little. */
export const anyDocument: fc.Arbitrary<Doc> = fc
  .array(fc.tuple(fieldNames, anyValue), { maxLength: 4 })
  .map((fields) => new Map(fields) as Doc);

/** Few different values, so that comparisons meet equal ones. */
export const smallValue: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.constantFrom<Value>(null, true, 'a', 'ab', 'b', double(2), 3n, 1.5),
  fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
  fc.integer({ min: 0, max: 2 }).map((b) => new Map([['b', b]]) as Doc),
);
