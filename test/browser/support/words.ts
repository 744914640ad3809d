import { en, type Words } from '../../../apps/web/src/app/shared/words/en';
import { vi } from '../../../apps/web/src/app/shared/words/vi';
import type { Look } from './look';

/** What the client says in each language. */
const WORDS: Readonly<Record<Look['language'], Words>> = { en, vi };

/** What the client says in the language of a browser. */
export function wordsOf({ language }: Pick<Look, 'language'>): Words {
  return WORDS[language];
}
