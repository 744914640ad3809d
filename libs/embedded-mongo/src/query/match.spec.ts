import { EngineHarness } from '../testing/engine-harness';

let harness: EngineHarness;
beforeAll(async () => {
  harness = new EngineHarness();
  await harness.insert(
    'c',
    { _id: 1, v: 1 },
    { _id: 2, v: 2.5 },
    { _id: 3, v: 'a' },
    { _id: 4, v: null },
    { _id: 5 },
    { _id: 6, v: [1, 2, 3] },
    { _id: 7, v: [] },
    { _id: 8, v: { a: 1, b: 2 } },
    {
      _id: 9,
      v: [
        { a: 1, b: 2 },
        { a: 3, b: 4 },
      ],
    },
    { _id: 10, v: [[1]] },
    { _id: 11, v: 'Abc' },
    { _id: 12, v: true },
    { _id: 13, v: new Date(0) },
  );
});
afterAll(() => harness.close());

describe('the documents that match', () => {
  it.each<[object, number[]]>([
    [{ v: 1 }, [1, 6]],
    [{ v: [1, 2, 3] }, [6]],
    [{ v: [1] }, [10]],
    [{ v: null }, [4, 5]],
    [{ v: { $ne: null } }, [1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13]],
    [{ v: { a: 1, b: 2 } }, [8, 9]],
    [{ v: { b: 2, a: 1 } }, []],
    [{ 'v.a': 1 }, [8, 9]],
    [{ 'v.0': 1 }, [6]],
    [{ 'v.1.b': 4 }, [9]],
    [{ 'v.a': null }, [1, 2, 3, 4, 5, 11, 12, 13]],
    [{ v: { $gt: 1 } }, [2, 6]],
    [{ v: { $lt: 'b' } }, [3, 11]],
    [{ v: { $gte: null } }, [4, 5]],
    [{ v: { $in: [1, 'a', null] } }, [1, 3, 4, 5, 6]],
    [{ v: { $in: [/^ab/i] } }, [11]],
    [{ v: { $nin: [1, 'a', null] } }, [2, 7, 8, 9, 10, 11, 12, 13]],
    [{ v: { $exists: false } }, [5]],
    [{ 'v.a': { $exists: true } }, [8, 9]],
    [{ v: { $type: 'array' } }, [6, 7, 9, 10]],
    [{ v: { $type: ['string', 'null'] } }, [3, 4, 11]],
    [{ v: { $type: 'number' } }, [1, 2, 6]],
    [{ v: { $elemMatch: { a: 1, b: 4 } } }, []],
    [{ v: { $elemMatch: { a: 3, b: 4 } } }, [9]],
    [{ v: { $elemMatch: { $gt: 1, $lt: 3 } } }, [6]],
    [{ v: { $not: { $gt: 1 } } }, [1, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13]],
    [{ v: /^a/i }, [3, 11]],
    [{ v: { $regex: '^a', $options: 'i' } }, [3, 11]],
    [{ $or: [{ v: 'a' }, { v: true }] }, [3, 12]],
    [{ $nor: [{ v: { $exists: true } }] }, [5]],
    [{ $and: [{ v: 1 }, { v: 2 }] }, [6]],
    [{ v: { $lte: new Date(0) } }, [13]],
  ])('%j', async (filter, expected) => {
    expect((await harness.find('c', filter)).map((row) => row['_id'])).toEqual(expected);
  });
});

describe('what is refused', () => {
  it.each<[object, number, string]>([
    [{ v: { $foo: 1 } }, 2, '$foo'],
    [{ $where: 'true' }, 2, '$where'],
    [{ $text: { $search: 'x' } }, 2, '$text'],
    [{ v: { $near: [0, 0] } }, 2, '$near'],
    [{ v: { $bitsAllSet: 1 } }, 2, '$bitsAllSet'],
    [{ $or: [] }, 2, '$or'],
    [{ v: { $in: 1 } }, 2, '$in'],
    [{ v: { $size: 1 } }, 2, '$size'],
    [{ v: { $all: [1] } }, 2, '$all'],
    [{ v: { $mod: [2, 1] } }, 2, '$mod'],
    [{ v: { $not: 1 } }, 2, '$not'],
    [{ v: { $regex: '[' } }, 51091, 'expression'],
    [{ v: { $regex: 'a', $options: 'q' } }, 51108, 'q'],
    [{ v: { $type: 'foo' } }, 2, 'foo'],
    [{ v: { $regex: '(?i)a' } }, 51091, 'expression'],
    [{ v: { $regex: 'a', $options: 'x' } }, 51091, 'expression'],
    [{ $expr: { $eq: ['$v', 'a'] } }, 2, '$expr'],
  ])('%j', async (filter, code, named) => {
    const reply = await harness.run({ find: 'c', filter });
    expect(reply).toMatchObject({ ok: 0, code });
    expect(reply['errmsg']).toContain(named);
  });
});
