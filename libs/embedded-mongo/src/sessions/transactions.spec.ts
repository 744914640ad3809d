import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Long, type Document } from 'bson';
import { Collection } from '../storage/collection';
import { EngineHarness } from '../testing/engine-harness';

let harness: EngineHarness;
beforeEach(async () => {
  harness = new EngineHarness();
  await harness.insert('c', { _id: 1, n: 0 }, { _id: 2, n: 0 });
});
afterEach(() => harness.close());

/** A client's side of a transaction. */
class Client {
  private number = 0;
  private started = false;
  readonly lsid = harness.session();

  constructor(private readonly connection = 1) {}

  begin(): this {
    this.number++;
    this.started = false;
    return this;
  }

  run(command: Document): Promise<Document> {
    const start = this.started ? {} : { startTransaction: true };
    this.started = true;
    return harness.run(
      { ...command, lsid: this.lsid, txnNumber: Long.fromNumber(this.number), autocommit: false, ...start },
      this.connection,
    );
  }

  async find(filter: object = {}): Promise<Document[]> {
    return (await this.run({ find: 'c', filter }))['cursor'].firstBatch as Document[];
  }

  set(_id: number, n: number): Promise<Document> {
    return this.run({ update: 'c', updates: [{ q: { _id }, u: { $set: { n } } }] });
  }

  end(name: 'commitTransaction' | 'abortTransaction' = 'commitTransaction'): Promise<Document> {
    return harness.run(
      { [name]: 1, $db: 'admin', lsid: this.lsid, txnNumber: Long.fromNumber(this.number), autocommit: false },
      this.connection,
    );
  }
}

const conflict = { ok: 0, code: 112, codeName: 'WriteConflict', errorLabels: ['TransientTransactionError'] };
const values = async (): Promise<number[]> =>
  (await harness.find('c', {}, { sort: { _id: 1 } })).map((row) => row['n'] as number);

