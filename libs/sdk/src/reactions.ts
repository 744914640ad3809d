import type { Author, LogEntry, ReactionEntry } from '@parley/contract';

/** One emoji under a message, and whose it is: those who reacted first come first. */
export interface Reaction {
  readonly emoji: string;
  readonly users: readonly Author[];
}

/** What messages have under them, by their `seq`. Who reacted first brought the emoji, and it stands first. */
export type Reactions = ReadonlyMap<number, readonly Reaction[]>;

/** The reactions that a stretch of a log tells. */
export function reactionsOf(entries: readonly LogEntry[]): Reactions {
  return withReactions(new Map(), entries);
}

/** The reactions after some more entries; the very same ones if there are none among them. */
export function withReactions(before: Reactions, entries: readonly LogEntry[]): Reactions {
  const news = entries.filter((entry) => entry.type === 'reaction');
  if (news.length === 0) return before;
  const after = new Map(before);
  for (const entry of news) put(after, entry.to, folded(after.get(entry.to) ?? [], entry));
  return after;
}

function put(reactions: Map<number, readonly Reaction[]>, seq: number, under: readonly Reaction[]): void {
  if (under.length > 0) reactions.set(seq, under);
  else reactions.delete(seq);
}

function folded(under: readonly Reaction[], { emoji, user, on }: ReactionEntry): readonly Reaction[] {
  const at = under.findIndex((reaction) => reaction.emoji === emoji);
  const others = (under[at]?.users ?? []).filter(({ id }) => id !== user.id);
  const users = on ? [...others, user] : others;
  if (at < 0) return users.length > 0 ? [...under, { emoji, users }] : under;
  return users.length > 0 ? under.with(at, { emoji, users }) : under.toSpliced(at, 1);
}
