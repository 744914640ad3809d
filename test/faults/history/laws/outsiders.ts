import type { Id, LogEntry, OpenPrivateRoom, PostMessage } from '@parley/contract';
import type { HistoryLine } from '../history';
import type { Asked, Story } from '../story';
import type { Violation } from '../violation';

/** What is asked for after the end of a session was acknowledged is not for its connections, whatever was under way. */
export function afterRevocation(story: Story): Violation[] {
  const askedAt = firstAsked(story);
  return story.of('revoked').flatMap((revoked) => {
    const ofSession = [...story.connections.values()].filter(({ session }) => session === revoked.session);
    return ofSession.flatMap(({ connection, opened, welcomed, closed, lines }) => {
      const letIn = lines.find((line) => line.kind === 'answered' && isEntrance(story, story.askedBy(line), revoked));
      if (letIn) return [lost(`${connection} came in by a session that was over`, [revoked, letIn])];
      for (const line of lines) {
        const asked = line.kind === 'heard' ? askedAt.get((line.data as LogEntry).id) : undefined;
        if (asked && isLater(story, asked, revoked))
          return [lost(`${connection} heard on after its session was over`, [revoked, asked, line])];
      }
      return !welcomed || closed || !story.settled
        ? []
        : [lost(`${connection} was not closed when its session was over`, [opened, revoked])];
    });
  });
}

/** By an entry's id, the moment from which there could be such an entry. */
function firstAsked(story: Story): Map<Id, HistoryLine> {
  const first = new Map<string, HistoryLine>();
  for (const asked of story.of('asked')) {
    if (asked.command !== 'postMessage') continue;
    const message = `${story.connections.get(asked.connection)!.user} ${(asked.data as PostMessage).clientId}`;
    if (!first.has(message)) first.set(message, asked);
  }
  return new Map(
    story.acknowledged.map(({ user, message, posted }) => [posted.id, first.get(`${user} ${message.clientId}`)!]),
  );
}

function isEntrance(story: Story, asked: Asked | undefined, revoked: HistoryLine): boolean {
  return asked?.command === 'authenticate' && isLater(story, asked, revoked);
}

/** Whether something was asked for when the end of something was known everywhere. */
export function isLater({ graceMs }: Story, asked: { n: number; ms: number }, end: HistoryLine): boolean {
  return asked.n > end.n && asked.ms >= end.ms + graceMs;
}

function lost(says: string, lines: HistoryLine[]): Violation {
  return { law: 7, says, lines };
}

/** A page of a log that somebody read, or was refused. */
export type Read = Extract<HistoryLine, { kind: 'read' }>;

/** When a reading was asked for. */
export function sinceOf(story: Story, { since, ms }: Read): { n: number; ms: number } {
  return { n: since, ms: story.lines[since - 1]?.ms ?? ms };
}

/** Who has left for certain, or whose room is deleted for certain, reads nothing that is asked for afterwards. */
export function readByStrangers(story: Story): Violation[] {
  const ends = story.of('answered').flatMap((line) => {
    const asked = story.askedBy(line);
    const isEnd = asked && (asked.command === 'leaveRoom' || asked.command === 'deleteRoom');
    return isEnd ? [{ asked, line, user: story.connections.get(asked.connection)!.user }] : [];
  });
  const entrances = story.of('asked').filter(({ command }) => ENTRANCES.has(command));
  return ends.flatMap(({ asked, line, user }) => {
    const { room } = asked.data as { room: Id };
    const everybody = asked.command === 'deleteRoom';
    const reads = story
      .of('read')
      .filter((read) => read.room === room && read.entries && (everybody || read.user === user));
    const read = reads.find(
      (each) =>
        isLater(story, sinceOf(story, each), line) &&
        (everybody || !entrances.some((entrance) => mayLetIn(story, entrance, each, asked))),
    );
    return read ? [lost(`${read.user} read room ${room} after the ${asked.command}`, [asked, line, read])] : [];
  });
}

const ENTRANCES: ReadonlySet<string> = new Set(['joinRoom', 'addMembers', 'openPrivateRoom']);

/** Whether a command may have made the reader a member between the leave and the reading. */
function mayLetIn(story: Story, entrance: Asked, { n, user, room }: Read, leave: Asked): boolean {
  if (entrance.n > n || !isForPerson(story, entrance, user, room)) return false;
  const done = story.answerTo(entrance);
  return done === undefined || done.n > leave.n;
}

/** Whether a command is one that can make this person a member of this room. */
export function isForPerson(story: Story, { command, connection, data }: Asked, user: Id, room: Id): boolean {
  if (!ENTRANCES.has(command)) return false;
  const about = data as { room?: Id; users?: Id[] } & OpenPrivateRoom;
  const forUser =
    story.connections.get(connection)!.user === user || about.users?.includes(user) || about.user === user;
  return forUser && (about.room === undefined || about.room === room);
}
