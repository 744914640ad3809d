import { en } from './en';
import { pluralOf } from './plural';
import { vi } from './vi';

/** Every leaf as `path` and what it says; functions say what they say of 2. */
function leaves(words: object, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    const here = path + key;
    if (typeof value === 'object' && value !== null) return leaves(value, `${here}.`);
    if (typeof value !== 'function') return [[here, String(value)]];
    const say = value as (...args: unknown[]) => unknown;
    return [[here, String(say(...Array<number>(say.length).fill(2)))]];
  });
}

/** What is the same in both languages: names. */
const NAMES = ['common.appName', 'session.welcome.example.person'];

describe('the words', () => {
  it('are the same in number in both languages, lists included', () => {
    const paths = (words: object) => leaves(words).map(([path]) => path);
    expect(paths(vi)).toEqual(paths(en));
  });

  it('are all there, without blanks around them', () => {
    const odd = [...leaves(en), ...leaves(vi)].filter(([, text]) => text === '' || text.trim() !== text);
    expect(odd).toEqual([]);
  });

  it('are translated', () => {
    const english = new Map(leaves(en));
    const same = leaves(vi).filter(([path, text]) => english.get(path) === text && !NAMES.includes(path));
    // A function that takes more than numbers may give back what it was given.
    expect(same.filter(([, text]) => /[a-z]{3}/i.test(text))).toEqual([]);
  });

  it('choose their form by number', () => {
    const plural = pluralOf('en');
    const forms = { one: 'one room', other: 'rooms' };
    expect([plural(1, forms), plural(2, forms), plural(0, forms)]).toEqual(['one room', 'rooms', 'rooms']);
    expect(pluralOf('vi')(1, forms)).toBe('rooms');
  });
});
