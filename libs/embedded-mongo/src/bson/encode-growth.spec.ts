import { deserialize } from 'bson';
import { encodeDocument } from './encode';

describe('encodeDocument', () => {
  it('keeps every type byte when the buffer grows in the middle of a value', () => {
    const long = 'x'.repeat(5_000);
    for (let before = 900; before < 1_100; before++) {
      const document = new Map<string, never>([
        ['a', 'y'.repeat(before) as never],
        ['b', new Map([['c', [long, 1, new Map([['d', long]])]]]) as never],
      ]);
      expect(deserialize(encodeDocument(document))).toMatchObject({ b: { c: [long, 1, { d: long }] } });
    }
  });
});
