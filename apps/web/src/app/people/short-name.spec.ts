import { shortName } from './short-name';

it.each([
  ['Nguyễn Thị Ánh', 'Ánh'],
  ['Phạm Mai', 'Mai'],
  ['An Nguyễn', 'An'],
  ['Lê Nguyễn', 'Lê'],
  ['Trần', 'Trần'],
  ['Ada Lovelace', 'Ada'],
  ['  Grace  Brewster Hopper ', 'Grace'],
  ['👩‍🚀 Valentina', '👩‍🚀'],
  ['', ''],
])('calls %s %s', (name, short) => {
  expect(shortName(name)).toBe(short);
});
