/** Letters that Unicode does not decompose, as people type them without their stroke or ligature. */
const PLAIN: Readonly<Record<string, string>> = {
  đ: 'd',
  ð: 'd',
  ø: 'o',
  ł: 'l',
  ħ: 'h',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
};
const SEPARATORS = /[\s\p{P}\p{Z}\p{C}]+/u;
/** More words than this in a query are ignored, so that a query stays cheap. */
const WORDS_PER_QUERY = 6;

/** The text as search compares it: lower case, without accents and other marks, compatibility forms made plain. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[đðøłħßæœı]/g, (letter) => PLAIN[letter] ?? letter);
}

/** The distinct folded words of a name, to be kept in a `searchWords` array under a multikey index. */
export function searchWords(name: string): string[] {
  return [...new Set(fold(name).split(SEPARATORS))].filter((word) => word !== '');
}

/**
 * The conditions under which a document's `searchWords` match a query as it is being typed: each typed word begins one
 * of the document's words. Put them into `$and`. Empty when the query has no word at all: then nothing matches.
 */
export function searchConditions(query: string): { searchWords: RegExp }[] {
  return searchWords(query)
    .slice(0, WORDS_PER_QUERY)
    .map((word) => ({ searchWords: new RegExp(`^${escapePattern(word)}`) }));
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
