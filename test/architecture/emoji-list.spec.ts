import { readFileSync } from 'node:fs';
import { findEmoji, GROUPS, grouped } from '../../apps/web/src/app/conversation/emoji/emoji-list';

const listed = (language: string) =>
  JSON.parse(readFileSync(`node_modules/emojibase-data/${language}/compact.json`, 'utf8')) as Parameters<
    typeof grouped
  >[0];
const drawn = (): boolean => true;

describe('The emoji book', () => {
  it.each(['en', 'vi'])('F5 has every emoji as the server takes it, each once: %s', (language) => {
    const groups = grouped(listed(language), drawn);
    expect([...groups.keys()].sort()).toEqual(GROUPS.filter((group) => group !== null).sort());
    const all = [...groups.values()].flat().map(({ emoji }) => emoji);
    expect(all.length).toBeGreaterThan(1_800);
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((emoji) => !new RegExp('^\\p{RGI_Emoji}$', 'v').test(emoji))).toEqual([]);
    expect(all).toEqual(expect.arrayContaining(['👍', '❤️', '☕', '🇻🇳', '👨‍👩‍👧‍👦']));
  });

  it('F5 leaves out what is not drawn', () => {
    const groups = grouped(listed('en'), (emoji) => emoji !== '🚀');
    expect(findEmoji(groups.values(), 'rocket').map(({ emoji }) => emoji)).not.toContain('🚀');
  });

  it('F5 finds by the beginnings of words, without accents, by name before tags', () => {
    const [en, vi] = [grouped(listed('en'), drawn), grouped(listed('vi'), drawn)];
    const found = (book: typeof en, query: string): string[] =>
      findEmoji(book.values(), query).map(({ emoji }) => emoji);
    expect(found(en, 'Rock')).toContain('🚀');
    expect(found(vi, 'ca phe')).toContain('☕');
    expect(found(vi, 'cà phê')).toEqual(found(vi, 'CA PHE'));
    expect(found(en, 'nothing like that')).toEqual([]);
    const heart = findEmoji(en.values(), 'heart');
    const named = heart.map(({ name }) => /\bheart/.test(name));
    expect(named).toEqual(named.toSorted((a, b) => Number(b) - Number(a)));
  });
});
