import { withDefaults } from './defaults';

it('what is not given, or given as undefined, has its default', () => {
  expect(withDefaults({ a: 1, b: 2, c: 3 }, { a: undefined, b: 0 })).toEqual({ a: 1, b: 0, c: 3 });
});
