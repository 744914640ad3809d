import { isEmojiOnly, mayBeMarkdown } from './plain-text';

describe('mayBeMarkdown', () => {
  it.each([
    'Hello!',
    'Chào bạn, khỏe không?',
    '5 > 3',
    'a - b',
    'C# and #1',
    '100%',
    '12.30',
    '👋',
    'one\ntwo',
    'a & b',
  ])('spares %s the parser', (text) => {
    expect(mayBeMarkdown(text)).toBe(false);
  });

  it.each([
    '*a*',
    '_a_',
    '~~a~~',
    '`a`',
    '[a](b)',
    '> a',
    'x\n> a',
    '- a',
    '+ a',
    '1. a',
    '2) a',
    'a | b\n--|--',
    '| a |\n| :- |',
    '# a',
    'https://a.b',
    'HTTP://A.B',
    'www.a.b',
    'a@b.c',
    '\\*a',
  ])('sends %s to the parser', (text) => {
    expect(mayBeMarkdown(text)).toBe(true);
  });
});

describe('isEmojiOnly', () => {
  it.each(['👍', '❤️', '👩‍👩‍👧‍👦', '🇻🇳', '👍🏽', '😀 😀\n😀', '1️⃣', ' 🎉 '])('is true of %s', (text) => {
    expect(isEmojiOnly(text)).toBe(true);
  });

  it.each(['', 'a', '1', '👍 ok', '#', '😀'.repeat(9), ' '])('is false of %j', (text) => {
    expect(isEmojiOnly(text)).toBe(false);
  });
});
