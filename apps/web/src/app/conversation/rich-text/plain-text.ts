import { lazily } from '../../shared/lazily';

/** What Markdown, or a link, cannot be without. Texts that have none of it are shown as they are. */
const MARKS = /[*_~`[\\]|https?:|www\.|\S@\S|^ {0,3}(?:>|[-+]\s|\d{1,9}[.)]\s|#{1,6}\s)/im;

/** Whether a text can have Markdown or links in it. Never false for one that has. */
export function mayBeMarkdown(text: string): boolean {
  return MARKS.test(text);
}

/** The code units that emoji are made of; some other signs are among them, but hardly a word. */
const EMOJI_UNITS = /^(?=.*[^\s\d])[\s\d#*©®\u200d\u203c-\u3299\u20e3\ufe0f\ud83c-\ud83e\udb40\udc00-\udfff]+$/s;
// By constructor: the compiler's target is older than the flag, the browsers are not. It takes long to make.
const emojiOnly = lazily(() => new RegExp(String.raw`^\s*(?:\p{RGI_Emoji}\s*){1,8}$`, 'v'));

/** Whether a message is nothing but a few emoji, to be shown large. */
export function isEmojiOnly(text: string): boolean {
  return text.length <= 120 && EMOJI_UNITS.test(text) && emojiOnly().test(text);
}
