import { Binary, BSONRegExp, Decimal128, doc, double, ObjectId, Timestamp } from '../../../bson/values';
import type { Doc, Value } from '../../../bson/values';

export const long = BigInt;
export const decimal = (text: string): Decimal128 => Decimal128.fromString(text);
export const regex = (pattern: string, options = ''): BSONRegExp => new BSONRegExp(pattern, options);
export const date = (ms: number): Date => new Date(ms);
export const binary = (text: string, subtype = 0): Binary => new Binary(Buffer.from(text, 'hex'), subtype);
export const id = (n: number): ObjectId => new ObjectId(n.toString(16).padStart(24, '0'));
/** A document of names that JavaScript would put in an order of its own. */
export const fields = (...pairs: [string, Value][]): Doc => new Map(pairs);

/** Scalars of every type, and those numbers that are hard to tell apart. */
export const SCALARS: readonly Value[] = [
  null,
  0,
  1,
  -1,
  5,
  double(0),
  -0,
  double(5),
  1.5,
  -1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  long(5),
  long('9007199254740993'),
  9007199254740992,
  long('9223372036854775807'),
  long('-9223372036854775808'),
  2147483647,
  2 ** 63,
  decimal('5'),
  decimal('1.5'),
  decimal('1.50'),
  decimal('0.1'),
  0.1,
  decimal('NaN'),
  decimal('Infinity'),
  decimal('-Infinity'),
  decimal('9007199254740993'),
  '',
  'a',
  'A',
  'ab',
  'abc',
  'a\nb',
  'é',
  '\u{1F600}',
  '\uffff',
  'a\0b',
  false,
  true,
  date(0),
  date(-1),
  date(1_600_000_000_000),
  id(1),
  id(2),
  binary(''),
  binary('01'),
  binary('02'),
  binary('0102'),
  binary('01', 5),
  new Timestamp({ t: 1, i: 2 }),
  new Timestamp({ t: 0xffffffff, i: 1 }),
  regex('a', 'i'),
  regex('a'),
];

/** Arrays and documents, one in another. */
export const CONTAINERS: readonly Value[] = [
  [],
  [null],
  [[]],
  [1],
  [1, 2, 3],
  [3, 2, 1],
  [1, 'a', null, doc({ b: 1 })],
  ['a', 'ab'],
  [5, double(5), long(5)],
  [[1, 2], [3]],
  [[1, 2]],
  [[[1]]],
  [doc({ b: 1 }), doc({ b: 2 }), doc({ c: 3 })],
  [doc({ b: [1, 2] }), doc({ b: [3, 4] })],
  [doc({ b: null })],
  [doc({})],
  [doc({ b: doc({ c: 1 }) }), doc({ b: doc({ c: 5 }) })],
  [[doc({ b: 1 })]],
  [true, false],
  [date(0), date(1)],
  doc({}),
  doc({ b: 1 }),
  doc({ b: double(1) }),
  doc({ b: 5 }),
  doc({ b: null }),
  doc({ b: 'a' }),
  doc({ b: 1, c: 2 }),
  doc({ c: 2, b: 1 }),
  doc({ b: doc({ c: 1 }) }),
  doc({ b: doc({}) }),
  doc({ b: [] }),
  doc({ b: [1, 2, 3] }),
  doc({ b: [doc({ c: 1 }), doc({ c: 2 })] }),
  fields(['0', 1]),
  fields(['0', fields(['b', 1])]),
  fields(['1', 1], ['0', 2]),
];

/** A document for each value in the field `a`, and one without it. */
export const CORPUS: readonly Doc[] = [
  ...[...SCALARS, ...CONTAINERS].map((a, i) => fields(['_id', i], ['a', a])),
  fields(['_id', 1000]),
  fields(['_id', 1001], ['b', 1]),
];
