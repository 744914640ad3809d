import fc from 'fast-check';
import { OrderedIds } from './ordered-ids';

const anyId = fc.integer({ min: 0, max: 30 }).map((number) => number.toString(16).padStart(24, '0'));
const step = fc.record({ does: fc.constantFrom('add', 'delete'), id: anyId });

describe('OrderedIds', () => {
  it('S13 gives what a sorted list gives, whatever comes and goes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.option(anyId, { nil: undefined }), (steps, cursor) => {
        const ids = new OrderedIds();
        const model = new Set<string>();
        for (const { does, id } of steps) {
          if (does === 'add') ids.add(id);
          else ids.delete(id);
          if (does === 'add') model.add(id);
          else model.delete(id);
        }
        const expected = [...model].sort().filter((id) => cursor === undefined || id > cursor);
        expect([...ids.after(cursor)]).toEqual(expected);
      }),
    );
  });
});
