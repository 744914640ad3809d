import { foldedWords } from '../../shared/fold';

/** One emoji, and what it is called in the reader's language. */
export interface NamedEmoji {
  emoji: string;
  name: string;
  /** What else it is found by. */
  tags: readonly string[];
}

/** The groups in which Unicode has them, in its order. Its group 2 holds parts of emoji, such as skin tones. */
export const GROUPS = [
  'faces',
  'people',
  null,
  'nature',
  'food',
  'travel',
  'activities',
  'objects',
  'symbols',
  'flags',
] as const;

/** The name of a group. */
export type BookGroup = NonNullable<(typeof GROUPS)[number]>;

/** An emoji as emojibase has it. */
export interface Listed {
  hexcode: string;
  unicode: string;
  label: string;
  tags?: readonly string[];
  group?: number;
}

const INTERCHANGEABLE = new RegExp('^\\p{RGI_Emoji}$', 'v');

/** The emoji whose name or tags have a word that begins with each of those typed; those found by their name come first. */
export function findEmoji(all: Iterable<readonly NamedEmoji[]>, query: string): NamedEmoji[] {
  const typed = foldedWords(query);
  const begins = (words: readonly string[]): boolean =>
    typed.every((beginning) => words.some((word) => word.startsWith(beginning)));
  const found = [...all].flat().filter(({ name, tags }) => begins(foldedWords([name, ...tags].join(' '))));
  const byName = Map.groupBy(found, ({ name }) => begins(foldedWords(name)));
  return [...(byName.get(true) ?? []), ...(byName.get(false) ?? [])];
}

/** Sorts a list of emojibase into its groups, but for those that are not drawn here. */
export function grouped(
  list: readonly Listed[],
  isDrawn: (emoji: string) => boolean,
): ReadonlyMap<BookGroup, readonly NamedEmoji[]> {
  const groups = new Map<BookGroup, NamedEmoji[]>();
  for (const { group, label, tags = [], ...one } of list) {
    const name = group === undefined ? null : GROUPS[group];
    const emoji = [fromHexcode(one.hexcode), one.unicode].find((text) => INTERCHANGEABLE.test(text));
    if (!name || emoji === undefined || !isDrawn(emoji)) continue;
    groups.set(name, [...(groups.get(name) ?? []), { emoji, name: label, tags }]);
  }
  return groups;
}

function fromHexcode(hexcode: string): string {
  return String.fromCodePoint(...hexcode.split('-').map((code) => Number.parseInt(code, 16)));
}
