import * as fc from 'fast-check';
import { eventEnvelope } from '../realtime/frames';
import { toWire, type Entry } from './entry';
import { roomFrame } from './room-frame';

const AN = '0000000000000000000000aa';
const BINH = '0000000000000000000000bb';

const entry = fc.record({
  id: fc.constant('00000000000000000000c0de'),
  room: fc.constant('00000000000000000000cafe'),
  seq: fc.nat(),
  author: fc.record({ id: fc.constantFrom(AN, BINH), name: fc.string({ unit: 'grapheme' }) }),
  at: fc.date({ noInvalidDate: true, min: new Date('2000-01-01'), max: new Date('2100-01-01') }),
  text: fc.string({ unit: 'grapheme' }),
  clientId: fc.option(fc.string({ minLength: 1, unit: 'grapheme-ascii' }), { nil: undefined }),
});

const asRead = (entries: readonly Entry[], viewer: string): string[] =>
  entries.map((each) => eventEnvelope('messagePosted', toWire(each, viewer) as never));

describe('a room frame', () => {
  it('gives everybody, and each author, what they would read from the log', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), (entries) => {
        const { envelopes, own } = roomFrame('00000000000000000000cafe', entries);
        expect(envelopes).toEqual(asRead(entries, ''));
        for (const [author, theirs] of own!) expect(theirs).toEqual(asRead(entries, author));
        const named = entries.filter(({ clientId }) => clientId !== undefined).map(({ author }) => author.id);
        expect([...own!.keys()].sort()).toEqual([...new Set(named)].sort());
      }),
    );
  });
});
