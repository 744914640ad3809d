import fc from 'fast-check';
import { fold, searchConditions, searchWords } from './search-words';

/** What the database does: every condition must match one of the words. */
const finds = (query: string, name: string): boolean => {
  const conditions = searchConditions(query);
  const words = searchWords(name);
  return (
    conditions.length > 0 && conditions.every(({ searchWords: begins }) => words.some((word) => begins.test(word)))
  );
};

describe('fold', () => {
  it.each([
    ['Nguyễn Văn Đức', 'nguyen van duc'],
    ['ÅSTRÖM', 'astrom'],
    ['Straße', 'strasse'],
    ['Ｆｕｌｌ', 'full'],
    ['İstanbul', 'istanbul'],
    ['Łódź', 'lodz'],
    ['Ærø', 'aero'],
  ])('makes %s %s', (name, folded) => expect(fold(name)).toBe(folded));

  it('leaves alone what is folded', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => expect(fold(fold(text))).toBe(fold(text))));
  });
});

describe('search as you type', () => {
  it.each([
    ['ng', 'Nguyễn Văn Đức', true],
    ['duc NGUY', 'Nguyễn Văn Đức', true],
    ['đức', 'Nguyen Van Duc', true],
    ['uyen', 'Nguyễn Văn Đức', false],
    ['an b', 'An Binh', true],
    ['an x', 'An Binh', false],
    ["o'b", "O'Brien", true],
    ['.*', 'Anybody', false],
    ['', 'Anybody', false],
    ['c++', 'C++ lovers', true],
    ['c+', 'Cc', false],
  ])('%j in %j: %j', (query, name, found) => expect(finds(query, name)).toBe(found));

  it('finds every name by every beginning of each of its words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(), fc.nat(), (name, whichWord, length) => {
        const words = searchWords(name);
        fc.pre(words.length > 0);
        const word = [...words[whichWord % words.length]!];
        expect(finds(word.slice(0, 1 + (length % word.length)).join(''), name)).toBe(true);
      }),
    );
  });

  it('makes a harmless pattern of anything', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        (query, name) => typeof finds(query, name) === 'boolean',
      ),
    );
  });
});
