import { type KeyPress, isWritingIn, shortcutOf } from './shortcuts';

const press = (given: Partial<KeyPress>): KeyPress => ({
  key: '',
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  isComposing: false,
  isWriting: false,
  areLettersOn: true,
  ...given,
});

describe('The shortcuts of the chat page', () => {
  it.each([
    [{ key: '/' }, 'search'],
    [{ key: 'k', ctrlKey: true }, 'search'],
    [{ key: 'K', metaKey: true }, 'search'],
    [{ key: 'ArrowUp', altKey: true }, 'previous'],
    [{ key: 'ArrowDown', altKey: true }, 'next'],
    [{ key: 'n' }, 'newGroup'],
    [{ key: '?' }, 'help'],
    [{ key: 'Escape' }, 'back'],
    [{ key: 'k' }, undefined],
    [{ key: 'n', ctrlKey: true }, undefined],
    [{ key: 'n', metaKey: true }, undefined],
    [{ key: 'ArrowUp' }, undefined],
    [{ key: 'ArrowUp', altKey: true, ctrlKey: true }, undefined],
    [{ key: '/', isComposing: true }, undefined],
  ])('%j is %s', (given, shortcut) => {
    expect(shortcutOf(press(given))).toBe(shortcut);
  });

  it.each(['/', 'n', '?'])(
    'S16 leaves the letter %s to whoever is writing, and to whoever has turned them off',
    (key) => {
      expect(shortcutOf(press({ key, isWriting: true }))).toBeUndefined();
      expect(shortcutOf(press({ key, areLettersOn: false }))).toBeUndefined();
    },
  );

  it('S16 goes from room to room and to the search also while somebody writes', () => {
    expect(shortcutOf(press({ key: 'ArrowDown', altKey: true, isWriting: true }))).toBe('next');
    expect(shortcutOf(press({ key: 'k', ctrlKey: true, isWriting: true }))).toBe('search');
  });

  it.each([
    ['input', true],
    ['textarea', true],
    ['select', true],
    ['button', false],
    ['div', false],
  ])('one writes in a %s: %s', (name, expected) => {
    expect(isWritingIn(document.createElement(name))).toBe(expected);
    expect(isWritingIn(document)).toBe(false);
  });
});
