import { LIMITS } from '@parley/contract';

/** Said when no more than this is left of what a message may have. */
const FEW_LEFT = 200;

/** What the server refuses in a text: control characters, but for line ends and tabs. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** Something to see: a letter, digit, mark of punctuation or symbol, none of which is one of Unicode's blank ones. */
const VISIBLE = /(?![\u115f\u1160\u3164\uffa0\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;

/** The message that a draft becomes: without what cannot be sent, and without blanks around it; null for nothing to say. */
export function outgoing(draft: string): string | null {
  const lines = draft.replace(/\r\n?/g, '\n').replace(CONTROL, '').toWellFormed();
  const text = lines.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
  return VISIBLE.test(text) ? text : null;
}

/** How many characters a draft has left, where that is few; negative for too many; null where there are plenty. */
export function charactersLeft(draft: string): number | null {
  const left = LIMITS.textLength - (outgoing(draft)?.length ?? 0);
  return left <= FEW_LEFT ? left : null;
}

/** A key that was pressed, as far as sending is concerned. */
type Press = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing' | 'keyCode'>;

/** While an input method composes, keys are its own; Safari tells the last one of them by this code only. */
const COMPOSING = 229;

/**
 * Whether a key sends the message: Enter does, Shift and Enter break the line. Where one writes on glass, Enter breaks
 * the line too, and only a button (or Ctrl and Enter) sends.
 */
export function sends(press: Press, isTouch: boolean): boolean {
  if (press.key !== 'Enter' || press.isComposing || press.keyCode === COMPOSING) return false;
  if (press.ctrlKey || press.metaKey) return true;
  return !press.shiftKey && !press.altKey && !isTouch;
}
