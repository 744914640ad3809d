import * as fc from 'fast-check';
import { deserialize } from 'bson';
import { encodeDocument } from '../bson/encode';
import type { Doc, Value } from '../bson/values';
import { EngineHarness } from '../testing/engine-harness';
import { smallValue } from '../testing/arbitraries';

let harness: EngineHarness;
beforeEach(() => (harness = new EngineHarness()));
afterEach(() => harness.close());

const index = (key: Record<string, 1 | -1>, options: object = {}): Promise<unknown> =>
  harness.run({ createIndexes: 'c', indexes: [{ key, name: Object.entries(key).flat().join('_'), ...options }] });

/** The stages of the plan from the top down, with the name of the index. */
async function planOf(filter: object, sort?: object): Promise<string> {
  const reply = await harness.run({ explain: { find: 'c', filter, ...(sort ? { sort } : {}) } });
  const stages: string[] = [];
  for (let stage = reply['queryPlanner'].winningPlan; stage; stage = stage.inputStage) {
    stages.push(
      [stage.stage, stage.indexName, stage.direction === 'backward' ? 'backward' : undefined].filter(Boolean).join(' '),
    );
  }
  return stages.join(' < ');
}

describe('the choice of an index', () => {
  beforeEach(async () => {
    await index({ room: 1, seq: 1 });
    await index({ email: 1 }, { unique: true, partialFilterExpression: { email: { $type: 'string' } } });
    await index({ nick: 1 }, { sparse: true });
    await index({ members: 1, at: -1 });
    await index({ at: -1 });
  });

  it.each<[string, object, object | undefined, string]>([
    ['equality and sort', { room: 'a' }, { seq: 1 }, 'IXSCAN room_1_seq_1'],
    ['the other direction', { room: 'a' }, { seq: -1 }, 'IXSCAN room_1_seq_1 backward'],
    ['equality and range', { room: 'a', seq: { $gt: 1, $lte: 5 } }, undefined, 'IXSCAN room_1_seq_1'],
    ['what an index cannot say', { room: 'a', text: 'x' }, undefined, 'FETCH < IXSCAN room_1_seq_1'],
    ['several values', { room: { $in: ['a', 'b'] } }, { seq: 1 }, 'SORT < IXSCAN room_1_seq_1'],
    ['a prefix', { room: /^ab/ }, undefined, 'FETCH < IXSCAN room_1_seq_1'],
    ['no prefix', { room: /ab/ }, undefined, 'COLLSCAN'],
    ['sort alone', {}, { at: 1 }, 'IXSCAN at_-1 backward'],
    ['sort that no index gives', {}, { text: 1 }, 'SORT < COLLSCAN'],
    ['a partial index that the filter implies', { email: 'a@b' }, undefined, 'IXSCAN email_1'],
    ['a partial index that it does not imply', { email: null }, undefined, 'COLLSCAN'],
    ['a sparse index for a value', { nick: 'x' }, undefined, 'IXSCAN nick_1'],
    ['a sparse index for what is missing', { nick: null }, undefined, 'COLLSCAN'],
    ['_id', { _id: 1 }, undefined, 'IXSCAN _id_'],
    ['$or', { $or: [{ room: 'a' }, { _id: 1 }] }, undefined, 'COLLSCAN'],
    ['an array and a sort on another field', { members: 'me' }, { at: -1 }, 'IXSCAN members_1_at_-1'],
    [
      'two conditions on an array field',
      { members: { $gt: 'a', $lt: 'c' } },
      undefined,
      'FETCH < IXSCAN members_1_at_-1',
    ],
  ])('%s', async (_, filter, sort, expected) => {
    await harness.insert('c', { _id: 1, members: ['a', 'me'], at: 1 });
    expect(await planOf(filter, sort)).toBe(expected);
  });

  it('sorts by all of an array, not by the element that an index found', async () => {
    await harness.insert('c', { _id: 1, members: ['a', 'z'] }, { _id: 2, members: ['a', 'b'] });
    const sort = { members: -1, at: -1, _id: 1 };
    expect(await planOf({ members: 'a' }, { members: -1, at: -1 })).toBe('SORT < IXSCAN members_1_at_-1');
    expect((await harness.find('c', { members: 'a' }, { sort })).map((row) => row['_id'])).toEqual([1, 2]);
  });

  it('reads a page from an index without looking at the rest', async () => {
    await harness.insert('c', ...Array.from({ length: 3000 }, (_, seq) => ({ room: seq % 2 ? 'a' : 'b', seq })));
    const page = await harness.find('c', { room: 'a', seq: { $lt: 2001 } }, { sort: { seq: -1 }, limit: 3 });
    expect(page.map((row) => row['seq'])).toEqual([1999, 1997, 1995]);
  });
});

