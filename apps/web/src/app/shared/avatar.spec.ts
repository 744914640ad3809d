import fc from 'fast-check';
import { initialsOf } from './avatar';

describe('initials', () => {
  it.each([
    ['An Nguyễn', 'AN'],
    ['Lê Minh Châu', 'LC'],
    ['mai', 'M'],
    ['  đỗ   hà ', 'ĐH'],
    ['👩‍👩‍👧 Family', 'F'],
    ['Gia đình 🏡', 'GĐ'],
    ['👩‍👩‍👧', '👩‍👩‍👧'],
    ['李 小龍', '李小'],
    ['', ''],
  ])('of %s are %s', (name, initials) => expect(initialsOf(name)).toBe(initials));

  it('never cut a sign in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => expect(initialsOf(name).isWellFormed()).toBe(true)),
    );
  });
});
