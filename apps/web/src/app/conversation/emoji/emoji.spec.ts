import { EMOJI, REACTIONS, withRecent } from './emoji';

describe('The emoji to choose from', () => {
  it('F5 are such as the server takes for reactions, each once', () => {
    for (const list of [EMOJI, REACTIONS]) {
      expect(list.filter((emoji) => !new RegExp('^\\p{RGI_Emoji}$', 'v').test(emoji))).toEqual([]);
      expect(new Set(list).size).toBe(list.length);
    }
  });
});

describe('withRecent', () => {
  it('has the latest first, and each once', () => {
    expect(withRecent(['a', 'b', 'c'], 'b')).toEqual(['b', 'a', 'c']);
  });

  it('remembers no more than three rows', () => {
    const many = Array.from({ length: 24 }, (_, at) => String(at));
    expect(withRecent(many, 'new')).toEqual(['new', ...many.slice(0, 23)]);
  });
});
