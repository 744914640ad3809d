import fc from 'fast-check';
import type { Connection } from '../realtime/connection';
import { strangersConnection } from '../realtime/testing/recorded-connection';
import { Watches } from './watches';

const PEOPLE = ['an', 'binh', 'cuc', 'dung'];

describe('F4 Watches', () => {
  it('F4 agree with a plain list of who watches whom, and keep nothing beside it', () => {
    const connections = Array.from({ length: 3 }, () => strangersConnection().connection);
    const step = fc.record({
      who: fc.nat({ max: 2 }),
      whom: fc.option(fc.uniqueArray(fc.constantFrom(...PEOPLE)), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const watches = new Watches();
        const model = new Map<Connection, readonly string[]>();
        for (const { who, whom } of steps) {
          const connection = connections[who]!;
          if (whom) {
            watches.set(connection, whom);
            model.set(connection, whom);
          } else {
            watches.forget(connection);
            model.delete(connection);
          }
        }
        const watchersOf = (person: string): Connection[] =>
          connections.filter((each) => model.get(each)?.includes(person));
        for (const person of PEOPLE) {
          expect(connections.filter((each) => watches.of(person).has(each))).toEqual(watchersOf(person));
        }
        expect(watches.people).toBe(PEOPLE.filter((person) => watchersOf(person).length > 0).length);
      }),
    );
  });
});
