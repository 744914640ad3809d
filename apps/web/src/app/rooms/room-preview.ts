import type { LogEntry, ReactionEntry, SystemEntry } from '@parley/contract';
import type { Reactions, RoomState } from '@parley/sdk';
import { shortName } from '../people/short-name';
import type { Words } from '../shared/words/en';
import { bareText } from './bare-text';

/** More of a text than any list shows. */
const MOST = 160;

/** The last thing of a room in one line. `mark` is there for an own message that is not on the server. */
export interface RoomPreview {
  text: string;
  mark?: 'waiting' | 'failed';
}

/** What a list says of a room: the newest of its log and of what is still to be sent. */
export function roomPreview(state: RoomState, { rooms: { preview } }: Words): RoomPreview {
  const pending = state.pending.at(-1);
  const last = newest(state);
  if (pending) return { text: preview.own(oneLine(pending.message.text)), mark: pending.error ? 'failed' : 'waiting' };
  return { text: last ? told(state, last, preview) : preview.nothing };
}

/** The newest entry that is news. */
function newest({ room: { last }, entries, reactions }: RoomState): LogEntry | null {
  const isNew = (entry: LogEntry): boolean => isNews(entry, reactions);
  return last && isNew(last) ? last : (entries.findLast(isNew) ?? null);
}

/** Not a reaction that was taken back; nor what this page does not know: the server may be newer. */
function isNews(entry: LogEntry, reactions: Reactions): boolean {
  if (entry.type === 'reaction') return entry.on && isThere(entry, reactions);
  return entry.type === 'message' || entry.type === 'system';
}

function isThere({ to, emoji, user }: ReactionEntry, reactions: Reactions): boolean {
  const same = reactions.get(to)?.find((reaction) => reaction.emoji === emoji);
  return same?.users.some(({ id }) => id === user.id) ?? false;
}

function told({ room, me }: RoomState, entry: LogEntry, preview: Words['rooms']['preview']): string {
  if (entry.type === 'system') return happened(entry, me, preview);
  if (entry.type === 'reaction') return reacted(entry, me, preview);
  const text = oneLine(entry.text);
  if (entry.sender.id === me) return preview.own(text);
  return room.kind === 'private' ? text : preview.by(shortName(entry.sender.name), text);
}

function reacted({ user, emoji }: ReactionEntry, me: string, preview: Words['rooms']['preview']): string {
  return user.id === me ? preview.youReacted(emoji) : preview.reacted(shortName(user.name), emoji);
}

function happened({ event, user, message }: SystemEntry, me: string, preview: Words['rooms']['preview']): string {
  const name = shortName(user.name);
  const isMe = user.id === me;
  switch (event) {
    case 'join':
      return isMe ? preview.youJoined : preview.joined(name);
    case 'leave':
      return isMe ? preview.youLeft : preview.left(name);
    case 'delete':
      return isMe ? preview.youDeleted : preview.deleted(name);
    default:
      // A server may be newer than this page: its own sentence is better than none.
      return message;
  }
}

/** The beginning of a text without line breaks, and without the signs of its Markdown. */
function oneLine(text: string): string {
  return bareText(text).replace(/\s+/gu, ' ').trim().slice(0, MOST);
}
