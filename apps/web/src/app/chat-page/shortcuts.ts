/** What a key can do anywhere on the chat page. */
export type Shortcut = 'search' | 'previous' | 'next' | 'newGroup' | 'help' | 'back';

/** A key as it is pressed, and where. */
export interface KeyPress extends Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'isComposing'> {
  /** Whether the focus is where one writes: there a single letter is a letter. */
  isWriting: boolean;
  /** Whether shortcuts of one letter are wanted. */
  areLettersOn: boolean;
}

const LETTERS: Readonly<Record<string, Shortcut>> = { '/': 'search', n: 'newGroup', '?': 'help' };
const WITH_ALT: Readonly<Record<string, Shortcut>> = { ArrowUp: 'previous', ArrowDown: 'next' };

/** The shortcut that a key press is; undefined for none. */
export function shortcutOf(press: KeyPress): Shortcut | undefined {
  const { key, altKey, ctrlKey, metaKey } = press;
  if (press.isComposing) return undefined;
  if (altKey) return ctrlKey || metaKey ? undefined : WITH_ALT[key];
  if (ctrlKey || metaKey) return key.toLowerCase() === 'k' ? 'search' : undefined;
  if (key === 'Escape') return 'back';
  return press.isWriting || !press.areLettersOn ? undefined : LETTERS[key];
}

/** Whether keys pressed in an element write something. */
export function isWritingIn(element: EventTarget | null): boolean {
  return element instanceof HTMLElement && element.closest('input, textarea, select, [contenteditable]') !== null;
}

/** The keys of each shortcut, as the list of them shows: alternatives, each of them keys pressed together. */
export const SHORTCUT_KEYS: Readonly<Record<Shortcut, readonly (readonly string[])[]>> = {
  search: [['/'], ['Ctrl', 'K']],
  previous: [['Alt', '↑']],
  next: [['Alt', '↓']],
  newGroup: [['N']],
  back: [['Esc']],
  help: [['?']],
};
