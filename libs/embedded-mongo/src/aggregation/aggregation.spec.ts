import type { Document } from 'bson';
import { EngineHarness } from '../testing/engine-harness';

let harness: EngineHarness;
beforeAll(async () => {
  harness = new EngineHarness();
  await harness.insert(
    'c',
    { _id: 1, k: 'a', n: 1, t: [1, 2] },
    { _id: 2, k: 'b', n: 2, t: [2] },
    { _id: 3, k: 'a', n: 3, t: [] },
    { _id: 4, n: 4 },
  );
});
afterAll(() => harness.close());

async function aggregate(...pipeline: object[]): Promise<Document[]> {
  const reply = await harness.run({ aggregate: 'c', pipeline, cursor: {} });
  if (reply['ok'] !== 1) throw new Error(`${reply['code']}: ${reply['errmsg']}`);
  return reply['cursor'].firstBatch as Document[];
}

describe('stages', () => {
  it.each<[string, object[], object[]]>([
    [
      '$match, $sort, $skip, $limit',
      [{ $match: { n: { $gt: 1 } } }, { $match: { k: 'a' } }, { $sort: { n: -1 } }, { $skip: 0 }, { $limit: 1 }],
      [{ _id: 3, k: 'a', n: 3, t: [] }],
    ],
    [
      '$group',
      [
        {
          $group: {
            _id: '$k',
            sum: { $sum: '$n' },
            min: { $min: '$n' },
            max: { $max: '$n' },
            count: { $sum: 1 },
          },
        },
      ],
      [
        { _id: 'a', sum: 4, min: 1, max: 3, count: 2 },
        { _id: 'b', sum: 2, min: 2, max: 2, count: 1 },
        { _id: null, sum: 4, min: 4, max: 4, count: 1 },
      ],
    ],
    [
      '$group in an order',
      [
        { $sort: { _id: 1 } },
        {
          $group: {
            _id: null,
            first: { $first: '$n' },
            last: { $last: '$n' },
          },
        },
      ],
      [{ _id: null, first: 1, last: 4 }],
    ],
  ])('%s', async (_, pipeline, expected) => expect(await aggregate(...pipeline)).toEqual(expected));
});

describe('expressions', () => {
  it.each<[unknown, unknown]>([
    [{ y: ['$n', '$missing'], z: '$missing' }, { y: [1, null] }],
    ['n', 'n'],
  ])('%j', async (expression, expected) => {
    const found = await aggregate({ $match: { _id: 1 } }, { $group: { _id: 1, x: { $first: expression } } });
    expect(found).toEqual([{ _id: 1, x: expected }]);
  });
});

/** Expressions of MongoDB that one may miss. */
const REFUSED =
  '$eq $gt $and $or $not $cond $ifNull $add $subtract $multiply $concat $size $in $divide $mod $avg $cmp $toLower $substr $map $filter $arrayElemAt $mergeObjects $dateToString $type $literal'.split(
    ' ',
  );

describe('what is refused', () => {
  it.each<[object, number]>([
    [{ $foo: 1 }, 40324],
    [{ $facet: { a: [] } }, 40324],
    [{ $count: 'n' }, 40324],
    [{ $replaceRoot: { newRoot: '$a' } }, 40324],
    [{ $lookup: { from: 'other', localField: 'a', foreignField: 'a', as: 'x' } }, 40324],
    [{ $addFields: { a: 1 } }, 40324],
    [{ $set: { a: 1 } }, 40324],
    [{ $unset: 'a' }, 40324],
    [{ $unwind: '$t' }, 40324],
    [{ $project: { a: 1 } }, 40324],
    ...REFUSED.map((name): [object, number] => [{ $group: { _id: { [name]: '$t' } } }, 168]),
    ...['$foo', '$avg', '$push', '$addToSet'].map((name): [object, number] => [
      { $group: { _id: 1, x: { [name]: 1 } } },
      15952,
    ]),
    [{ $group: { x: { $sum: 1 } } }, 15955],
    [{ $limit: 0 }, 15958],
    [{ $group: { _id: '$$nope' } }, 17276],
    [{ $group: { _id: '$$REMOVE' } }, 17276],
    [{ $group: { _id: '$$ROOT' } }, 17276],
    [{ $match: { $foo: 1 } }, 2],
  ])('%j', async (stage, code) => {
    await expect(aggregate(stage)).rejects.toThrow(`${code}: `);
  });

  it('a stage behind one that it cannot follow', async () => {
    await expect(aggregate({ $limit: 1 }, { $match: { k: 'a' } })).rejects.toThrow("40324: Stage '$match'");
    await expect(aggregate({ $group: { _id: '$k' } }, { $sort: { _id: 1 } })).rejects.toThrow("40324: Stage '$sort'");
  });
});
