import { LIMITS } from '@parley/contract';
import fc from 'fast-check';
import * as rules from './text-rules';
import {
  CLIENT_ID,
  MESSAGE_TEXT,
  OBJECT_ID,
  PASSWORD,
  PERSON_NAME,
  PHONE_TEXT,
  ROOM_NAME,
  type TextRule,
} from './text-rules';

const accepts = (rule: TextRule, text: string): boolean => rule.problem(rule.tidy(text)) === undefined;
const anyText = fc.string({ unit: 'binary', maxLength: 120 });
const brokenText = fc.tuple(
  anyText,
  fc.integer({ min: 0xd800, max: 0xdbff }),
  fc.constantFrom('', 'a', ' ', '\ud83d\ude00'),
);
const ALL = Object.values(rules).filter((rule): rule is TextRule => typeof rule === 'object');

describe('every text rule', () => {
  it('accepts its own example', () => {
    expect(ALL.length).toBeGreaterThan(8);
    for (const rule of ALL)
      expect([rule.example, rule.problem(rule.tidy(rule.example))]).toEqual([rule.example, undefined]);
  });

  it('tidies to a form that tidying leaves alone', () => {
    for (const rule of ALL) {
      fc.assert(
        fc.property(anyText, (text) => expect(rule.tidy(rule.tidy(text))).toBe(rule.tidy(text))),
        { numRuns: 200 },
      );
    }
  });

  it('refuses half of a surrogate pair', () => {
    for (const rule of ALL) {
      fc.assert(
        fc.property(brokenText, ([text, half, end]) => {
          expect(accepts(rule, `name1234${text}${String.fromCharCode(half)}${end}`)).toBe(false);
        }),
        { numRuns: 100 },
      );
    }
  });

  it('refuses NUL and lengths past its own', () => {
    for (const rule of ALL) {
      expect(accepts(rule, 'abcd\u0000efgh')).toBe(false);
      expect(accepts(rule, 'a'.repeat(rule.max + 1))).toBe(false);
    }
  });

  it('never says more than a sentence, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ALL),
        fc.string({ unit: 'binary', minLength: 9, maxLength: 300 }),
        (rule, text) => {
          const problem = rule.problem(rule.tidy(text));
          expect(problem ?? 'fine').toMatch(/^[^\n]{1,120}$/);
          expect(problem?.includes(text)).not.toBe(true);
        },
      ),
    );
  });
});

describe('names', () => {
  it.each([
    ['  Nguyễn   Văn\u00a0An ', 'Nguyễn Văn An'],
    ['Zoe\u0308', 'Zoë'],
    ['A\u3000B', 'A B'],
    ['😀', '😀'],
    ['محمد', 'محمد'],
  ])('tidies %j', (typed, kept) => {
    expect(PERSON_NAME.tidy(typed)).toBe(kept);
    expect(PERSON_NAME.problem(kept)).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['only blanks', ' \u00a0\u3000 '],
    ['only zero-width characters', '\u200b\u200d\ufeff'],
    ['only a Hangul filler', '\u3164'],
    ['a right-to-left override', 'An\u202egpj.exe'],
    ['an isolate', 'An\u2067x\u2069'],
    ['a line', 'An\nBinh'],
    ['a tab', 'An\tBinh'],
    ['an escape', 'An\u001b[31m'],
    ['a line separator', 'An\u2028Binh'],
    ['10,000 characters', 'x'.repeat(10_000)],
  ])('refuses %s', (_what, typed) => {
    expect(accepts(PERSON_NAME, typed)).toBe(false);
    expect(accepts(ROOM_NAME, typed)).toBe(false);
  });

  it('counts the tidied length', () => {
    expect(accepts(PERSON_NAME, ` ${'e\u0301'.repeat(LIMITS.userNameLength)} `)).toBe(true);
    expect(accepts(PERSON_NAME, 'x'.repeat(LIMITS.userNameLength + 1))).toBe(false);
  });
});

describe('message text', () => {
  it('keeps lines and tabs, makes all line ends one kind, and leaves blanks where they are', () => {
    expect(MESSAGE_TEXT.tidy(' a\r\nb\rc\n\td ')).toBe(' a\nb\nc\n\td ');
    expect(accepts(MESSAGE_TEXT, ' a\r\nb\tc ')).toBe(true);
  });

  it('allows the direction marks that mixed scripts need', () => {
    expect(accepts(MESSAGE_TEXT, 'see \u2067שלום\u2069')).toBe(true);
  });

  it.each(['', ' \n\t ', '\u200b', '\u0007bell', 'x'.repeat(LIMITS.textLength + 1)])('refuses %j', (text) => {
    expect(accepts(MESSAGE_TEXT, text)).toBe(false);
  });
});

describe('the other rules', () => {
  it('keeps ids in lower case', () => {
    expect(OBJECT_ID.tidy('665F1C2AB7E4D90012345678')).toBe('665f1c2ab7e4d90012345678');
    expect(accepts(OBJECT_ID, '665f1c2ab7e4d9001234567g')).toBe(false);
    expect(accepts(OBJECT_ID, '665f1c2ab7e4d90012345678\n')).toBe(false);
  });

  it('takes printable client ids only', () => {
    expect(accepts(CLIENT_ID, 'a'.repeat(LIMITS.clientIdLength))).toBe(true);
    for (const text of ['', 'a b', 'é', 'a\n', 'a'.repeat(LIMITS.clientIdLength + 1)])
      expect(accepts(CLIENT_ID, text)).toBe(false);
  });

  it('makes a password the same from every keyboard, and never trims it', () => {
    expect(PASSWORD.tidy(' Zoe\u0308 123 ')).toBe(' Zoë 123 ');
    expect(accepts(PASSWORD, 'x'.repeat(LIMITS.passwordMin - 1))).toBe(false);
  });

  it('takes for a phone number only what is short', () => {
    expect(accepts(PHONE_TEXT, ' 0912 345 567 ')).toBe(true);
    expect(accepts(PHONE_TEXT, '1'.repeat(41))).toBe(false);
  });
});
