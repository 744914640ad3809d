import { LIMITS } from '@parley/contract';

/** What a text must be. Applied as `tidy` first, then `problem` on the tidied text. */
export interface TextRule {
  /** The text in the form in which it is kept: the same for everything that looks the same. */
  tidy(text: string): string;
  /** A sentence that says what is asked for, when the tidied text is not that. */
  problem(text: string): string | undefined;
  /** For the documentation: an example, and the lengths in UTF-16 units. */
  readonly example: string;
  readonly min: number;
  readonly max: number;
}

/** A surrogate without its other half: under the `u` flag only those are matched. */
const HALF_A_PAIR = /\p{Cs}/u;
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const CONTROL_BUT_LINES_AND_TABS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
/** Characters that turn the direction of what follows: in a name they make another name of it. */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/;
/** Something to see: a letter, digit, mark of punctuation or symbol, none of which is one of Unicode's blank ones. */
const VISIBLE = /(?![\u115f\u1160\u3164\uffa0\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;
const BLANKS = /[^\S\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

const asItIs = (text: string): string => text;
const tidyName = (text: string): string => text.normalize('NFC').replace(BLANKS, ' ').trim();
const tidyLines = (text: string): string => text.replace(/\r\n?/g, '\n');

function characterProblem(text: string, refused: RegExp): string | undefined {
  if (HALF_A_PAIR.test(text)) return 'The text must be well-formed Unicode, without half of a pair.';
  return refused.test(text) ? 'The text must not contain control characters.' : undefined;
}

function lengthProblem(text: string, min: number, max: number): string | undefined {
  if (text.length >= min && text.length <= max) return undefined;
  return min === 0 ? `At most ${max} characters are allowed.` : `From ${min} to ${max} characters are asked for.`;
}

function nameRule(max: number, example: string): TextRule {
  return {
    tidy: tidyName,
    problem: (text) =>
      lengthProblem(text, 1, max) ??
      characterProblem(text, CONTROL) ??
      (DIRECTION.test(text) ? 'A name must not change the direction of writing.' : undefined) ??
      (VISIBLE.test(text) ? undefined : 'A name needs something to see.'),
    example,
    min: 1,
    max,
  };
}

/** A person's name: one line, trimmed, NFC, runs of blanks made one. */
export const PERSON_NAME = nameRule(LIMITS.userNameLength, 'Nguyễn Văn An');

/** A room's or group's name: as a person's. */
export const ROOM_NAME = nameRule(LIMITS.roomNameLength, 'Tea house');

/** What a room says of itself: may be empty, may have lines. */
export const DESCRIPTION: TextRule = {
  tidy: (text) => tidyLines(text.normalize('NFC')).trim(),
  problem: (text) =>
    lengthProblem(text, 0, LIMITS.descriptionLength) ?? characterProblem(text, CONTROL_BUT_LINES_AND_TABS),
  example: 'Where we talk about tea.',
  min: 0,
  max: LIMITS.descriptionLength,
};

/** A message: as it was written, but for line ends, which become `\n`; not blank. */
export const MESSAGE_TEXT: TextRule = {
  tidy: tidyLines,
  problem: (text) =>
    lengthProblem(text, 1, LIMITS.textLength) ??
    characterProblem(text, CONTROL_BUT_LINES_AND_TABS) ??
    (VISIBLE.test(text) ? undefined : 'A message needs something to see.'),
  example: 'Hello!',
  min: 1,
  max: LIMITS.textLength,
};

/** A phone number as people type it; whether it is one, `users/phone` decides. */
export const PHONE_TEXT: TextRule = {
  tidy: (text) => text.trim(),
  problem: (text) => lengthProblem(text, 3, 40) ?? characterProblem(text, CONTROL),
  example: '0912 345 567',
  min: 3,
  max: 40,
};

/** A password: any well-formed text without NUL, composed (NFC), so that it is the same from every keyboard. */
export const PASSWORD: TextRule = {
  tidy: (text) => text.normalize('NFC'),
  problem: (text) => lengthProblem(text, LIMITS.passwordMin, LIMITS.passwordMax) ?? characterProblem(text, CONTROL),
  example: 'correct horse battery',
  min: LIMITS.passwordMin,
  max: LIMITS.passwordMax,
};

/** A password that is being tried: whatever it is, only its length is bounded. */
export const TRIED_PASSWORD: TextRule = {
  ...PASSWORD,
  problem: (text) => lengthProblem(text, 1, LIMITS.passwordMax) ?? characterProblem(text, CONTROL),
  min: 1,
};

/** What somebody types into a search box. */
export const SEARCH_TEXT: TextRule = {
  tidy: (text) => text.normalize('NFC').trim(),
  problem: (text) => lengthProblem(text, 1, 100) ?? characterProblem(text, CONTROL),
  example: 'ngu',
  min: 1,
  max: 100,
};

/** As `SEARCH_TEXT`, or nothing at all: then everything is found. */
export const LISTING_TEXT: TextRule = {
  ...SEARCH_TEXT,
  problem: (text) => (text === '' ? undefined : SEARCH_TEXT.problem(text)),
  min: 0,
};

function patternRule(pattern: RegExp, sentence: string, example: string, lengths: [number, number]): TextRule {
  const [min, max] = lengths;
  return { tidy: asItIs, problem: (text) => (pattern.test(text) ? undefined : sentence), example, min, max };
}

/** A document's id; kept in lower case, as the database writes it. */
export const OBJECT_ID: TextRule = {
  ...patternRule(
    /^[0-9a-f]{24}$/,
    'An id of 24 hexadecimal digits is asked for.',
    '665f1c2ab7e4d90012345678',
    [24, 24],
  ),
  tidy: (text) => text.toLowerCase(),
};

/** A client's own name for a message: printable ASCII. */
export const CLIENT_ID = patternRule(
  new RegExp(`^[\\x21-\\x7e]{1,${LIMITS.clientIdLength}}$`),
  `From 1 to ${LIMITS.clientIdLength} printable ASCII characters, without blanks, are asked for.`,
  '01J9ZK3V7QW8',
  [1, LIMITS.clientIdLength],
);

/** One emoji that Unicode recommends for interchange: as keyboards write it, with its variation selector. */
export const EMOJI = patternRule(new RegExp('^\\p{RGI_Emoji}$', 'v'), 'One emoji is asked for.', '👍', [1, 32]);

/** A token as sign-in gave it: the three parts of a JWT. */
export const TOKEN = patternRule(
  /^[\w-]{1,1000}\.[\w-]{1,2000}\.[\w-]{1,1000}$/,
  'A token as sign-in returned it is asked for.',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  [5, 4002],
);
