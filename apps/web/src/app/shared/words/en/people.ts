import { pluralOf } from '../plural';

const plural = pluralOf('en');

export const people = {
  search: 'Search people and rooms',
  searchPeople: 'Name or phone number',
  clear: 'Clear the search',
  searching: 'Searching…',
  results: (count: number) => plural(count, { one: '1 result', other: `${count} results` }),
  nobodyFound: 'Nobody found. Search by name or the whole phone number.',
  nothingFound: 'Nothing found. Search people by name or the whole phone number, and rooms by name.',
  noSuchNumber: 'Nobody here has this number. Is it the whole one?',
  howToFind: 'Type a name or the whole phone number.',
  chosen: 'Chosen people',
  remove: (name: string) => `Remove ${name}`,
  enough: (most: number) => `At most ${most} people at once. You can add more later.`,
};
