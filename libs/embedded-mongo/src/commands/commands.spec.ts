import { Decimal128, Long, ObjectId, type Document } from 'bson';
import { DatabaseFile, type SqlRow } from '../storage/database-file';
import { EngineHarness } from '../testing/engine-harness';

let harness: EngineHarness;
beforeEach(() => (harness = new EngineHarness()));
afterEach(() => harness.close());

const ids = (rows: Document[]): unknown[] => rows.map((row) => row['_id']);

describe('insert', () => {
  it('ends an ordered bulk at the first failure and says which', async () => {
    await harness.run({
      createIndexes: 'c',
      indexes: [{ key: { room: 1, seq: 1 }, name: 'room_1_seq_1', unique: true }],
    });
    const reply = await harness.insert(
      'c',
      { _id: 1, room: 'a', seq: 1 },
      { _id: 2, room: 'a', seq: 1 },
      { _id: 3, room: 'a', seq: 3 },
    );
    expect(reply).toEqual({
      n: 1,
      ok: 1,
      writeErrors: [
        {
          index: 1,
          code: 11000,
          errmsg: 'E11000 duplicate key error collection: test.c index: room_1_seq_1 dup key: { room: "a", seq: 1 }',
          keyPattern: { room: 1, seq: 1 },
          keyValue: { room: 'a', seq: 1 },
        },
      ],
    });
    expect(ids(await harness.find('c'))).toEqual([1]);
  });

  it('goes on in an unordered bulk', async () => {
    const reply = await harness.run({
      insert: 'c',
      ordered: false,
      documents: [{ _id: 1 }, { _id: 1 }, { _id: 2 }, { _id: [1] }],
    });
    expect(reply['writeErrors'].map((error: Document) => [error['index'], error['code']])).toEqual([
      [1, 11000],
      [3, 2],
    ]);
    expect(ids(await harness.find('c'))).toEqual([1, 2]);
  });

  it('gives an _id and puts it in front', async () => {
    await harness.insert('c', { a: 1 }, { b: 1, _id: 5 });
    const [first, second] = await harness.find('c');
    expect(first!['_id']).toBeInstanceOf(ObjectId);
    expect(Object.keys(second!)).toEqual(['_id', 'b']);
  });

  it('keeps __proto__ as data', async () => {
    const hostile = JSON.parse('{"_id": 1, "__proto__": {"polluted": true}}') as Document;
    await harness.insert('c', hostile);
    await harness.run({ update: 'c', updates: [{ q: { _id: 1 }, u: { $set: { '__proto__.more': 1 } } }] });
    expect(await harness.run({ count: 'c', query: { '__proto__.polluted': true, '__proto__.more': 1 } })).toMatchObject(
      { n: 1 },
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('find', () => {
  beforeEach(() => harness.insert('c', ...Array.from({ length: 10 }, (_, i) => ({ _id: i, k: i % 3 }))));

  it('sorts, skips and limits', async () => {
    expect(ids(await harness.find('c', {}, { sort: { k: -1, _id: 1 }, skip: 1, limit: 4 }))).toEqual([5, 8, 1, 4]);
  });

  it('hands out batches and ends the cursor', async () => {
    const first = await harness.run({ find: 'c', filter: {}, batchSize: 4 });
    expect(ids(first['cursor'].firstBatch)).toEqual([0, 1, 2, 3]);
    const cursor = { getMore: Long.fromBigInt(BigInt(first['cursor'].id)), collection: 'c', batchSize: 4 };
    expect(ids((await harness.run(cursor))['cursor'].nextBatch)).toEqual([4, 5, 6, 7]);
    await harness.insert('c', { _id: 50, k: 0 });
    const last = await harness.run(cursor);
    expect([ids(last['cursor'].nextBatch), Number(last['cursor'].id)]).toEqual([[8, 9, 50], 0]);
    expect(await harness.run(cursor)).toMatchObject({ ok: 0, code: 43 });
  });

  it('closes cursors: on request, with the collection, after ten minutes', async () => {
    const open = async (): Promise<Long> =>
      Long.fromBigInt(BigInt((await harness.run({ find: 'c', filter: {}, batchSize: 1 }))['cursor'].id));
    const [killed, idle, dropped] = [await open(), await open(), await open()];
    const more = (id: Long): Promise<Document> => harness.run({ getMore: id, collection: 'c' });
    expect((await harness.run({ killCursors: 'c', cursors: [killed] }))['cursorsKilled']).toHaveLength(1);
    expect(await more(killed)).toMatchObject({ code: 43 });
    harness.now += 9 * 60_000;
    await harness.run({ getMore: dropped, collection: 'c', batchSize: 1 });
    harness.now += 2 * 60_000;
    harness.engine.sweep();
    expect(await more(idle)).toMatchObject({ code: 43 });
    await harness.run({ drop: 'c' });
    expect(await more(dropped)).toMatchObject({ code: 43 });
  });

  it('goes on behind the last document though the collection changes', async () => {
    await harness.run({ createIndexes: 'c', indexes: [{ key: { k: 1 }, name: 'k' }] });
    const first = await harness.run({ find: 'c', filter: { k: { $gte: 0 } }, sort: { k: 1 }, batchSize: 5 });
    await harness.run({ delete: 'c', deletes: [{ q: { _id: { $in: [0, 7, 8] } }, limit: 0 }] });
    const rest = await harness.run({ getMore: Long.fromBigInt(BigInt(first['cursor'].id)), collection: 'c' });
    expect([...ids(first['cursor'].firstBatch), ...ids(rest['cursor'].nextBatch)]).toEqual([0, 3, 6, 9, 1, 4, 2, 5]);
  });
});

describe('findAndModify', () => {
  beforeEach(() => harness.insert('c', { _id: 1, n: 1 }, { _id: 2, n: 2 }));

  it.each<[string, object, object | null, object]>([
    [
      'the old document',
      { query: { _id: 1 }, update: { $inc: { n: 5 } } },
      { _id: 1, n: 1 },
      { n: 1, updatedExisting: true },
    ],
    [
      'the new document',
      { query: { _id: 1 }, update: { $inc: { n: 5 } }, new: true },
      { _id: 1, n: 6 },
      { n: 1, updatedExisting: true },
    ],
    [
      'the first by sort',
      { sort: { n: -1 }, update: { $inc: { n: 5 } }, new: true, fields: { n: 1, _id: 0 } },
      { n: 7 },
      { n: 1, updatedExisting: true },
    ],
    ['what it removes', { query: { _id: 1 }, remove: true }, { _id: 1, n: 1 }, { n: 1 }],
    [
      'what it inserts',
      { query: { _id: 9 }, update: { $set: { n: 0 } }, upsert: true, new: true },
      { _id: 9, n: 0 },
      { n: 1, updatedExisting: false, upserted: 9 },
    ],
    ['nothing', { query: { _id: 9 }, update: { $set: { n: 0 } } }, null, { n: 0, updatedExisting: false }],
  ])('answers %s', async (_, options, value, lastErrorObject) => {
    expect(await harness.run({ findAndModify: 'c', ...options })).toEqual({ lastErrorObject, value, ok: 1 });
  });
});

describe('indexes', () => {
  it('are created once and listed', async () => {
    const create = (): Promise<Document> =>
      harness.run({ createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a_1', unique: true, background: true }] });
    expect(await create()).toMatchObject({
      numIndexesBefore: 1,
      numIndexesAfter: 2,
      createdCollectionAutomatically: true,
    });
    expect(await create()).toMatchObject({ numIndexesBefore: 2, numIndexesAfter: 2 });
    expect((await harness.run({ listIndexes: 'c' }))['cursor'].firstBatch).toEqual([
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { a: 1 }, name: 'a_1', unique: true },
    ]);
  });

  it.each<[string, object, number]>([
    ['another key by the same name', { key: { b: 1 }, name: 'a_1' }, 86],
    ['other options by the same name', { key: { a: 1 }, name: 'a_1', unique: true }, 85],
    ['the same key by another name', { key: { a: 1 }, name: 'other' }, 85],
    ['text', { key: { a: 'text' }, name: 't' }, 67],
    ['a collation', { key: { a: 1 }, name: 'c', collation: { locale: 'de' } }, 197],
    ['an unknown option', { key: { a: 1 }, name: 'c', wildcardProjection: {} }, 197],
    ['a partial filter with $ne', { key: { z: 1 }, name: 'p', partialFilterExpression: { a: { $ne: 1 } } }, 67],
    ['a TTL of two fields', { key: { z: 1, y: 1 }, name: 'p', expireAfterSeconds: 1 }, 67],
  ])('refuse %s', async (_, index, code) => {
    await harness.run({ createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a_1' }] });
    expect(await harness.run({ createIndexes: 'c', indexes: [index] })).toMatchObject({ ok: 0, code });
  });

  it('are not created over duplicates', async () => {
    await harness.insert('c', { a: 1 }, { a: 1 });
    expect(
      await harness.run({ createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a', unique: true }] }),
    ).toMatchObject({ ok: 0, code: 11000, keyValue: { a: 1 } });
    expect((await harness.run({ listIndexes: 'c' }))['cursor'].firstBatch).toHaveLength(1);
  });

  it('hold partial and multikey uniqueness', async () => {
    await harness.run({
      createIndexes: 'c',
      indexes: [{ key: { tag: 1 }, name: 't', unique: true, partialFilterExpression: { on: true } }],
    });
    const reply = await harness.run({
      insert: 'c',
      ordered: false,
      documents: [{ tag: ['x', 'y'], on: true }, { tag: 'x' }, { tag: 'y', on: true }, { tag: ['z', 'z'], on: true }],
    });
    expect(reply['writeErrors'].map((error: Document) => error['index'])).toEqual([2]);
  });

  it('cannot be over parallel arrays', async () => {
    await harness.run({ createIndexes: 'c', indexes: [{ key: { a: 1, b: 1 }, name: 'ab' }] });
    expect((await harness.insert('c', { a: [1], b: [2] }))['writeErrors']).toMatchObject([{ code: 171 }]);
  });

  it('delete what has expired', async () => {
    await harness.run({ createIndexes: 'c', indexes: [{ key: { at: 1 }, name: 'at', expireAfterSeconds: 60 }] });
    const at = (seconds: number): Date => new Date(harness.now - seconds * 1000);
    await harness.insert(
      'c',
      { _id: 1, at: at(61) },
      { _id: 2, at: at(59) },
      { _id: 3, at: 'never' },
      { _id: 4, at: [at(5), at(100)] },
      { _id: 5 },
    );
    harness.engine.sweep();
    expect(ids(await harness.find('c'))).toEqual([2, 3, 5]);
    expect((await harness.run({ validate: 'c' }))['errors']).toEqual([]);
  });

  it('delete what has expired without reading much of it at once', async () => {
    await harness.run({ createIndexes: 'c', indexes: [{ key: { at: 1 }, name: 'at', expireAfterSeconds: 60 }] });
    const text = 'x'.repeat(100_000);
    const rows = Array.from({ length: 100 }, (_, _id) => ({ _id, at: new Date(harness.now - 61_000), text }));
    await harness.insert('c', ...rows);
    const reads = jest.spyOn(DatabaseFile.prototype, 'get');
    harness.engine.sweep();
    const sizes = reads.mock.results.map(
      ({ value }) => ((value as SqlRow | undefined)?.[0] as Uint8Array)?.length ?? 0,
    );
    reads.mockRestore();
    expect(Math.max(...sizes)).toBeLessThan(5_000_000);
    expect(await harness.run({ count: 'c' })).toMatchObject({ n: 0 });
  });
});

describe('counting', () => {
  it('agrees with the query', async () => {
    await harness.insert('c', ...Array.from({ length: 20 }, (_, i) => ({ _id: i, k: i % 4, tags: [i % 2, 5] })));
    for (const key of [{ k: 1 }, { tags: 1 }])
      await harness.run({ createIndexes: 'c', indexes: [{ key, name: Object.keys(key)[0] }] });
    for (const [query, n] of [
      [{}, 20],
      [{ k: 1 }, 5],
      [{ k: { $in: [1, 2] } }, 10],
      [{ k: { $gt: 1 } }, 10],
      [{ tags: 5 }, 20],
      [{ tags: { $gte: 0 } }, 20],
      [{ k: 1, _id: { $lt: 6 } }, 2],
    ] as const) {
      expect(await harness.run({ count: 'c', query })).toMatchObject({ n });
      const pipeline = [{ $match: query }, { $group: { _id: 1, n: { $sum: 1 } } }];
      expect((await harness.run({ aggregate: 'c', pipeline, cursor: {} }))['cursor'].firstBatch).toEqual([
        { _id: 1, n },
      ]);
    }
    expect(await harness.run({ count: 'c', query: {}, skip: 5, limit: 10 })).toMatchObject({ n: 10 });
  });

  it('finds distinct values', async () => {
    await harness.insert(
      'c',
      { a: 1 },
      { a: [2, 1] },
      { a: { b: 3 } },
      { a: [{ b: 3 }, { b: 4 }] },
      {},
      { a: Decimal128.fromString('1') },
    );
    expect((await harness.run({ distinct: 'c', key: 'a' }))['values']).toEqual([1, 2, { b: 3 }, { b: 4 }]);
    expect((await harness.run({ distinct: 'c', key: 'a.b' }))['values']).toEqual([3, 4]);
  });
});

describe('collections and databases', () => {
  it('come and go', async () => {
    await harness.run({ create: 'a' });
    expect(await harness.run({ create: 'a' })).toMatchObject({ ok: 0, code: 48 });
    await harness.insert('b', { _id: 1 });
    expect((await harness.run({ listCollections: 1, filter: { name: 'b' } }))['cursor'].firstBatch).toMatchObject([
      { name: 'b', type: 'collection' },
    ]);
    await harness.run({ drop: 'a' });
    await harness.run({ dropDatabase: 1 });
    expect((await harness.run({ listCollections: 1 }))['cursor'].firstBatch).toEqual([]);
    expect(await harness.run({ listIndexes: 'b' })).toMatchObject({ ok: 0, code: 26 });
  });

  it.each(['', '$cmd', '.a', 'system.users', 'a\0b', 'x'.repeat(300)])('refuse the name %j', async (name) => {
    expect(await harness.run({ create: name })).toMatchObject({ ok: 0, code: 73 });
  });

  it('take any other name as data', async () => {
    const name = `"; DROP TABLE collections; -- '`;
    await harness.insert(name, { _id: 1 });
    expect(await harness.find(name)).toEqual([{ _id: 1 }]);
  });
});

describe('what is refused', () => {
  it.each<[object, number, string]>([
    [{ mapReduce: 'c' }, 59, 'mapReduce'],
    [{ bulkWrite: 1 }, 59, 'bulkWrite'],
    [{ listDatabases: 1 }, 59, 'listDatabases'],
    [{ find: 'c', filter: {}, foo: 1 }, 40415, 'foo'],
    [{ find: 'c', filter: {}, tailable: true }, 40415, 'tailable'],
    [{ find: 'c', filter: {}, collation: { locale: 'de' } }, 40415, 'collation'],
    [{ find: 'c', filter: {}, let: { a: 1 } }, 40415, 'let'],
    [{ find: 'c', filter: {}, maxTimeMS: 5 }, 40415, 'maxTimeMS'],
    [{ find: 'c', filter: {}, noCursorTimeout: true }, 40415, 'noCursorTimeout'],
    [{ find: 'c', filter: {}, projection: { 'a.$': 1 } }, 31276, 'positional'],
    [{ find: 'c', filter: {}, limit: 'x' }, 14, 'limit'],
    [{ find: 1 }, 73, 'find'],
    [{ find: 'c', filter: {}, sort: { $natural: 1 } }, 16410, '$natural'],
    [{ find: 'c', filter: {}, readConcern: { level: 'snapshot' } }, 72, 'snapshot'],
    [{ insert: 'c', documents: [] }, 16, 'batch'],
    [{ insert: 'c', documents: [{ a: 1 }], writeConcern: { w: 3 } }, 100, 'nodes'],
    [{ update: 'c', updates: [{ q: {}, u: {}, collation: { locale: 'de' } }] }, 40415, 'collation'],
    [{ aggregate: 'c', pipeline: [{ $graphLookup: {} }], cursor: {} }, 40324, '$graphLookup'],
    [{ aggregate: 'c', pipeline: [{ $out: 'x' }], cursor: {} }, 40324, '$out'],
    [{ getMore: 5, collection: 'c' }, 14, 'cursor'],
    [{ explain: { count: 'c' } }, 2, 'count'],
  ])('%j', async (command, code, named) => {
    const reply = await harness.run(command);
    const failure = (reply['writeErrors'] as Document[] | undefined)?.[0] ?? reply;
    expect(failure['code']).toBe(code);
    expect(failure['errmsg']).toContain(named);
  });
});
