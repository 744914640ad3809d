import fc from 'fast-check';
import { isFound } from '../shared/fold';
import { markedParts } from './marked-parts';

const marked = (text: string, query: string) =>
  markedParts(text, query)
    .map(({ text: part, isMatch }) => (isMatch ? `[${part}]` : part))
    .join('');

describe('Marking what was searched for', () => {
  it.each([
    ['Nguyễn Thị Ánh', 'anh', 'Nguyễn Thị [Ánh]'],
    ['Nguyễn Thị Ánh', 'ngu th', '[Ngu]yễn [Th]ị Ánh'],
    ['Nguye\u0302\u0303n An', 'nguye', '[Nguye\u0302\u0303]n An'],
    ['Đặng', 'dan', '[Đặn]g'],
    ['Straße', 'strass', '[Straß]e'],
    ['Anna An', 'an', '[An]na [An]'],
    ['Anna', 'a anna', '[Anna]'],
    ['Bình', 'x', 'Bình'],
    ['Bình', '', 'Bình'],
  ])('in %s by %s', (text, query, expected) => {
    expect(marked(text, query)).toBe(expected);
  });

  it('loses nothing of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, query) => {
        expect(
          markedParts(text, query)
            .map((part) => part.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  it('marks something in whatever is found', () => {
    const names = fc.string({ unit: fc.constantFrom(...'aăâbđeêßÁ -') });
    fc.assert(
      fc.property(names, names, (name, query) => {
        expect(markedParts(name, query).some(({ isMatch }) => isMatch) || !isFound(name, query)).toBe(true);
      }),
    );
  });
});
