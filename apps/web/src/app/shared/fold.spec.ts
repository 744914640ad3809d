import { isFound, isNumber } from './fold';

describe('What search compares', () => {
  it.each([
    ['Nguyễn Thị Ánh', 'anh', true],
    ['Nguyễn Thị Ánh', 'NGUYEN a', true],
    ['Đặng Văn Lâm', 'dang', true],
    ['Đặng Văn Lâm', 'ang', false],
    ['Tea house', 'house tea', true],
    ['Tea house', 'tea garden', false],
    ['Tea house', ' – ', false],
    ['👋 Hello', '👋', true],
  ])('S13 finds %s by %s: %s', (name, query, found) => {
    expect(isFound(name, query)).toBe(found);
  });

  it.each([
    ['0912 345 567', true],
    ['+84 (912) 345-567', true],
    ['٠٩١٢', true],
    ['0912a', false],
    ['+-', false],
    ['', false],
  ])('takes %s for a number: %s', (query, expected) => {
    expect(isNumber(query)).toBe(expected);
  });
});
