import { foldedWords, foldSign, isSeparator } from '../shared/fold';

/** A piece of a text, and whether it is what was searched for. */
export interface Part {
  text: string;
  isMatch: boolean;
}

/** The text in pieces: the beginnings of words that a query has found are matches. Together they are the whole text. */
export function markedParts(text: string, query: string): Part[] {
  const typed = foldedWords(query);
  return wordsAndBetween(text).flatMap((word) => cut(word, longestBeginning(word, typed)));
}

/** Runs of signs that are words, and runs that are not, in turn. */
function wordsAndBetween(text: string): string[][] {
  const runs: string[][] = [];
  for (const sign of text) {
    const run = runs.at(-1);
    if (run && isSeparator(run[0] ?? '') === isSeparator(sign)) run.push(sign);
    else runs.push([sign]);
  }
  return runs;
}

function longestBeginning(word: readonly string[], typed: readonly string[]): number {
  const folded = word.map(foldSign).join('');
  return Math.max(0, ...typed.filter((beginning) => folded.startsWith(beginning)).map(({ length }) => length));
}

/** Cuts a word after as many signs as `length` folded letters need; the accents of the last one stay with it. */
function cut(word: readonly string[], length: number): Part[] {
  let taken = 0;
  let covered = 0;
  while (taken < word.length && (covered < length || (length > 0 && foldSign(word[taken] ?? '') === ''))) {
    covered += foldSign(word[taken] ?? '').length;
    taken++;
  }
  const parts = [
    { text: word.slice(0, taken).join(''), isMatch: true },
    { text: word.slice(taken).join(''), isMatch: false },
  ];
  return parts.filter(({ text }) => text !== '');
}
