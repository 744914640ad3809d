import { Decimal128, Long, type Document } from 'bson';
import { EngineHarness } from '../testing/engine-harness';

let harness: EngineHarness;
beforeAll(() => (harness = new EngineHarness()));
afterAll(() => harness.close());

interface Options {
  q?: object;
  arrayFilters?: object[];
  upsert?: boolean;
  multi?: boolean;
}

/** What becomes of a document: all that is stored afterwards, or the error. */
async function update(
  before: object,
  change: object,
  { q = { _id: 1 }, ...options }: Options = {},
): Promise<Document[] | number> {
  await harness.run({ drop: 'c' });
  await harness.insert('c', { _id: 1, ...before });
  const reply = await harness.run({ update: 'c', updates: [{ q, u: change, ...options }] });
  if (reply['ok'] !== 1) return reply['code'] as number;
  return reply['writeErrors'] ? (reply['writeErrors'][0].code as number) : harness.find('c');
}

describe('what an update makes of a document', () => {
  it.each<[string, object, object, object, Options?]>([
    ['$set', { a: 1 }, { $set: { a: 2, 'b.c': 3 } }, { a: 2, b: { c: 3 } }],
    ['$set of an element', { a: [1, 2] }, { $set: { 'a.1': 5, 'a.3': 7 } }, { a: [1, 5, null, 7] }],
    ['new fields by name', {}, { $set: { z: 1, y: 2 } }, { y: 2, z: 1 }],
    ['$unset', { a: 1, b: [1, 2] }, { $unset: { a: '', 'b.0': '' } }, { b: [null, 2] }],
    ['$inc', { a: 1 }, { $inc: { a: 2, b: 1.5 } }, { a: 3, b: 1.5 }],
    ['$min and $max', { a: 5, b: 5 }, { $min: { a: 3 }, $max: { b: 9 } }, { a: 3, b: 9 }],
    ['$push', { a: [1] }, { $push: { a: 2, b: 1 } }, { a: [1, 2], b: [1] }],
    ['$push of several', { a: [1] }, { $push: { a: { $each: [3, 2] } } }, { a: [1, 3, 2] }],
    ['$addToSet', { a: [1] }, { $addToSet: { a: { $each: [1, 2, 2] } } }, { a: [1, 2] }],
    ['$pull of a value', { a: [1, 2, 1] }, { $pull: { a: 1 } }, { a: [2] }],
    ['$pull by a condition', { a: [1, 2, 3] }, { $pull: { a: { $gte: 2 } } }, { a: [1] }],
    ['$pull of documents', { a: [{ x: 1, y: 1 }, { x: 2 }] }, { $pull: { a: { x: 1 } } }, { a: [{ x: 2 }] }],
    [
      'the positional $',
      {
        a: [
          { k: 1, v: 1 },
          { k: 2, v: 2 },
        ],
      },
      { $set: { 'a.$.v': 9 } },
      {
        a: [
          { k: 1, v: 1 },
          { k: 2, v: 9 },
        ],
      },
      { q: { 'a.k': 2 } },
    ],
    [
      'the positional $ after $elemMatch',
      {
        a: [
          { k: 1, v: 1 },
          { k: 2, v: 2 },
        ],
      },
      { $inc: { 'a.$.v': 1 } },
      {
        a: [
          { k: 1, v: 1 },
          { k: 2, v: 3 },
        ],
      },
      { q: { a: { $elemMatch: { k: 2 } } } },
    ],
    ['$[]', { a: [1, 2] }, { $inc: { 'a.$[]': 10 } }, { a: [11, 12] }],
    [
      '$[name]',
      { a: [{ k: 1 }, { k: 2 }] },
      { $set: { 'a.$[x].seen': true } },
      { a: [{ k: 1 }, { k: 2, seen: true }] },
      { arrayFilters: [{ 'x.k': { $gt: 1 } }] },
    ],
    ['a replacement', { a: 1, b: 2 }, { c: 3 }, { c: 3 }],
  ])('%s', async (_, before, change, after, ...[options]) => {
    const [result] = (await update(before, change, options)) as Document[];
    expect(result).toEqual({ _id: 1, ...after });
    expect(Object.keys(result!)).toEqual(['_id', ...Object.keys(after)]);
  });
});

