import { isEntry, type Acknowledged, type Sighting, type Story } from '../story';
import type { Violation } from '../violation';
import { whatAllSee } from './order';

/** 2: what was acknowledged, or told to anybody, is in the database in the end, whatever was killed meanwhile. */
export function onDisk(story: Story): Violation[] {
  const stored = new Map<string, Sighting>();
  for (const [room, entries] of story.stored) for (const each of entries) stored.set(`${room} ${each.entry.seq}`, each);
  return [
    ...story.acknowledged.flatMap((each) => (story.isGone(each.posted.room) ? [] : acknowledged(each, stored))),
    ...story.sightings.flatMap((each) =>
      story.isGone(each.entry.room) || !isEntry(each.line) ? [] : told(each, stored),
    ),
    ...lostRooms(story),
  ];
}

function acknowledged({ posted, message, asked, answered }: Acknowledged, stored: Map<string, Sighting>): Violation[] {
  const { room, seq, id, at } = posted;
  const there = stored.get(`${room} ${seq}`);
  const entry = there?.entry;
  const same = entry?.type === 'message' && entry.id === id && entry.at === at && entry.text === message.text;
  if (same) return [];
  const says = `seq ${seq} of room ${room} was acknowledged and ${there ? 'is another entry' : 'is not in the database'}`;
  return [{ law: 2, says, lines: [asked, answered, ...(there ? [there.line] : [])] }];
}

function told({ entry, line }: Sighting, stored: Map<string, Sighting>): Violation[] {
  const { room, seq } = entry;
  const there = stored.get(`${room} ${seq}`);
  if (there && whatAllSee(there.entry) === whatAllSee(entry)) return [];
  const says = `seq ${seq} of room ${room} was told and ${there ? 'is another entry' : 'is not in the database'}`;
  return [{ law: 2, says, lines: [line, ...(there ? [there.line] : [])] }];
}

/** Rooms go by a deletion, or by the last member's leave: where nobody asked for either, a room is lost. */
function lostRooms(story: Story): Violation[] {
  const ended = new Set(
    story
      .of('asked')
      .flatMap(({ command, data }) => (/^(delete|leave)Room$/.test(command) && 'room' in data ? [data.room] : [])),
  );
  const seen = new Map(story.views.map((view) => [view.room.id, view.line]));
  const lost = [...seen].filter(([room]) => story.settled && story.isGone(room) && !ended.has(room));
  return lost.map(([room, line]) => ({ law: 2, says: `room ${room} is not in the database`, lines: [line] }));
}