describe('a transaction', () => {
  it('sees its own writes, others see them after the commit', async () => {
    const client = new Client().begin();
    await client.set(1, 5);
    await client.run({ insert: 'c', documents: [{ _id: 3, n: 3 }] });
    await client.run({ delete: 'c', deletes: [{ q: { _id: 2 }, limit: 1 }] });
    expect((await client.find()).map((row) => row['_id'])).toEqual([1, 3]);
    expect(await values()).toEqual([0, 0]);
    expect(await client.end()).toMatchObject({ ok: 1 });
    expect(await values()).toEqual([5, 3]);
    expect((await harness.run({ validate: 'c' }))['errors']).toEqual([]);
  });

  it('leaves nothing behind when aborted', async () => {
    const client = new Client().begin();
    await client.set(1, 5);
    expect(await client.end('abortTransaction')).toMatchObject({ ok: 1 });
    expect(await values()).toEqual([0, 0]);
    expect(await client.set(1, 6)).toMatchObject({ ok: 0, code: 251 });
  });

  it('reads as of its start', async () => {
    const client = new Client().begin();
    expect(await client.find({ _id: 1 })).toEqual([{ _id: 1, n: 0 }]);
    await harness.run({ update: 'c', updates: [{ q: { _id: 1 }, u: { $set: { n: 9 } } }] });
    await harness.insert('c', { _id: 4, n: 4 });
    await harness.run({ delete: 'c', deletes: [{ q: { _id: 2 }, limit: 1 }] });
    expect(await client.find()).toEqual([
      { _id: 1, n: 0 },
      { _id: 2, n: 0 },
    ]);
    await client.end();
    expect(await values()).toEqual([9, 4]);
  });

  it('may commit twice', async () => {
    const client = new Client().begin();
    await client.set(1, 5);
    await client.end();
    await harness.run({ update: 'c', updates: [{ q: { _id: 1 }, u: { $set: { n: 7 } } }] });
    expect(await client.end()).toMatchObject({ ok: 1 });
    expect(await values()).toEqual([7, 0]);
  });

  it.each([
    { insert: 'fresh', documents: [{ _id: 1 }] },
    { update: 'fresh', updates: [{ q: { _id: 1 }, u: { $set: { n: 1 } }, upsert: true }] },
    { create: 'fresh' },
  ])('makes no collection: %j', async (command) => {
    expect(await new Client().begin().run(command)).toMatchObject({ ok: 0, code: 263 });
    expect(await harness.run({ listCollections: 1, filter: { name: 'fresh' } })).toMatchObject({
      cursor: { firstBatch: [] },
    });
  });

  it('is over after a write that failed', async () => {
    const client = new Client().begin();
    await client.set(1, 5);
    expect(await client.run({ insert: 'c', documents: [{ _id: 2 }] })).toMatchObject({
      writeErrors: [{ code: 11000 }],
    });
    expect(await client.end()).toMatchObject({ ok: 0, code: 251 });
    expect(await values()).toEqual([0, 0]);
  });

  it('sees its own inserts, and takes keys that it let go of', async () => {
    const client = new Client().begin();
    await client.run({ delete: 'c', deletes: [{ q: { _id: 1 }, limit: 1 }] });
    await harness.insert('other', { _id: 1 });
    expect(await client.run({ insert: 'c', documents: [{ _id: 1, n: 7 }] })).toMatchObject({ n: 1 });
    await client.run({ insert: 'c', documents: [{ _id: 3, n: 3 }] });
    expect(await client.run({ insert: 'c', documents: [{ _id: 3 }] })).toMatchObject({
      writeErrors: [{ code: 11000 }],
    });
    client.begin();
    await client.run({ insert: 'c', documents: [{ _id: 3, n: 3 }] });
    await client.run({ update: 'c', updates: [{ q: { _id: 3 }, u: { $inc: { n: 1 } } }] });
    await client.run({ insert: 'c', documents: [{ _id: 4, n: 5 }] });
    expect((await client.find()).map((row) => row['n'] as number)).toEqual([0, 0, 4, 5]);
    expect(await client.end()).toMatchObject({ ok: 1 });
    expect(await values()).toEqual([0, 0, 4, 5]);
    expect((await harness.run({ validate: 'c' }))['errors']).toEqual([]);
  });

  it('of 500 inserts is whole, while others write between any two', async () => {
    const client = new Client().begin();
    for (let i = 0; i < 500; i++) {
      await client.run({ insert: 'c', documents: [{ _id: 10 + i }] });
      await harness.insert('other', { i });
    }
    expect(await harness.run({ count: 'c' })).toMatchObject({ n: 2 });
    expect(await client.end()).toMatchObject({ ok: 1 });
    expect(await harness.run({ count: 'c' })).toMatchObject({ n: 502 });
    expect(await harness.run({ count: 'other' })).toMatchObject({ n: 500 });
  });

  describe.each<[string, (i: number) => Promise<unknown>]>([
    ['write elsewhere', (i) => harness.insert('other', { i })],
    ['write to the same collection', (i) => harness.insert('c', { _id: -i - 1 })],
    ['read', () => harness.run({ count: 'c' })],
  ])('while others %s between any two commands', (_what, others) => {
    /** How many documents are put in, and taken back, for a transaction of so many inserts and what others do. */
    async function changesFor(inserts: number): Promise<number> {
      const change = jest.spyOn(Collection.prototype, 'change');
      const client = new Client().begin();
      for (let i = 0; i < inserts; i++) {
        expect(await client.run({ insert: 'c', documents: [{ _id: inserts * 10 + i }] })).toMatchObject({ n: 1 });
        await others(inserts * 10 + i);
      }
      expect(await client.end()).toMatchObject({ ok: 1 });
      const { length } = change.mock.calls;
      change.mockRestore();
      return length;
    }

    it('costs as much for each of its inserts, however many they are', async () => {
      expect(await changesFor(40)).toBeLessThanOrEqual(3 * 40);
      expect(await changesFor(400)).toBeLessThanOrEqual(3 * 400);
      expect((await harness.run({ validate: 'c' }))['errors']).toEqual([]);
    });

    it('sees all that it has inserted, and nothing that others have', async () => {
      const client = new Client().begin();
      await client.find();
      for (const _id of [10, 11, 12]) {
        await client.run({ insert: 'c', documents: [{ _id, n: _id }] });
        await others(_id);
      }
      await client.run({ update: 'c', updates: [{ q: { _id: 11 }, u: { $inc: { n: 1 } } }] });
      await others(13);
      await client.run({
        insert: 'c',
        documents: [
          { _id: 14, n: 14 },
          { _id: 15, n: 15 },
        ],
      });
      expect((await client.find()).map((row) => row['n'] as number).sort()).toEqual([0, 0, 10, 12, 12, 14, 15]);
      expect(await client.end()).toMatchObject({ ok: 1 });
      expect((await harness.run({ validate: 'c' }))['errors']).toEqual([]);
    });
  });

  describe('that inserts a key', () => {
    const insert = (...documents: object[]) => ({ insert: 'c', documents });
    const elsewhere = () => harness.insert('other', {});

    it('which it has inserted before is refused it', async () => {
      const client = new Client().begin();
      await client.run(insert({ _id: 10 }));
      await elsewhere();
      expect(await client.run(insert({ _id: 10 }))).toMatchObject({ n: 0, writeErrors: [{ code: 11000 }] });
      client.begin();
      const twice = insert({ _id: 10 }, { _id: 10 });
      expect(await client.run(twice)).toMatchObject({ n: 1, writeErrors: [{ index: 1, code: 11000 }] });
    });

    it('behind a document that cannot be stored is told of that one only', async () => {
      const client = new Client().begin();
      const reply = await client.run({ ...insert({ _id: [] }, { _id: 10 }), ordered: false });
      expect(reply['n']).toBe(1);
      expect(reply['writeErrors']).toMatchObject([{ index: 0 }]);
      expect(reply['writeErrors']).toHaveLength(1);
    });

    it('which it has deleted, or inserted and deleted, gets it', async () => {
      const client = new Client().begin();
      const remove = (_id: number) => client.run({ delete: 'c', deletes: [{ q: { _id }, limit: 1 }] });
      await remove(1);
      await client.run(insert({ _id: 10, n: 1 }));
      await remove(10);
      await elsewhere();
      expect(await client.run(insert({ _id: 1, n: 7 }))).toMatchObject({ n: 1 });
      await elsewhere();
      expect(await client.run(insert({ _id: 10, n: 2 }, { _id: 11, n: 3 }))).toMatchObject({ n: 2 });
      expect(await client.end()).toMatchObject({ ok: 1 });
      expect(await values()).toEqual([7, 0, 2, 3]);
      expect((await harness.run({ validate: 'c' }))['errors']).toEqual([]);
    });

    it('which others have deleted since its start does not find it free', async () => {
      const client = new Client().begin();
      await client.find();
      await harness.run({ delete: 'c', deletes: [{ q: { _id: 1 }, limit: 1 }] });
      expect(await client.run(insert({ _id: 1 }))).toMatchObject({ writeErrors: [{ code: 11000 }] });
    });

    it('which others have inserted since its start gets no further than the commit', async () => {
      const client = new Client().begin();
      await client.find();
      await harness.insert('c', { _id: 10, n: 1 });
      await client.run(insert({ _id: 10, n: 2 }));
      expect(await client.end()).toMatchObject(conflict);
      expect(await values()).toEqual([0, 0, 1]);
    });
  });

  it('refuses commands that do not belong in one', async () => {
    const client = new Client().begin();
    await client.set(1, 5);
    expect(await client.run({ createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a' }] })).toMatchObject({
      ok: 0,
      code: 263,
    });
  });
});

describe('transactions that collide', () => {
  it('the second writer of a document is turned away', async () => {
    const [first, second] = [new Client().begin(), new Client().begin()];
    await first.set(1, 1);
    expect(await second.set(1, 2)).toMatchObject(conflict);
    expect(await second.end()).toMatchObject({ ok: 0, code: 251, errorLabels: ['TransientTransactionError'] });
    expect(await first.end()).toMatchObject({ ok: 1 });
    expect(await values()).toEqual([1, 0]);
  });

  it('nobody overwrites what was committed after the start', async () => {
    const [first, second] = [new Client().begin(), new Client().begin()];
    await first.find();
    await second.find();
    await first.set(1, 1);
    await first.end();
    expect(await second.set(1, 1)).toMatchObject(conflict);
  });

  it('a unique key is reserved by the first that writes it', async () => {
    await harness.run({
      createIndexes: 'c',
      indexes: [{ key: { email: 1 }, name: 'email', unique: true, sparse: true }],
    });
    const [first, second] = [new Client().begin(), new Client().begin()];
    await first.run({ insert: 'c', documents: [{ _id: 10, email: 'x' }] });
    expect(await second.run({ insert: 'c', documents: [{ _id: 11, email: 'x' }] })).toMatchObject(conflict);
    await first.end('abortTransaction');
    second.begin();
    expect(await second.run({ insert: 'c', documents: [{ _id: 11, email: 'x' }] })).toMatchObject({ n: 1 });
    expect(await second.end()).toMatchObject({ ok: 1 });
  });

  it('a write outside waits for the end of the transaction', async () => {
    const client = new Client().begin();
    await client.set(1, 5);
    const outside = harness.run({ update: 'c', updates: [{ q: {}, u: { $inc: { n: 1 } }, multi: true }] });
    expect(await client.find({ _id: 2 })).toEqual([{ _id: 2, n: 0 }]);
    await client.end();
    expect(await outside).toMatchObject({ n: 2, nModified: 2 });
    expect(await values()).toEqual([6, 1]);
  });

  it.each([
    { update: 'c', updates: [1, 2].map((_id) => ({ q: { _id }, u: { $set: { n: 9 } } })) },
    { delete: 'c', deletes: [1, 2].map((_id) => ({ q: { _id }, limit: 1 })) },
  ])('sees nothing of a write that began and had to be undone to wait: %j', async (write) => {
    await harness.run({ createIndexes: 'c', indexes: [{ key: { n: 1 }, name: 'n_1' }] });
    const client = new Client().begin();
    await client.set(2, 5);
    const waiting = harness.run({ ...write, lsid: harness.session(), txnNumber: Long.fromNumber(1) }, 2);
    expect((await client.find()).map((row) => row['n'] as number)).toEqual([0, 5]);
    expect(await client.set(1, 6)).toMatchObject({ n: 1 });
    expect(await client.end()).toMatchObject({ ok: 1 });
    expect(await waiting).toMatchObject({ n: 2 });
    expect((await harness.run({ validate: 'c' }))['errors']).toEqual([]);
  });

  it('what is remembered of others does not hold the frames that it came in', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const client = new Client().begin();
    await client.find();
    const pad = 'x'.repeat(4 * 1024 * 1024);
    collect();
    const before = process.memoryUsage().arrayBuffers;
    for (let _id = 10; _id < 30; _id++) await harness.insert('c', { _id }, { _id, pad });
    const held = (): number => (collect(), process.memoryUsage().arrayBuffers - before);
    // What is collected is given back by a thread of its own, when it has its turn.
    const until = performance.now() + 10_000;
    while (held() > 40 * 1024 * 1024 && performance.now() < until) await nextTurn();
    expect(held()).toBeLessThan(40 * 1024 * 1024);
    expect(await client.end()).toMatchObject({ ok: 1 });
  });

  it('an index that is created meanwhile ends it', async () => {
    const client = new Client().begin();
    await client.set(1, 5);
    await harness.run({ createIndexes: 'c', indexes: [{ key: { n: 1 }, name: 'n' }] });
    expect(await client.end()).toMatchObject(conflict);
  });
});

