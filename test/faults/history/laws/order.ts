import type { Id, LogEntry } from '@parley/contract';
import { hearingOf, type CatchingUp, type Span } from '../spans';
import type { Sighting, Story } from '../story';
import type { Violation } from '../violation';

/** 1: every room's entries are 1, 2, 3, …, without a gap or a repeat, and the same for every reader. */
export function order(story: Story): Violation[] {
  const { spans, catchingUp } = hearingOf(story);
  return [
    ...[...story.stored].flatMap(([room, entries]) => numbered(room, entries)),
    ...sameForAll(story),
    ...spans.flatMap((span) => breaksOf(span).map((brk) => ({ law: 1 as const, ...brk }))),
    ...catchingUp.flatMap((each) => partsOf(each).map((part) => ({ law: 1 as const, ...part }))),
  ];
}

function numbered(room: Id, entries: readonly Sighting[]): Violation[] {
  const at = entries.findIndex(({ entry }, index) => entry.seq !== index + 1);
  if (at < 0) return [];
  const lines = entries.slice(Math.max(0, at - 1), at + 1).map(({ line }) => line);
  const says = `in the database, room ${room} has seq ${entries[at]!.entry.seq} where ${at + 1} was due`;
  return [{ law: 1, says, lines }];
}

function sameForAll({ sightings }: Story): Violation[] {
  const first = new Map<string, Sighting>();
  const places = new Map<Id, Sighting>();
  return sightings.flatMap((sighting) => {
    const { room, seq, id } = sighting.entry;
    const other = firstOf(first, `${room} ${seq}`, sighting);
    if (whatAllSee(other.entry) !== whatAllSee(sighting.entry)) {
      return [differing(`seq ${seq} of room ${room} is not the same for two readers`, other, sighting)];
    }
    const place = firstOf(places, id, sighting);
    const moved = place.entry.seq !== seq || place.entry.room !== room;
    return moved ? [differing(`one entry has two places in room ${room}`, place, sighting)] : [];
  });
}

function firstOf(map: Map<string, Sighting>, key: string, sighting: Sighting): Sighting {
  const there = map.get(key) ?? sighting;
  map.set(key, there);
  return there;
}

function differing(says: string, one: Sighting, other: Sighting): Violation {
  const { room, seq } = other.entry;
  return { law: 1, says, lines: [one.line, other.line], about: { room, seq } };
}

/** An entry without what only its author sees. */
export function whatAllSee(entry: LogEntry): string {
  const { id, room, seq, at } = entry;
  if (entry.type === 'message') return JSON.stringify([id, room, seq, at, entry.sender, entry.text]);
  if (entry.type === 'reaction') {
    return JSON.stringify([id, room, seq, at, entry.user, entry.to, entry.emoji, entry.on]);
  }
  const { event, message, user, role, heir } = entry;
  return JSON.stringify([id, room, seq, at, event, message, [user.id, user.name], role, heir && [heir.id, heir.name]]);
}

/** Where what a connection heard of a room does not go on from where it was: a gap, a repeat, another order. */
export function breaksOf(span: Span): Omit<Violation, 'law'>[] {
  const { after, begun, heard, room, connection } = span;
  const at = heard.findIndex(({ entry }, index) => entry.seq !== after + 1 + index);
  if (at < 0) return endedEarly(span);
  const { entry, line } = heard[at]!;
  const before = at === 0 ? begun : heard[at - 1]!.line;
  const says = `${connection.connection} heard seq ${entry.seq} of room ${room} where ${after + 1 + at} was due`;
  return [{ says, lines: [before, line], about: { room, seq: entry.seq } }];
}

/** Whoever is told that the membership is over has heard everything up to the leave. */
function endedEarly({ after, begun, heard, room, connection, ended, leftAt }: Span): Omit<Violation, 'law'>[] {
  const due = after + heard.length + 1;
  if (leftAt === undefined || due >= leftAt) return [];
  const says = `${connection.connection} was told that room ${room} is over, by seq ${leftAt}, where ${due} was due`;
  return [{ says, lines: [heard.at(-1)?.line ?? begun, ended!], about: { room, seq: due } }];
}

/** Where what was missed is told in part: neither every entry after `seen` nor an explicit reset with a newest page. */
export function partsOf({ connection, room, seen, upTo, asked, line, told }: CatchingUp): Omit<Violation, 'law'>[] {
  const name = connection.connection;
  if (!told) return [{ says: `${name} asked for room ${room} and was told nothing of it`, lines: [asked, line] }];
  if ('gone' in told) return [];
  const seqs = told.entries.map(({ seq }) => seq);
  const first = told.reset ? (seqs[0] ?? 0) : seen + 1;
  const last = seqs.at(-1) ?? (told.reset ? upTo : seen);
  const whole = seqs.every((seq, index) => seq === first + index) && (upTo === undefined || last === upTo);
  if (whole) return [];
  const due = upTo === undefined ? `all after ${seen}` : `all after ${seen} up to ${upTo}`;
  const says = `${name} was to be told ${due} of room ${room}, and got ${seqs[0] ?? 'nothing'}…${seqs.at(-1) ?? ''}`;
  return [
    { says, lines: [asked, line], about: { room, seq: seqs.find((seq, index) => seq !== first + index) ?? seen } },
  ];
}
