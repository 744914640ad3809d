import type { HistoryLine } from '../history';
import { Members } from '../members';
import type { Asked, Story } from '../story';
import type { Violation } from '../violation';
import { isForPerson, isLater, sinceOf, type Read } from './outsiders';

/**
 * Who has left, as the log says, reads nothing that is asked for once anybody has seen that entry: until the log says
 * that they have come back, or may say so by what was asked before the reading was over. Only where the log is there.
 */
export function readByLeavers(story: Story): Violation[] {
  const members = new Members(story);
  return story.of('read').flatMap((read) => {
    if (!read.entries || story.isGone(read.room)) return [];
    const left = lastLeave(story, members, read);
    if (!left || mayHaveComeBack(story, members, read, left.seq)) return [];
    const says = `${read.user} read room ${read.room} after having left it by seq ${left.seq}`;
    return [{ law: 7, says, lines: [left.line, read] }];
  });
}

/** The last leave that somebody had seen when it was asked for the reading. */
function lastLeave(story: Story, members: Members, read: Read): { seq: number; line: HistoryLine } | undefined {
  const since = sinceOf(story, read);
  return members
    .changesOf(read.user, read.room)
    .filter(({ event }) => event === 'leave')
    .map(({ seq }) => ({ seq, line: story.firstTold(read.room, seq)! }))
    .findLast(({ line }) => isLater(story, since, line));
}

/**
 * Whether a join that comes after the leave in the log may have been there already: where more was asked, before the
 * reading was over, than the joins before the leave account for. What is answered by a room as it was before the leave
 * came before it.
 */
function mayHaveComeBack(story: Story, members: Members, { n, user, room }: Read, left: number): boolean {
  const joins = members.changesOf(user, room).filter(({ event }) => event === 'join');
  if (joins.every(({ seq }) => seq < left)) return false;
  const asked = story.of('asked').filter((each) => each.n < n && isForPerson(story, each, user, room));
  const before = asked.filter((each) => cameBefore(story, each, left));
  const unexplained = joins.filter(({ seq }) => seq < left).length - before.length;
  return asked.length - before.length > Math.max(0, unexplained);
}

function cameBefore(story: Story, asked: Asked, left: number): boolean {
  const answer = story.answerTo(asked);
  const shown = answer?.kind === 'answered' ? (answer.data as { seq?: number }).seq : undefined;
  return shown !== undefined && shown < left;
}
