import type { Id, React, ReactionEntry } from '@parley/contract';
import type { HistoryLine } from '../history';
import type { Sighting, Story } from '../story';
import type { Violation } from '../violation';

/** A reaction in the log, and where it was seen. */
interface Said {
  entry: ReactionEntry;
  sighting: Sighting;
}

/** 2 and 3: a reaction that was acknowledged is in the log; each is set once and taken back once, and has its message. */
export function reactions(story: Story): Violation[] {
  const told = [...story.stored].flatMap(([room, entries]) => ofRoom(room, entries));
  return [...told, ...notKept(story), ...otherInTheEnd(story)];
}

function ofRoom(room: Id, entries: readonly Sighting[]): Violation[] {
  const said = entries.flatMap((sighting) =>
    sighting.entry.type === 'reaction' ? [{ entry: sighting.entry, sighting }] : [],
  );
  const orphans = said.filter(({ entry: { to, seq } }) => to >= seq || entries[to - 1]?.entry.type !== 'message');
  return [
    ...orphans.map(({ sighting }) => broken(3, `a reaction in room ${room} has no message`, [sighting])),
    ...[...Map.groupBy(said, keyOf).values()].flatMap((same) => saidTwice(room, same)),
  ];
}

function saidTwice(room: Id, same: readonly Said[]): Violation[] {
  return same.flatMap(({ entry, sighting }, index) => {
    const before = same[index - 1];
    if (entry.on !== (before?.entry.on ?? false)) return [];
    const lines = before ? [before.sighting, sighting] : [sighting];
    return [
      broken(3, `a reaction in room ${room} was ${entry.on ? 'set' : 'taken back'} where it was so already`, lines),
    ];
  });
}

/** Who was answered that it is there has at some time been right. */
function notKept(story: Story): Violation[] {
  const there = new Set(
    [...story.stored.values()].flat().flatMap(({ entry }) => (isSet(entry) ? keyOf({ entry }) : [])),
  );
  return [...story.asked.values()].flatMap((asked) => {
    const data = asked.data as React;
    const answered = story.answerTo(asked);
    if (asked.command !== 'react' || !data.on || answered?.kind !== 'answered' || story.isGone(data.room)) return [];
    const { user } = story.connections.get(asked.connection)!;
    if (there.has(`${data.room} ${user} ${data.to} ${data.emoji}`)) return [];
    return [{ law: 2 as const, says: 'a reaction was acknowledged and is not in the log', lines: [asked, answered] }];
  });
}

/** What somebody asked for, from when on and until when. */
export interface Wish {
  on: boolean;
  asked: HistoryLine;
  answered?: HistoryLine;
}

/** Who was answered, and asked for nothing else since, finds it so in the end. */
function otherInTheEnd(story: Story): Violation[] {
  const ends = new Map<string, boolean>();
  for (const { entry } of [...story.stored.values()].flat()) {
    if (entry.type === 'reaction') ends.set(keyOf({ entry }), entry.on);
  }
  return [...lastWishes(story)].flatMap(([key, { on, asked, answered }]) => {
    if ((ends.get(key) ?? false) === on) return [];
    const says = `a reaction was ${on ? 'set' : 'taken back'} last, and is not so in the log`;
    return [{ law: 2 as const, says, lines: [asked, answered!] }];
  });
}

/** What was asked for last of each person, message and emoji, where it was granted and all else had been answered. */
export function lastWishes(story: Story): Map<string, Wish> {
  const last = new Map<string, Wish>();
  for (const [key, wishes] of wishesOf(story)) {
    const wish = wishes.at(-1)!;
    const before = wishes.slice(0, -1);
    const isAfter = before.every(({ answered }) => answered !== undefined && answered.n < wish.asked.n);
    if (isAfter && wish.answered?.kind === 'answered') last.set(key, wish);
  }
  return last;
}

function wishesOf(story: Story): Map<string, Wish[]> {
  const wishes = new Map<string, Wish[]>();
  for (const asked of story.asked.values()) {
    const { room, to, emoji, on } = asked.data as React;
    if (asked.command !== 'react' || story.isGone(room)) continue;
    const key = `${room} ${story.connections.get(asked.connection)!.user} ${to} ${emoji}`;
    const answered = story.answerTo(asked);
    wishes.set(key, [...(wishes.get(key) ?? []), { on, asked, ...(answered && { answered }) }]);
  }
  return wishes;
}

function isSet(entry: Sighting['entry']): entry is ReactionEntry {
  return entry.type === 'reaction' && entry.on;
}

/** Whose reaction to which message with which emoji. */
export function keyOf({ entry: { room, user, to, emoji } }: Pick<Said, 'entry'>): string {
  return `${room} ${user.id} ${to} ${emoji}`;
}

function broken(law: 2 | 3, says: string, at: readonly Sighting[]): Violation {
  const { room, seq } = at.at(-1)!.entry;
  return { law, says, lines: at.map(({ line }) => line), about: { room, seq } };
}
