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

/** One sign of a text as the server's search compares it: lower case, without accents. Empty for an accent alone. */
export function foldSign(sign: string): string {
  const bare = sign.normalize('NFKD').toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
  return bare.replace(/[đðøłħßæœı]/g, (letter) => PLAIN[letter] ?? letter);
}

/** The words of a text as search compares them. */
export function foldedWords(text: string): string[] {
  const folded = [...text].map(foldSign).join('');
  return folded.split(SEPARATORS).filter((word) => word !== '');
}

/** Whether search finds a name: each word that is typed begins one of its words. Nothing typed finds nothing. */
export function isFound(name: string, query: string): boolean {
  const typed = foldedWords(query);
  const words = foldedWords(name);
  return typed.length > 0 && typed.every((beginning) => words.some((word) => word.startsWith(beginning)));
}

/** Whether what is typed can only be a phone number. */
export function isNumber(query: string): boolean {
  return /\p{Nd}/u.test(query) && /^[\s\p{Nd}+()./\-\u2010-\u2015\u2212]+$/u.test(query.normalize('NFKC'));
}

/** Whether a sign stands between words. */
export function isSeparator(sign: string): boolean {
  return SEPARATORS.test(sign);
}
