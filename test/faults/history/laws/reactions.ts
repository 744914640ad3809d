import type { Id, React, ReactionEntry } from '@parley/contract';
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
  return [...told, ...notKept(story)];
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

function isSet(entry: Sighting['entry']): entry is ReactionEntry {
  return entry.type === 'reaction' && entry.on;
}

function keyOf({ entry: { room, user, to, emoji } }: Pick<Said, 'entry'>): string {
  return `${room} ${user.id} ${to} ${emoji}`;
}

function broken(law: 2 | 3, says: string, at: readonly Sighting[]): Violation {
  const { room, seq } = at.at(-1)!.entry;
  return { law, says, lines: at.map(({ line }) => line), about: { room, seq } };
}
