import * as fc from 'fast-check';
import { doc, double, type Doc, type Value } from '../../bson/values';
import { written } from './case';
import { decimal, fields, long } from './cases/corpus';

const scalar = fc.constantFrom<Value>(
  null,
  0,
  1,
  2,
  -1,
  double(1),
  1.5,
  long(2),
  decimal('1.5'),
  'a',
  'ab',
  '',
  true,
  false,
);
const nested = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.tuple(fc.constantFrom('b', 'c'), scalar).map(([name, value]): Value => fields([name, value])),
);
const value: fc.Arbitrary<Value> = fc.oneof(
  nested,
  fc.array(nested, { maxLength: 3 }),
  fc.tuple(fc.constantFrom('b', 'c', '0'), nested).map(([name, inner]): Value => fields([name, inner])),
);
const path = fc.constantFrom('a', 'b', 'a.b', 'a.c', 'a.0', 'a.b.c', 'a.1.b');
const id = fc.integer({ min: 0, max: 4 });

const test = fc.oneof(
  value,
  fc
    .tuple(fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte'), nested)
    .map(([name, operand]): Value => fields([name, operand])),
  fc
    .tuple(fc.constantFrom('$in', '$nin'), fc.array(scalar, { minLength: 1, maxLength: 3 }))
    .map(([name, operand]): Value => fields([name, operand])),
  fc.boolean().map((there): Value => doc({ $exists: there })),
  fc
    .tuple(fc.constantFrom('$gt', '$lt', '$eq'), scalar)
    .map(([name, operand]): Value => doc({ $elemMatch: fields([name, operand]) })),
  fc
    .tuple(fc.constantFrom('$gt', '$lte'), scalar)
    .map(([name, operand]): Value => doc({ $not: fields([name, operand]) })),
);

const simple = fc.array(fc.tuple(path, test), { maxLength: 2 }).map((pairs): Doc => new Map(pairs));
const filter: fc.Arbitrary<Doc> = fc.oneof(
  { arbitrary: simple, weight: 4 },
  { arbitrary: id.map((_id) => doc({ _id })), weight: 2 },
  fc
    .tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(simple, { minLength: 1, maxLength: 2 }))
    .map(([name, parts]) => fields([name, parts])),
);

const change: fc.Arbitrary<Doc> = fc.oneof(
  fc
    .tuple(fc.constantFrom('$set', '$min', '$max', '$push', '$addToSet', '$pull'), path, value)
    .map(([name, at, operand]) => fields([name, fields([at, operand])])),
  fc
    .tuple(path, fc.constantFrom<Value>(1, 2, 1.5, long(3)))
    .map(([at, operand]) => doc({ $inc: fields([at, operand]) })),
  path.map((at) => doc({ $unset: fields([at, '']) })),
  fc
    .tuple(path, fc.array(scalar, { maxLength: 3 }))
    .map(([at, items]) => doc({ $push: fields([at, doc({ $each: items })]) })),
  value.map((a) => fields(['a', a])),
);

const sort = fc
  .tuple(fc.constantFrom('a', 'a.b', 'b'), fc.constantFrom(1, -1))
  .map(([at, way]) => fields([at, way], ['_id', 1]));

/** One command on the collection `c`. */
const command: fc.Arbitrary<Doc> = fc.oneof(
  {
    arbitrary: fc
      .tuple(id, fc.array(fc.tuple(fc.constantFrom('a', 'b'), value), { maxLength: 2 }))
      .map(([_id, rest]) => doc({ insert: 'c', documents: [fields(['_id', _id], ...rest)] })),
    weight: 4,
  },
  {
    arbitrary: fc
      .tuple(filter, change, fc.boolean(), fc.boolean())
      .map(([q, u, multi, upsert]) =>
        doc({ update: 'c', updates: [{ q: upsert ? new Map([['_id', 9], ...q]) : q, u, multi, upsert }] }),
      ),
    weight: 6,
  },
  fc.tuple(filter, fc.constantFrom(0, 1)).map(([q, limit]) => doc({ delete: 'c', deletes: [{ q, limit }] })),
  fc
    .tuple(filter, sort, change, fc.boolean())
    .map(([query, by, update, after]) => doc({ findAndModify: 'c', query, sort: by, update, new: after })),
  { arbitrary: fc.tuple(filter, sort).map(([one, by]) => doc({ find: 'c', filter: one, sort: by })), weight: 3 },
  filter.map((query) => doc({ count: 'c', query })),
  path.map((key) => doc({ distinct: 'c', key })),
);

/** Arithmetic on a Decimal128 is refused here; what comes after it would differ too. */
const keepsTo = (commands: readonly Doc[]): boolean => {
  const text = commands.map((one) => written(one)).join('\n');
  return !(text.includes('decimal(') && /\$inc: /.test(text));
};

/** Commands one after the other, the documents of one the beginning of the next. */
export const sequences = fc.array(command, { minLength: 1, maxLength: 8 }).filter(keepsTo);
