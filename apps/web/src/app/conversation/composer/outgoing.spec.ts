import { LIMITS } from '@parley/contract';
import * as fc from 'fast-check';
import { charactersLeft, outgoing, sends } from './outgoing';

describe('outgoing', () => {
  it.each([
    ['hello', 'hello'],
    ['hello \n\n', 'hello'],
    ['\n \n  code', '  code'],
    ['one\r\ntwo\rthree', 'one\ntwo\nthree'],
    ['tab\there', 'tab\there'],
    ['a\u0000b\u0007c\u009bd', 'abcd'],
    ['half \ud83d', 'half \ufffd'],
    ['Tiếng Việt', 'Tiếng Việt'],
    ['👍', '👍'],
  ])('makes of %j %j', (draft, text) => {
    expect(outgoing(draft)).toBe(text);
  });

  it.each(['', ' ', '\n\t', '\u3164', '\u200b', '\u0000'])('has nothing to say where the draft is %j', (draft) => {
    expect(outgoing(draft)).toBeNull();
  });

  it('is a text that the server takes, whatever the draft', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (draft) => {
        const text = outgoing(draft);
        if (text === null) return;
        expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
        expect(text.isWellFormed()).toBe(true);
        expect(outgoing(text)).toBe(text);
      }),
    );
  });
});

describe('charactersLeft', () => {
  it('says nothing while there are plenty', () => {
    expect(charactersLeft('')).toBeNull();
    expect(charactersLeft('a'.repeat(LIMITS.textLength - 201))).toBeNull();
  });

  it('counts what is sent, as the server counts it', () => {
    expect(charactersLeft('a'.repeat(LIMITS.textLength - 200))).toBe(200);
    expect(charactersLeft(`${'a'.repeat(LIMITS.textLength)}\n\n`)).toBe(0);
    expect(charactersLeft('👍'.repeat(LIMITS.textLength / 2 + 1))).toBe(-2);
  });
});

describe('sends', () => {
  const ENTER = {
    key: 'Enter',
    keyCode: 13,
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    isComposing: false,
  };

  it.each([
    ['Enter', {}, false, true],
    ['Enter on glass', {}, true, false],
    ['Shift and Enter', { shiftKey: true }, false, false],
    ['Alt and Enter', { altKey: true }, false, false],
    ['Ctrl and Enter on glass', { ctrlKey: true }, true, true],
    ['Command and Enter', { metaKey: true }, false, true],
    ['Enter of an input method', { isComposing: true }, false, false],
    ['Enter of an input method as Safari tells it', { keyCode: 229 }, false, false],
    ['another key', { key: 'a', keyCode: 65 }, false, false],
  ])('%s', (_what, given, isTouch, expected) => {
    expect(sends({ ...ENTER, ...given }, isTouch)).toBe(expected);
  });
});
