import type { Document } from 'bson';
import { EngineHarness } from '../testing/engine-harness';

const DOCUMENTS = 10_000;
const FIRST = 0;
const LAST = DOCUMENTS - 1;

let engine: EngineHarness;
/** What has been answered, in this order. */
let answered: string[];
beforeEach(async () => {
  engine = new EngineHarness();
  answered = [];
  for (let from = 0; from < DOCUMENTS; from += 1_000)
    await engine.insert('c', ...Array.from({ length: 1_000 }, (_, i) => ({ _id: from + i, n: from + i, a: 1 })));
});
afterEach(() => engine.close());

async function asked(name: string, command: Document, connection?: number): Promise<Document> {
  const reply = await engine.run(command, connection);
  answered.push(name);
  return reply;
}

const update = (_id: number, change: Document): Document => ({ update: 'c', updates: [{ q: { _id }, u: change }] });
const remove = (_id: number): Document => ({ delete: 'c', deletes: [{ q: { _id }, limit: 1 }] });
const createIndex = (options: Document = {}): Document => ({
  createIndexes: 'c',
  indexes: [{ key: { n: 1 }, name: 'n', ...options }],
});
const updateAll = { update: 'c', updates: [{ q: { a: 1 }, u: { $inc: { times: 1 } }, multi: true }] };
const deleteAll = { delete: 'c', deletes: [{ q: { a: 1 }, limit: 0 }] };
const valid = async (): Promise<unknown> => (await engine.run({ validate: 'c' }))['valid'];

it('others have their turn while many are updated; each that still matches is changed once', async () => {
  const [reply] = await Promise.all([
    asked('all', updateAll),
    asked('find', { find: 'c', filter: { _id: 7 }, limit: 1 }),
    asked('remove', remove(LAST)),
    asked('change', update(LAST - 1, { $set: { a: 2 } })),
    asked('insert', { insert: 'c', documents: [{ _id: DOCUMENTS, n: DOCUMENTS }] }),
  ]);
  expect(answered).toEqual(['find', 'remove', 'change', 'insert', 'all']);
  expect(reply).toMatchObject({ n: DOCUMENTS - 2, nModified: DOCUMENTS - 2 });
  expect(await engine.find('c', { times: 1 })).toHaveLength(DOCUMENTS - 2);
});

it('others have their turn while many are deleted', async () => {
  const [reply] = await Promise.all([asked('all', deleteAll), asked('change', update(LAST, { $set: { a: 2 } }))]);
  expect(answered).toEqual(['change', 'all']);
  expect(reply).toMatchObject({ n: DOCUMENTS - 1 });
  expect(await engine.find('c')).toEqual([{ _id: LAST, n: LAST, a: 2 }]);
});

it('an index that is being built takes in what others write, and is not used before it is whole', async () => {
  const explain = { explain: { find: 'c', filter: { n: 5 } } };
  const replies = Promise.all([
    asked('build', createIndex()),
    asked('explain', explain),
    ...[FIRST, LAST].flatMap((_id) => [asked('change', update(_id, { $set: { n: -1 } }))]),
    ...[FIRST + 1, LAST - 1].map((_id) => asked('remove', remove(_id))),
    asked('insert', { insert: 'c', documents: [{ _id: 'new', n: 5 }] }),
  ]);
  const [built, explained] = await replies;
  expect(answered.at(-1)).toBe('build');
  expect(JSON.stringify(explained)).toContain('COLLSCAN');
  expect(built).toMatchObject({ numIndexesBefore: 1, numIndexesAfter: 2 });
  expect(JSON.stringify(await engine.run(explain))).toContain('IXSCAN');
  expect(await engine.find('c', { n: -1 })).toHaveLength(2);
  expect(await engine.find('c', { n: 5 })).toHaveLength(2);
  expect(await valid()).toBe(true);
});

it('a unique index refuses what comes twice meanwhile, and leaves nothing behind', async () => {
  const [built] = await Promise.all([
    asked('build', createIndex({ unique: true })),
    asked('insert', { insert: 'c', documents: [{ _id: 'twice', n: FIRST }] }),
  ]);
  expect(built).toMatchObject({ ok: 0, code: 11000 });
  expect(await engine.run({ listIndexes: 'c' })).toMatchObject({ cursor: { firstBatch: [{ name: '_id_' }] } });
  await engine.run(remove(FIRST));
  expect(await engine.run(createIndex({ unique: true }))).toMatchObject({ ok: 1, numIndexesAfter: 2 });
  expect(await valid()).toBe(true);
});

it('neither a second index nor the end of the collection comes between', async () => {
  const [built, ...others] = await Promise.all([
    engine.run(createIndex()),
    engine.run({ createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a' }] }),
    engine.run({ drop: 'c' }),
  ]);
  expect(built).toMatchObject({ ok: 1 });
  for (const other of others) expect(other).toMatchObject({ ok: 0, code: 12587 });
});

it('an update ends with its collection', async () => {
  const [reply] = await Promise.all([engine.run(updateAll), engine.run({ drop: 'c' })]);
  expect(reply['writeErrors']).toMatchObject([{ code: 175 }]);
});

it('an update waits for a transaction that holds one of its documents', async () => {
  const transaction = { lsid: engine.session(), txnNumber: 1n, autocommit: false };
  await engine.run({ ...update(LAST, { $set: { a: 2 } }), ...transaction, startTransaction: true });
  await Promise.all([
    asked('all', updateAll),
    engine
      .find('c', { times: 1, _id: LAST - 1 }, { limit: 1 })
      .then(() => asked('commit', { commitTransaction: 1, ...transaction, $db: 'admin' })),
  ]);
  expect(answered).toEqual(['commit', 'all']);
  expect(await engine.find('c', { times: 1 })).toHaveLength(DOCUMENTS - 1);
});
