export const people = {
  search: 'Search people and rooms',
};
