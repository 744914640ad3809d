import { Long, type Document } from 'bson';
import fc from 'fast-check';
import { EngineHarness } from '../testing/engine-harness';

type Step =
  | { does: 'insert'; ids: number[]; ordered: boolean; outside: boolean }
  | { does: 'delete' | 'update' | 'move'; id: number; outside: boolean }
  | { does: 'find' };

/** In place of an id: a document that cannot be stored. */
const BAD = 0;

const id = fc.integer({ min: 1, max: 8 });
const outside = fc.boolean();
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('insert' as const),
      ids: fc.array(fc.oneof({ weight: 20, arbitrary: id }, { weight: 1, arbitrary: fc.constant(BAD) }), {
        minLength: 1,
        maxLength: 3,
      }),
      ordered: fc.boolean(),
      outside,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constantFrom('delete' as const, 'update' as const, 'move' as const), id, outside }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('find' as const) }) },
);

function commandOf(step: Step, at: number): Document {
  switch (step.does) {
    case 'insert':
      return {
        insert: 'c',
        documents: step.ids.map((_id) => ({ _id: _id === BAD ? [] : _id, key: `k${_id}`, at })),
        ordered: step.ordered,
      };
    case 'delete':
      return { delete: 'c', deletes: [{ q: { _id: step.id }, limit: 1 }] };
    case 'update':
      return { update: 'c', updates: [{ q: { _id: step.id }, u: { $set: { at } } }] };
    case 'move':
      return { update: 'c', updates: [{ q: { _id: step.id }, u: { $set: { key: `k${(step.id % 8) + 1}` } } }] };
    case 'find':
      return { find: 'c', filter: {}, sort: { _id: 1 } };
  }
}

/**
 * All that a transaction is told, and what is there afterwards. Before each of its commands it looks at the collection,
 * which has the snapshot shown, or somebody else has a command, which has it gone.
 */
async function story(steps: readonly Step[], before: 'looks' | 'others'): Promise<unknown[]> {
  const harness = new EngineHarness();
  await harness.insert('c', { _id: 1, key: 'k1' }, { _id: 2, key: 'k2' });
  await harness.run({ createIndexes: 'c', indexes: [{ key: { key: 1 }, name: 'key', unique: true }] });
  const lsid = harness.session();
  const told: unknown[] = [];
  const inTransaction = (command: Document, more: object = {}) =>
    harness.run({ ...command, lsid, txnNumber: Long.fromNumber(1), autocommit: false, ...more });
  told.push(await inTransaction({ find: 'c', filter: {} }, { startTransaction: true }));
  const waiting: Promise<Document>[] = [];
  for (const [at, each] of steps.entries()) {
    const command = commandOf(each, at);
    // What waits for the end of the transaction is answered after it.
    if ('outside' in each && each.outside) waiting.push(harness.run(command));
    else {
      await (before === 'looks' ? inTransaction({ find: 'c', filter: {} }) : harness.run({ count: 'other' }));
      told.push(await inTransaction(command));
    }
  }
  told.push(await inTransaction({ commitTransaction: 1, $db: 'admin' }));
  told.push(...(await Promise.all(waiting)));
  told.push(await harness.find('c', {}, { sort: { _id: 1 } }), (await harness.run({ validate: 'c' }))['errors']);
  harness.close();
  return told;
}

describe('a transaction', () => {
  it('is told the same whether or not others have commands in between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12, size: 'max' }), async (steps) => {
        expect(await story(steps, 'others')).toEqual(await story(steps, 'looks'));
      }),
      { numRuns: 200 },
    );
  });
});
