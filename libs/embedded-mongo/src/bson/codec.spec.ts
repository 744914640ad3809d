import { deserialize, Double, serialize } from 'bson';
import * as fc from 'fast-check';
import { CommandFailure } from '../failure';
import { anyDocument } from '../testing/arbitraries';
import { compareValues } from './compare';
import { decodeDocument, decodeFields, MAX_DEPTH } from './decode';
import { encodeDocument } from './encode';
import { doc, Encoded, type Doc, type Value } from './values';

/** A document that stands between others. */
const amid = (bytes: Buffer): Encoded => {
  const other = encodeDocument(doc({ a: 'another', n: 0 }));
  return new Encoded(Buffer.concat([other, bytes, other]), other.length, other.length + bytes.length);
};

describe('the codec', () => {
  it('gives back every document byte for byte', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const bytes = encodeDocument(document);
        const again = decodeDocument(bytes);
        expect(encodeDocument(doc({ again: amid(bytes) })).equals(encodeDocument(doc({ again })))).toBe(true);
        expect(compareValues(again, document)).toBe(0);
        expect(encodeDocument(again).equals(bytes)).toBe(true);
      }),
    );
  });

  it('reads some of the fields as it reads all of them', () => {
    const someNames = fc.subarray(['a', 'b', 'c', '0', '10', '__proto__']).map((names) => new Set(names));
    fc.assert(
      fc.property(anyDocument, someNames, (document, names) => {
        const some = new Map([...document].filter(([name]) => names.has(name)));
        expect(decodeFields(amid(encodeDocument(document)), names)).toEqual(decodeDocument(encodeDocument(some)));
      }),
    );
  });

  it('finds the same broken in fields that it passes over as in those that it reads', () => {
    const outcome = (read: () => unknown): boolean => {
      try {
        return Boolean(read());
      } catch (error) {
        if (error instanceof CommandFailure) return false;
        throw error;
      }
    };
    fc.assert(
      fc.property(anyDocument, fc.nat(), fc.nat(255), (document, at, byte) => {
        const bytes = encodeDocument(document);
        bytes[at % bytes.length] = byte;
        expect(outcome(() => decodeFields(amid(bytes), new Set()))).toBe(outcome(() => decodeDocument(bytes)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads what the bson package writes, and the other way round', () => {
    const source = {
      int: 1,
      double: 1.5,
      text: 'ä',
      list: [1, 'a', { b: null }],
      yes: true,
      at: new Date(5),
      nested: { x: { y: 'z' } },
    };
    expect(deserialize(encodeDocument(decodeDocument(Buffer.from(serialize(source)))))).toEqual(source);
  });

  it('keeps __proto__ a field and the order of names that look like numbers', () => {
    const document: Doc = new Map<string, Value>([
      ['10', 1],
      ['2', 2],
      ['__proto__', doc({ polluted: true })],
    ]);
    const again = decodeDocument(encodeDocument(document));
    expect([...again.keys()]).toEqual(['10', '2', '__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('keeps the four numeric types apart', () => {
    const source = Buffer.from(
      serialize(
        new Map<string, unknown>([
          ['i', 5],
          ['d', new Double(5)],
          ['l', 5n],
        ]),
      ),
    );
    expect(encodeDocument(decodeDocument(source)).equals(source)).toBe(true);
  });

  it('refuses what is nested too deep', () => {
    let nested: Doc = new Map();
    for (let i = 0; i < 200; i++) nested = new Map([['a', nested]]);
    expect(() => encodeDocument(nested)).toThrow(`deeper than ${MAX_DEPTH}`);
    let bytes = Buffer.from([5, 0, 0, 0, 0]);
    for (let i = 0; i < 200; i++) {
      const head = Buffer.alloc(7);
      head.writeInt32LE(bytes.length + 8, 0);
      head.write('\x03a\0', 4, 'latin1');
      bytes = Buffer.concat([head, bytes, Buffer.from([0])]);
    }
    expect(() => decodeDocument(bytes)).toThrow(`deeper than ${MAX_DEPTH}`);
  });

  it('answers garbage with a CommandFailure and nothing else', () => {
    const valid = encodeDocument(doc({ a: 1, b: 'text', c: [1, { d: true }], e: new Date(0) }));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 6 }),
        fc.nat(valid.length),
        (changes, cut) => {
          const broken = Buffer.from(valid.subarray(0, cut));
          for (const [at, byte] of changes) if (at < broken.length) broken[at] = byte;
          try {
            decodeDocument(broken);
          } catch (error) {
            expect(error).toBeInstanceOf(CommandFailure);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