describe('an upsert', () => {
  it.each<[string, object, object, object]>([
    [
      'takes what the filter fixes',
      { _id: 5, b: 2, c: { $gt: 1 }, 'd.e': 3 },
      { $set: { a: 1 } },
      { _id: 5, b: 2, d: { e: 3 }, a: 1 },
    ],
    ['sets on insert', { _id: 5 }, { $setOnInsert: { a: 1 }, $inc: { n: 1 } }, { _id: 5, a: 1, n: 1 }],
    ['by replacement keeps the _id alone', { _id: 5, b: 2 }, { x: 1 }, { _id: 5, x: 1 }],
    [
      'reads $and, $eq and single $in',
      { _id: { $in: [5] }, $and: [{ q: 1 }], r: { $eq: 2 } },
      { $set: { a: 1 } },
      { _id: 5, q: 1, r: 2, a: 1 },
    ],
  ])('%s', async (_, q, change, inserted) => {
    const stored = (await update({}, change, { q, upsert: true })) as Document[];
    expect(stored).toHaveLength(2);
    expect(stored[1]).toEqual(inserted);
  });
});

describe('what is refused', () => {
  it.each<[string, object, object, number, Options?]>([
    ['two changes of one path', { a: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
    ['a change below another', { a: 1 }, { $set: { a: 1, 'a.b': 1 } }, 40],
    ['another _id', {}, { $set: { _id: 2 } }, 66],
    ['a replacement with another _id', {}, { _id: 2 }, 66],
    ['a way through a number', { a: 1 }, { $set: { 'a.b': 1 } }, 28],
    ['$inc of a string', { a: 'x' }, { $inc: { a: 1 } }, 14],
    ['$inc out of int64', { a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2],
    ['$push on a number', { a: 1 }, { $push: { a: 1 } }, 2],
    ['an unknown operator', {}, { $foo: { a: 1 } }, 9],
    ['$rename', {}, { $rename: { a: 'b' } }, 9],
    ['$bit', {}, { $bit: { a: { and: 1 } } }, 9],
    ['$currentDate', {}, { $currentDate: { a: true } }, 9],
    ['$pullAll', {}, { $pullAll: { a: [1] } }, 9],
    ['$mul', { a: 1 }, { $mul: { a: 2 } }, 9],
    ['$pop', { a: [1] }, { $pop: { a: 1 } }, 9],
    ['$push at a position', {}, { $push: { a: { $each: [1], $position: 0 } } }, 2],
    ['$push of the last ones', {}, { $push: { a: { $each: [1], $slice: -1 } } }, 2],
    ['$push that sorts', {}, { $push: { a: { $each: [1], $sort: 1 } } }, 2],
    ['$inc by a decimal', { a: 1 }, { $inc: { a: Decimal128.fromString('1') } }, 14],
    ['$bit', { a: 1 }, { $bit: { a: { and: 1 } } }, 9],
    ['an empty name', {}, { $set: { 'a..b': 1 } }, 56],
    ['a name with $', {}, { $set: { 'a.$b': 1 } }, 52],
    ['$ without an array in the filter', { a: [1] }, { $set: { 'a.$': 1 } }, 2],
    ['an array filter that is not used', { a: [1] }, { $set: { b: 1 } }, 9, { arrayFilters: [{ x: 1 }] }],
    ['an array filter that is missing', { a: [1] }, { $set: { 'a.$[x]': 1 } }, 2],
    ['a replacement of many', {}, { a: 1 }, 9, { multi: true }],
    ['a pipeline', {}, [{ $set: { a: 1 } }], 9],
    ['$rename', { a: 1 }, { $rename: { a: 'b' } }, 9],
  ])('%s', async (_, before, change, code, ...[options]) => {
    expect(await update(before, change, options)).toBe(code);
    expect(await harness.run({ count: 'c', query: { _id: 1, ...before } })).toMatchObject({ n: 1 });
  });
});
