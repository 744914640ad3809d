/** More of a text is not looked at: a line of it is what is wanted. */
const LOOKED_AT = 1_000;

/** Signs that begin a line: quotes, headings, points of a list, boxes to tick. */
const LINE_MARKS = /^[ \t]*(?:>[ \t]?|#{1,6}[ \t]+|[-+*][ \t]+(?:\[[ xX]\][ \t]+)?)+/gm;
const FENCES = /^[ \t]*(`{3,}|~{3,})[^\n`]*\n([\s\S]*?)(?:^[ \t]*\1[`~]*[ \t]*$|(?![\s\S]))/gm;
const CODE = /(?<![\\`])(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g;
/** The line below the head of a table, with what is around it. */
const TABLE = /^.*\|.*\n(?=.*-)(?=.*\|)[-:| \t]+$(?:\n.*\|.*)*/gm;
const LINKS = /(?<![!\\])\[([^\][\n]+)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+"[^"\n]*")?\)/g;
const ESCAPES = /\\([!-/:-@[-`{-~])/g;
/** Emphasis, from the strongest on: an opening sign stands before something, a closing one behind it. */
const EMPHASIS = [
  /(?<!\\)(\*{2,3})(?=[^\s*])([\s\S]*?[^\s\\])\1/g,
  /(?<![\p{L}\p{N}_\\])(_{1,3})(?=[^\s_])([\s\S]*?[^\s\\])\1(?![\p{L}\p{N}_])/gu,
  /(?<![\p{L}\p{N}*\\])(\*)(?=[^\s*])([^*]*?[^\s*\\])\1(?![\p{L}\p{N}*])/gu,
  /(?<![~\\])(~{1,2})(?=[^\s~])([^~]*?[^\s~\\])\1(?!~)/g,
];

/**
 * A text as it reads without the signs of its Markdown, for where there is one line for it. It is no parser: what it does
 * not know stays as it was typed. Code stays as it is.
 */
export function bareText(text: string): string {
  const code: string[] = [];
  const keep = (_all: string, _sign: string, inner: string): string => `\uE000${code.push(inner) - 1}\uE001`;
  let bare = text.slice(0, LOOKED_AT).replace(FENCES, keep).replace(CODE, keep);
  bare = bare.replace(TABLE, cellsOf).replace(LINE_MARKS, '').replace(LINKS, '$1');
  for (const signs of EMPHASIS) bare = bare.replace(signs, '$2');
  bare = bare.replace(ESCAPES, '$1');
  return bare.replace(/\uE000(\d+)\uE001/g, (all, number: string) => code[Number(number)] ?? all);
}

/** What stands in a table, without its lines. */
function cellsOf(table: string): string {
  const [head, , ...rows] = table.split('\n');
  return [head, ...rows].map((row) => row!.replace(/(?<!\\)\|/g, ' ')).join('\n');
}
