import { Long, ObjectId, type Document } from 'bson';
import { EngineHarness } from '../testing/engine-harness';

let harness: EngineHarness;
beforeEach(() => void (harness = new EngineHarness()));
afterEach(() => harness.close());

/** What a cursor gives, batch by batch: each begins behind the last row of the one before. */
async function inBatches(command: Document, batchSize: number): Promise<unknown[]> {
  const found: unknown[] = [];
  let reply = await harness.run({ find: 'c', ...command, batchSize });
  for (let name = 'firstBatch'; ; name = 'nextBatch') {
    const { [name]: rows, id } = reply['cursor'] as { [batch: string]: Document[]; id: never };
    found.push(...rows!.map(({ _id }) => _id as unknown));
    if (BigInt(id) === 0n) return found;
    reply = await harness.run({ getMore: Long.fromBigInt(BigInt(id)), collection: 'c', batchSize });
  }
}

/** By `_id`; in order: 1, 2, 4, 0, 3. */
const NUMBERS = [7, -1, 0, 2 ** 40, 2.5];

describe.each<[string, Document, (k: number) => Document, number[]]>([
  ['a unique index', { unique: true }, (k) => ({ k }), [1, 2, 4, 0, 3]],
  ['an index with equal keys', {}, (k) => ({ k: Math.min(k, 1) }), [1, 2, 0, 3, 4]],
])('%s', (_, options, document, order) => {
  beforeEach(async () => {
    await harness.run({ createIndexes: 'c', indexes: [{ key: { k: 1 }, name: 'k', ...options }] });
    await harness.insert('c', ...NUMBERS.map((k, _id) => ({ _id, ...document(k) })));
  });

  it.each([1, -1])('is read on behind the last row, in the direction of %d', async (way) => {
    const all = way === 1 ? order : [...order].reverse();
    const query = { filter: { k: { $gte: -1 } }, sort: { k: way } };
    for (const batchSize of [1, 2, 3, 100]) {
      expect(await inBatches(query, batchSize)).toEqual(all);
      expect(await inBatches({ ...query, limit: 4 }, batchSize)).toEqual(all.slice(0, 4));
      expect(await inBatches({ ...query, skip: 1, limit: 2 }, batchSize)).toEqual(all.slice(1, 3));
    }
  });
});

it('a document with several keys in a unique index is given once', async () => {
  await harness.run({ createIndexes: 'c', indexes: [{ key: { k: 1 }, name: 'k', unique: true }] });
  await harness.insert('c', ...NUMBERS.map((k, _id) => ({ _id, k: [k, k + 100, k - 100] })));
  for (const batchSize of [1, 2, 3, 100]) {
    const found = await inBatches({ filter: { k: { $gte: -200 } } }, batchSize);
    expect(found.sort()).toEqual([0, 1, 2, 3, 4]);
    expect(await inBatches({ filter: { k: { $gte: -200 } }, limit: 3 }, batchSize)).toHaveLength(3);
  }
});

it.each([
  { a: 1, b: 1 },
  { a: -1, b: 1 },
  { a: -1, b: -1 },
])('finds values whose keys end in any byte by %j', async (key) => {
  await harness.run({ createIndexes: 'c', indexes: [{ key, name: 'ab', unique: true }] });
  const values = ['00', '01', 'fe', 'ff'].map((end) => new ObjectId(end.padStart(24, 'f')));
  await harness.insert('c', ...values.map((a, _id) => ({ _id, a, b: a })));
  for (const [_id, a] of values.entries()) {
    for (const filter of [{ a, b: a }, { a, b: { $gte: a } }, { a: { $in: [a] }, b: { $in: [a, 1] } }, { a }])
      expect(await inBatches({ filter }, 10)).toEqual([_id]);
  }
});
