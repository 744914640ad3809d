import fc from 'fast-check';
import { searchWords } from '../../apps/api/src/common/search-words';
import { foldedWords } from '../../apps/web/src/app/shared/fold';

describe('The search of the client', () => {
  const letters = 'aâăeêoôơuưyđĐÂẤẩễỗợữỹ ńñçßæœøŁı-.,x7 ';

  it('S13 compares the words that the server compares', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...letters, '\u0301', '\u0323') }), (name) => {
        expect([...new Set(foldedWords(name))]).toEqual(searchWords(name));
      }),
    );
  });
});