describe('a transaction that is given up', () => {
  it('by its connection', async () => {
    const client = new Client(7).begin();
    await client.set(1, 5);
    harness.engine.disconnected(7);
    expect(await new Client().begin().set(1, 1)).toMatchObject({ ok: 1 });
  });

  it('by the end of its session', async () => {
    const client = new Client().begin();
    await client.set(1, 5);
    await harness.run({ endSessions: [client.lsid] });
    expect(await new Client().begin().set(1, 1)).toMatchObject({ ok: 1 });
  });

  it('after a minute', async () => {
    const client = new Client().begin();
    await client.set(1, 5);
    harness.now += 61_000;
    expect(await new Client().begin().set(1, 1)).toMatchObject({ ok: 1 });
    expect(await client.end()).toMatchObject({ ok: 0, code: 251 });
  });
});

describe('a write that is sent again', () => {
  const again = async (command: Document): Promise<[Document, Document]> => {
    const numbered = { ...command, lsid: harness.session(), txnNumber: Long.fromNumber(1) };
    return [await harness.run(numbered), await harness.run(numbered)];
  };

  it.each<Document>([
    { insert: 'c', documents: [{ _id: 9 }] },
    { insert: 'c', documents: [{ _id: 1 }] },
    { update: 'c', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] },
    { findAndModify: 'c', query: { _id: 1 }, update: { $inc: { n: 1 } }, new: true },
    { delete: 'c', deletes: [{ q: {}, limit: 1 }] },
  ])('happens once and gets the same reply: %j', async (command) => {
    const [first, second] = await again(command);
    expect(second).toEqual(first);
    expect((await values()).reduce((sum, n) => sum + (n ?? 0), 0)).toBeLessThanOrEqual(1);
    expect(await harness.run({ count: 'c' })).toMatchObject({
      n: 'delete' in command ? 1 : first['n'] === 1 && 'insert' in command ? 3 : 2,
    });
  });

  it('with an older number is refused', async () => {
    const lsid = harness.session();
    const numbered = (number: number): Document => ({
      insert: 'c',
      documents: [{ _id: number + 100 }],
      lsid,
      txnNumber: Long.fromNumber(number),
    });
    await harness.run(numbered(5));
    expect(await harness.run(numbered(4))).toMatchObject({ ok: 0, code: 225 });
  });
});
