import { Page } from '../../testing/page';
import { TypingLine } from './typing-line';

const NAMES = ['An Nguyễn', 'Trần Văn Bình', 'Mai', 'Cúc'];
const typists = (count: number) => NAMES.slice(0, count).map((name, at) => ({ id: `p${at}`, name }));

describe('TypingLine', () => {
  it.each([
    [1, false, 'An is typing…'],
    [2, false, 'An and Bình are typing…'],
    [3, false, '3 people are typing…'],
    [4, false, '4 people are typing…'],
    [1, true, 'typing…'],
  ])('F4 names one and two, counts more: %i, alone %s', async (count, isAlone, text) => {
    const page = await Page.of(TypingLine, { typists: typists(count), isAlone });
    expect(page.text).toBe(text);
    expect(page.find('.dots').getAttribute('aria-hidden')).toBe('true');
  });
});