describe('with and without an index', () => {
  const operator = fc.constantFrom('$eq', '$gt', '$gte', '$lt', '$lte', '$ne');
  const condition = fc.oneof(
    fc.tuple(operator, smallValue).map(([name, value]) => new Map([[name, value]]) as Doc),
    fc.tuple(operator, smallValue, operator, smallValue).map(
      ([a, x, b, y]) =>
        new Map([
          [a, x],
          [b, y],
        ]) as Doc,
    ),
    fc.array(smallValue, { maxLength: 3 }).map((values) => new Map([['$in', values]]) as Doc),
    fc.boolean().map((exists) => new Map([['$exists', exists]]) as Doc),
  );
  const filters = fc
    .dictionary(fc.constantFrom('a', 'b', 'a.b'), condition, { maxKeys: 2 })
    .map((fields) => new Map(Object.entries(fields)) as Doc);
  const documents = fc.array(fc.dictionary(fc.constantFrom('a', 'b'), smallValue, { maxKeys: 2 }), {
    minLength: 1,
    maxLength: 12,
  });
  const keys = fc.constantFrom<Record<string, 1 | -1>>(
    { a: 1 },
    { a: -1 },
    { 'a.b': 1 },
    { b: 1, a: -1 },
    { a: 1, b: 1 },
    { a: 1, 'a.b': -1 },
  );
  const options = fc.constantFrom(
    {},
    { sparse: true },
    { partialFilterExpression: { b: { $gt: 1 } } },
    { partialFilterExpression: { a: { $exists: true } } },
  );
  const sorts = fc.constantFrom<object | undefined>(undefined, { a: 1 }, { a: -1, b: 1 }, { b: 1, a: -1 });

  const plain = (value: Doc): object => deserialize(encodeDocument(value), { promoteValues: false });

  it('a query gives the same documents, counts and order', async () => {
    await fc.assert(
      fc.asyncProperty(
        documents,
        fc.array(fc.tuple(keys, options), { minLength: 1, maxLength: 2 }),
        filters,
        sorts,
        async (rows, indexes, filter, sort) => {
          await harness.run({ drop: 'c' });
          const stored = rows.map((row, i) => plain(new Map<string, Value>([['_id', i], ...Object.entries(row)])));
          await harness.insert('c', ...stored);
          const query = { filter: plain(filter), ...(sort ? { sort: { ...sort, _id: 1 } } : {}) };
          const ask = async (): Promise<[string, number]> => {
            const found = (await harness.find('c', query.filter, sort ? { sort: query.sort } : {})).map(
              (row) => row['_id'] as number,
            );
            const count = await harness.run({ count: 'c', query: query.filter });
            return [String(sort ? found : found.sort((x, y) => x - y)), count['n'] as number];
          };
          const before = await ask().catch((error: Error) => error.message);
          if (typeof before === 'string') return expect(before).toMatch(/parallel arrays/);
          for (const [key, more] of indexes) {
            const reply = (await index(key, more)) as { ok: number; code?: number };
            if (reply.ok !== 1) expect([171, 85, 86]).toContain(reply.code);
          }
          expect(await ask()).toEqual(before);
          return expect((await harness.run({ validate: 'c' }))['errors']).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  }, 60_000);
});
