import { lazily } from '../../shared/lazily';

/** What Markdown, or a link, cannot be without. Texts that have none of it are shown as they are. */
const MARKS = /[*_~`[\\]|https?:|www\.|\S@\S|^ {0,3}(?:>|[-+]\s|\d{1,9}[.)]\s|#{1,6}\s)/im;

/** The line below the head of a table. */
const TABLE = /^(?=.*-)(?=.*[:|])[-:| \t]+$/m;

/** Whether a text can have Markdown or links in it. Never false for one that has. */
export function mayBeMarkdown(text: string): boolean {
  return MARKS.test(text) || TABLE.test(text);
}

/** A letter (ℹ is an emoji and one), or nothing but ASCII: what most messages have, and no row of emoji. */
const WORDS = /(?!ℹ)\p{L}|^[ -~\s]*$/u;
// By constructor: the compiler's target is older than the flag, the browsers are not. It takes long to make.
const emojiOnly = lazily(() => new RegExp(String.raw`^\s*(?:\p{RGI_Emoji}\s*){1,8}$`, 'v'));

/** Whether a message is nothing but a few emoji, to be shown large. */
export function isEmojiOnly(text: string): boolean {
  return text.length <= 120 && !WORDS.test(text) && emojiOnly().test(text);
}
