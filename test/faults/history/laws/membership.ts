import type { LogEntry } from '@parley/contract';
import type { HistoryLine } from '../history';
import { Members } from '../members';
import { hearingOf, type Span } from '../spans';
import type { ConnectionStory, Sighting, Story } from '../story';
import type { Violation } from '../violation';
import { readByLeavers } from './leavers';
import { afterRevocation, readByStrangers } from './outsiders';

/** 7: members hear everything of their rooms on each of their connections; who is no member hears and reads nothing. */
export function membership(story: Story): Violation[] {
  const members = new Members(story);
  const { spans, strays } = hearingOf(story);
  return [
    ...strays.map(({ connection, entry, line }) => stray(connection, entry, line)),
    ...spans.flatMap((span) => span.heard.flatMap((each) => heardByStranger(members, span, each, story))),
    ...spans.flatMap((span) => notHeard(story, span)),
    ...notLetIn(story),
    ...afterRevocation(story),
    ...readByStrangers(story),
    ...readByLeavers(story),
  ];
}

function stray({ connection }: ConnectionStory, { room, seq }: LogEntry, line: HistoryLine): Violation {
  return {
    law: 7,
    says: `${connection} heard seq ${seq} of room ${room}, in which it was not (or not any more)`,
    lines: [line],
  };
}

function heardByStranger(
  members: Members,
  { connection, room, begun }: Span,
  { entry, line }: Sighting,
  story: Story,
): Violation[] {
  const { seq } = entry;
  const about = entry.type === 'system' && entry.user.id === connection.user ? entry.event : undefined;
  const may = about !== 'leave' && (about === 'join' || members.isMember(connection.user, room, seq - 1) !== false);
  if (may) return [];
  const left = story.sightings.find(
    (each) =>
      each.entry.room === room &&
      each.entry.type === 'system' &&
      each.entry.event === 'leave' &&
      each.entry.user.id === connection.user &&
      each.entry.seq <= seq,
  );
  const says = `${connection.connection} heard seq ${seq} of room ${room}, in which its person then was not`;
  return [{ law: 7, says, lines: [left?.line ?? begun, line], about: { room, seq } }];
}

/** Whoever is there to the end has everything to the end. */
function notHeard(story: Story, { connection, room, begun, after, heard, ended }: Span): Violation[] {
  if (ended || !story.settled) return [];
  const { connection: name } = connection;
  const last = heard.at(-1);
  if (story.isGone(room)) {
    const told = last?.entry.type === 'system' && last.entry.event === 'delete';
    return told ? [] : [{ law: 7, says: `${name} was never told that room ${room} is gone`, lines: [begun] }];
  }
  const newest = story.stored.get(room)?.at(-1);
  const missing = (newest?.entry.seq ?? 0) - (last?.entry.seq ?? after);
  if (missing <= 0) return [];
  const says = `${name} never heard the last ${missing} of room ${room}`;
  return [{ law: 7, says, lines: [last?.line ?? begun, newest!.line] }];
}

/** A member's connection that was signed in and lasted to the end knows the room. */
function notLetIn(story: Story): Violation[] {
  const { spans } = hearingOf(story);
  const open = new Set(
    spans.filter(({ ended }) => !ended).map(({ connection, room }) => `${connection.connection} ${room}`),
  );
  const lasting = [...story.connections.values()].filter(
    ({ welcomed, closed }) => welcomed && !closed && story.settled,
  );
  return [...story.kept.values()].flatMap((kept) =>
    lasting
      .filter(({ user, connection }) => kept.members.includes(user) && !open.has(`${connection} ${kept.room}`))
      .map(({ connection, opened }) => {
        const says = `${connection} was not let into room ${kept.room}, of which its person is a member`;
        return { law: 7, says, lines: [opened, kept] };
      }),
  );
}
