import type { Answer } from './case';

/** An answer that is another than that of mongod 4.0, and why. */
export interface Difference {
  question: RegExp;
  why: string;
  /** The codes of mongod 4.0 and those that stand for them here; all else is the same. */
  codes?: Readonly<Record<number, number>>;
  /** What may differ; all else is the same. Without this and `codes`: all may. */
  but?: RegExp;
}

const BAD_OPTIONS = String.raw`\$options: "[gz]"|\$regex: /A/i, \$options`;
const PCRE_ONLY = String.raw`\(|\[|\*|\\Qa\\E|\\\\Qa\\\\E|\[\[:alpha:\]\]|a\+\+`;

/** MongoDB changed these after 4.0: the newer answer counts. */
const NEWER: readonly Difference[] = [
  { question: new RegExp(BAD_OPTIONS), why: '4.0 ignored unknown options, and options in two places' },
  {
    question: new RegExp(String.raw`filter: \{a: (/[([*]/|\{\$regex: "[([*]")`),
    why: 'an invalid expression is an error',
  },
  { question: /\$type: 0\}/, why: 'type 0 for what is missing is refused' },
  { question: /\$set: \{\}\}/, why: 'an empty operator changes nothing (5.0)' },
  {
    question: /\$addToSet: \{a: \{x: 1, \$each: \[1\]\}\}/,
    why: 'names may begin with $ below the top (5.0)',
  },
  { question: /u: \{(\$set: \{a|x): \{\$[by]: 1\}/, why: 'names may begin with $ below the top (5.0)' },
  { question: /insert: "c", documents: \[\{(\$a: 1|_id: \{a: \{\$b: 1\}\})\}\]/, why: 'names may begin with $ (5.0)' },
  { question: /\$set: \{d\.10: 1, d\.2: 1/, why: 'names that are numbers are added in the order of numbers (5.0)' },
  {
    question: /projection: \{(a: 0, _id: 1|_id: 1, a: 0)\}/,
    why: '_id may be named in either way (4.4)',
  },
  { question: /projection: \{a: 1, s: 0\}/, why: 'codes of their own (4.4)', codes: { 2: 31254 } },
  { question: /projection: \{a: 0, s: 1\}/, why: 'codes of their own (4.4)', codes: { 2: 31253 } },
  {
    question: /projection: \{(|a\.|\$a): 1\}|projection: \{(a: 1, a\.b|b\.c: 1, b): 1\}/,
    why: 'bad and colliding paths are refused (4.4)',
  },
  { question: /sort: \{a: (2|0)\}/, why: 'codes of their own (4.4)', codes: { 2: 15975 } },
  { question: /sort: \{a: ("x"|\{\}|null)\}/, why: 'codes of their own (4.4)', codes: { 2: 15974 } },
  { question: /sort: \{: 1\}/, why: 'codes of their own (4.4)', codes: { 2: 40352 } },
  { question: /sort: \{(a\.|\$a): 1\}/, why: 'bad paths are refused (4.4)' },
  { question: /(skip|limit|batchSize): -1/, why: 'code of its own (5.0)', codes: { 2: 51024 } },
  {
    question: /find: ("c"|1), (limit: "x"|filter: (1|\[\])|sort: 1|projection: 1)/,
    why: 'wrong types have one code (5.0)',
    codes: { 9: 14 },
  },
  { question: /find: 1\}/, why: 'code of names (5.0)', codes: { 9: 73 } },
  { question: /insert: 1,/, why: 'code of names (5.0)', codes: { 2: 73 } },
  { question: /nonsense: 1\}$/, why: 'code of unknown fields (5.0)', codes: { 9: 40415 } },
  {
    question: /count: "c", query: 1|findAndModify: "c", query: (1|\{_id: 2\}, update: 1)|limit: "x"\}\]/,
    why: 'wrong types are refused (5.0)',
  },
  { question: /distinct: "c"\}/, why: 'code of missing fields (5.0)', codes: { 4: 40414 } },
  { question: /createIndexes: "c"\}|killCursors: "c"\}/, why: 'code of missing fields (5.0)', codes: { 9: 40414 } },
  { question: /dropIndexes: "c"\}/, why: 'code of missing fields (5.0)', codes: { 27: 40414 } },
  { question: /cursor: \{x: 1\}/, why: 'code of unknown fields (5.0)', codes: { 2: 40415 } },
  { question: /updates: 1\}/, why: 'wrong types have one code (5.0)', codes: { 10065: 14 } },
  { question: /u: 1\}\]/, why: 'an update of a wrong type fails for itself (4.2)' },
  { question: /\{\$sort: \{a: 1, _id: 1\}\}/, why: 'what is missing sorts as null does (4.4)' },
  { question: /\$limit: (-1|"x"|double\(1\.5\))/, why: 'code of its own (5.0)' },
  { question: /\$skip: (-1|"x")/, why: 'code of its own (5.0)', codes: { 15956: 5107200, 15972: 5107200 } },
  { question: /name: "p9"/, why: 'indexes of one key differ by their partial filter (5.0)' },
  { question: /name: "t4"/, why: 'a compound index cannot expire documents (4.2)' },
  { question: /name: "t[23]"/, why: 'expireAfterSeconds is checked (4.2)' },
];

/** What is narrower, wider or a little different here. */
const OWN: readonly Difference[] = [
  { question: new RegExp(String.raw`(\{a: /|\$regex: ")(${PCRE_ONLY})`), why: 'what only PCRE knows is refused' },
  { question: /\$options: "x"/, why: 'the option x is refused' },
  { question: /\$type: "undefined"/, why: 'undefined is stored as null, its type is refused' },
  { question: /filter: \{a\.: 1\}/, why: 'in 4.0 a dot at the end finds elements of arrays' },
  { question: /\$pull: \{a: \{\$(not: \{\$gt: 1|eq: \[1, 2)/, why: '$pull takes $eq and $not' },
  {
    question: /\$set: \{a\.\$b: 1\}/,
    why: 'refused for its name before the documents are looked at',
    codes: { 28: 52 },
  },
  { question: /r: \{\$sum: "\$a"\}/, why: 'arithmetic on decimals is refused' },
  {
    question: /: "(\$|\$\$|\$a\.)"/,
    why: 'one code for an empty name',
    codes: { 16872: 15998, 16869: 17276, 40353: 15998 },
  },
  {
    question: /u: \{/,
    why: 'nModified counts what changed; 4.0 counts some updates that leave the bytes as they are',
    but: /nModified: \d+/g,
  },
  { question: /Timestamp\(0, 0\)/, why: 'an empty timestamp stays one' },
];

const ALL = [...NEWER, ...OWN];

/** Compares two answers; undefined where they are the same, or else the difference that is known, or 'unknown'. */
export function compare(theirs: Answer, ours: Answer): Difference | 'unknown' | undefined {
  if (theirs.reply === ours.reply) return undefined;
  return ALL.find((one) => one.question.test(theirs.question) && explains(one, theirs.reply, ours.reply)) ?? 'unknown';
}

function explains({ codes, but }: Difference, theirs: string, ours: string): boolean {
  if (codes)
    return theirs.replace(/code: (\d+)/g, (_, code: string) => `code: ${codes[Number(code)] ?? code}`) === ours;
  return !but || theirs.replace(but, '') === ours.replace(but, '');
}

/** The differences on the lists that nobody met. */
export const unmet = (met: ReadonlySet<Difference>): string[] =>
  ALL.filter((one) => !met.has(one)).map((one) => String(one.question));
