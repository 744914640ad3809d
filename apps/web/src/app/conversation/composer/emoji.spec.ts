import { isEmojiOnly } from '../rich-text/plain-text';
import { EMOJI, withRecent } from './emoji';

describe('The emoji to choose from', () => {
  it('are emoji, each once', () => {
    const all = Object.values(EMOJI).flat();
    expect(all.filter((emoji) => !isEmojiOnly(emoji))).toEqual([]);
    expect(new Set(all).size).toBe(all.length);
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
