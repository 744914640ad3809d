import type { LogEntry, Posted, ReactionEntry, Synced } from '@parley/contract';
import type { Happening, HistoryLine } from './history';
import { keyOf, lastWishes } from './laws/reactions';
import { isEntry, Story } from './story';
import type { Law } from './violation';

export type Line<K extends HistoryLine['kind']> = Extract<HistoryLine, { kind: K }>;

/** Changes a lawful history into one that breaks a law; nothing where there is nothing to change. */
type Tampering = (lines: HistoryLine[], choose: (end: number) => number) => HistoryLine[] | undefined;

export function heardMessages(lines: readonly HistoryLine[]): (Line<'heard'> & { data: LogEntry })[] {
  return lines.filter(
    (line): line is Line<'heard'> & { data: LogEntry } => isEntry(line) && line.event === 'messagePosted',
  );
}

function one<T>(list: readonly T[], choose: (end: number) => number): T | undefined {
  return list.length === 0 ? undefined : list[choose(list.length)];
}

export function without(lines: readonly HistoryLine[], gone: HistoryLine): HistoryLine[] {
  return lines.filter((line) => line !== gone);
}

export function instead(lines: readonly HistoryLine[], old: HistoryLine, changed: object): HistoryLine[] {
  return lines.map((line) => (line === old ? ({ ...line, ...changed } as HistoryLine) : line));
}

function after(lines: readonly HistoryLine[], place: HistoryLine, more: Happening): HistoryLine[] {
  return lines.flatMap((line) => (line === place ? [line, { ...line, ...more } as HistoryLine] : [line]));
}

/** The reactions that are stored. */
function reactions(lines: readonly HistoryLine[]): (Line<'stored'> & { entry: ReactionEntry })[] {
  return lines.filter(
    (line): line is Line<'stored'> & { entry: ReactionEntry } =>
      line.kind === 'stored' && line.entry.type === 'reaction',
  );
}

/** The reactions that are as their people were answered last, each the newest of its kind. */
function lastReactions(lines: readonly HistoryLine[], on: boolean): ReactionEntry[] {
  const newest = new Map(reactions(lines).map(({ entry }) => [keyOf({ entry }), entry]));
  const wishes = lastWishes(new Story(lines));
  return [...newest].flatMap(([key, entry]) => (wishes.get(key)?.on === on && entry.on === on ? [entry] : []));
}

/** Has an entry say something else, wherever it was seen. */
function said(lines: readonly HistoryLine[], id: string, other: object): HistoryLine[] {
  const changed = (_key: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && 'id' in value && value.id === id ? { ...value, ...other } : value;
  return lines.map((line) => JSON.parse(JSON.stringify(line), changed) as HistoryLine);
}

/** For each law, what breaks it. */
export const TAMPERINGS: readonly { law: Law; name: string; tamper: Tampering }[] = [
  {
    law: 1,
    name: 'a reader misses an entry in the middle',
    tamper: (lines, choose) => {
      const heard = heardMessages(lines);
      const middle = heard.filter((line) =>
        heard.some(
          (later) => later.connection === line.connection && later.data.room === line.data.room && later.n > line.n,
        ),
      );
      const gone = one(middle, choose);
      return gone && without(lines, gone);
    },
  },
  {
    law: 1,
    name: 'a reader hears an entry twice',
    tamper: (lines, choose) => {
      const twice = one(heardMessages(lines), choose);
      return twice && after(lines, twice, twice);
    },
  },
  {
    law: 1,
    name: 'one reader is told something else',
    tamper: (lines, choose) => {
      const other = one(heardMessages(lines), choose);
      return other && instead(lines, other, { data: { ...other.data, id: 'another' } });
    },
  },
  {
    law: 1,
    name: 'the log has a hole',
    tamper: (lines) => {
      const stored = lines.filter((line): line is Line<'stored'> => line.kind === 'stored' && line.entry.seq > 1);
      return (
        stored[0] &&
        instead(lines, stored.at(-1)!, { entry: { ...stored.at(-1)!.entry, seq: stored.at(-1)!.entry.seq + 1 } })
      );
    },
  },
  {
    law: 1,
    name: 'what was missed is told in part',
    tamper: (lines, choose) => {
      const whole = (line: HistoryLine): line is Line<'heard'> =>
        line.kind === 'heard' &&
        line.event === 'synced' &&
        Object.values((line.data as Synced).rooms).some((room) => 'entries' in room && room.entries.length > 0);
      const synced = one(lines.filter(whole), choose);
      if (!synced) return undefined;
      const rooms = Object.entries((synced.data as Synced).rooms).map(([id, room]) => [
        id,
        'entries' in room ? { ...room, entries: room.entries.slice(1) } : room,
      ]);
      return instead(lines, synced, { data: { rooms: Object.fromEntries(rooms) as object } });
    },
  },
  {
    law: 2,
    name: 'an acknowledged message is not in the database',
    tamper: (lines) => {
      const stored = lines.findLast(
        (line): line is Line<'stored'> => line.kind === 'stored' && postOf(lines, line.entry) !== undefined,
      );
      return stored && without(lines, stored);
    },
  },
  {
    law: 2,
    name: 'a room is lost',
    tamper: (lines) => {
      const untouched = lines.find(
        (line): line is Line<'kept'> =>
          line.kind === 'kept' &&
          !lines.some(
            (each) =>
              each.kind === 'asked' &&
              each.command === 'leaveRoom' &&
              'room' in each.data &&
              each.data.room === line.room,
          ),
      );
      return (
        untouched &&
        lines.filter((line) => line !== untouched && !(line.kind === 'stored' && line.entry.room === untouched.room))
      );
    },
  },
  {
    law: 3,
    name: 'a reaction is set where it is set already',
    tamper: (lines, choose) => {
      const takenBack = reactions(lines).filter(({ entry }) => !entry.on);
      const line = one(takenBack, choose);
      return line && said(lines, line.entry.id, { on: true });
    },
  },
  {
    law: 3,
    name: 'a reaction belongs to no message',
    tamper: (lines, choose) => {
      const line = one(reactions(lines), choose);
      return line && said(lines, line.entry.id, { to: line.entry.seq });
    },
  },
  {
    law: 2,
    name: 'a reaction that was taken back is there in the end',
    tamper: (lines, choose) => {
      const takenBack = one(lastReactions(lines, false), choose);
      return takenBack && said(lines, takenBack.id, { on: true });
    },
  },
  {
    law: 2,
    name: 'an acknowledged reaction is not in the log',
    tamper: (lines, choose) => {
      const gone = one(lastReactions(lines, true), choose);
      return gone && said(lines, gone.id, { emoji: '🎉' });
    },
  },
  {
    law: 3,
    name: 'a repeat gets another place',
    tamper: (lines, choose) => {
      const isPost = ({ id }: { id: string }) =>
        lines.some((each) => each.kind === 'asked' && each.id === id && each.command === 'postMessage');
      const answered = one(
        lines.filter((line): line is Line<'answered'> => line.kind === 'answered' && isPost(line)),
        choose,
      );
      const asked =
        answered && lines.find((line): line is Line<'asked'> => line.kind === 'asked' && line.id === answered.id);
      if (!asked) return undefined;
      const { seq, ...rest } = answered.data as Posted;
      const again = { ...answered, id: 'again', data: { ...rest, seq: seq + 1 } };
      return lines.flatMap((line) =>
        line === answered ? [line, { ...asked, id: 'again', n: line.n }, again] : [line],
      );
    },
  },
  {
    law: 3,
    name: 'a message is in the log twice',
    tamper: (lines) => {
      const stored = lines.findLast(
        (line): line is Line<'stored'> => line.kind === 'stored' && line.entry.type === 'message',
      );
      if (!stored) return undefined;
      const seqs = lines.flatMap((line) =>
        line.kind === 'stored' && line.entry.room === stored.entry.room ? [line.entry.seq] : [],
      );
      return after(lines, stored, {
        kind: 'stored',
        entry: { ...stored.entry, id: 'twice', seq: Math.max(...seqs) + 1 },
      });
    },
  },
  {
    law: 4,
    name: 'a fresh fetch has what no entry told',
    tamper: (lines) => {
      const fetched = lines.find((line): line is Line<'fetched'> => line.kind === 'fetched');
      return fetched && instead(lines, fetched, { room: { ...fetched.room, user_count: fetched.room.user_count + 1 } });
    },
  },
  {
    law: 5,
    name: 'the author never hears the message',
    tamper: (lines, choose) => {
      const lasting = (connection: string) =>
        !lines.some((line) => line.kind === 'closed' && line.connection === connection);
      const own = heardMessages(lines).filter(
        ({ data, connection }) =>
          data.type === 'message' &&
          data.clientId !== undefined &&
          lasting(connection) &&
          isMemberToTheEnd(lines, connection, data.room),
      );
      const gone = one(own, choose);
      return gone && without(lines, gone);
    },
  },
  {
    law: 5,
    name: 'somebody is told another one’s clientId',
    tamper: (lines, choose) => {
      const others = heardMessages(lines).filter(({ data }) => data.type === 'message' && data.clientId === undefined);
      const told = one(others, choose);
      return told && instead(lines, told, { data: { ...told.data, clientId: 'secret' } });
    },
  },
  {
    law: 7,
    name: 'who has left hears on',
    tamper: (lines, choose) => {
      const left = one(
        lines.filter((line): line is Line<'heard'> => line.kind === 'heard' && line.event === 'roomRemoved'),
        choose,
      );
      const entry =
        left &&
        lines.find(
          (line): line is Line<'stored'> =>
            line.kind === 'stored' && 'room' in left.data && line.entry.room === left.data.room,
        );
      return (
        entry &&
        after(lines, left, { kind: 'heard', connection: left.connection, event: 'system', data: entry.entry as never })
      );
    },
  },
  {
    law: 7,
    name: 'a member does not hear the last',
    tamper: (lines, choose) => {
      const lasting = heardMessages(lines).filter(
        ({ connection, data }) =>
          !lines.some((line) => line.kind === 'closed' && line.connection === connection) &&
          isMemberToTheEnd(lines, connection, data.room) &&
          !lines.some((line) => line.kind === 'stored' && line.entry.room === data.room && line.entry.seq > data.seq),
      );
      const gone = one(lasting, choose);
      return gone && without(lines, gone);
    },
  },
  {
    law: 7,
    name: 'a session that was ended hears on',
    tamper: (lines) => {
      const heard = heardMessages(lines).find((line) => postOf(lines, line.data));
      const post = heard && postOf(lines, heard.data)!;
      const opened =
        heard &&
        lines.find((line): line is Line<'opened'> => line.kind === 'opened' && line.connection === heard.connection)!;
      if (!post || !opened) return undefined;
      return lines.flatMap((line) =>
        line === post
          ? [{ ...line, kind: 'revoked', session: opened.session, n: line.n - 0.5 } as HistoryLine, line]
          : [line],
      );
    },
  },
  {
    law: 7,
    name: 'who has left reads on',
    tamper: (lines, choose) => {
      const known = lines.filter(
        (line): line is Line<'read'> => line.kind === 'read' && wasKnownToHaveLeft(lines, line),
      );
      const refused = one(known, choose);
      return refused && instead(lines, refused, { entries: [] });
    },
  },
];

function userOf(lines: readonly HistoryLine[], connection: string): string | undefined {
  return lines.find((line): line is Line<'opened'> => line.kind === 'opened' && line.connection === connection)?.user;
}

function isMemberToTheEnd(lines: readonly HistoryLine[], connection: string, room: string): boolean {
  return !lines.some(
    (line) =>
      line.kind === 'heard' &&
      line.connection === connection &&
      line.event === 'roomRemoved' &&
      'room' in line.data &&
      line.data.room === room,
  );
}

/**
 * Whether the last that the reader had asked for was to leave, and somebody had heard of that very leave. Where nobody
 * had, who reads may be early: nobody but the server knows which of what is unanswered has been done.
 */
function wasKnownToHaveLeft(lines: readonly HistoryLine[], { user, room, since, refused }: Line<'read'>): boolean {
  if (refused === undefined) return false;
  const asked = lines.filter(
    (line): line is Line<'asked'> =>
      line.kind === 'asked' &&
      line.n < since &&
      (line.command === 'joinRoom' || line.command === 'leaveRoom') &&
      'room' in line.data &&
      line.data.room === room &&
      userOf(lines, line.connection) === user,
  );
  const leaves = lines.flatMap((line) =>
    line.kind === 'stored' && isLeave(line.entry, room, user) ? [line.entry] : [],
  );
  const last = leaves[asked.filter(({ command }) => command === 'leaveRoom').length - 1];
  const isHeard = lines.some((line) => isEntry(line) && line.data.id === last?.id && line.n < since);
  return asked.at(-1)?.command === 'leaveRoom' && isHeard;
}

function isLeave(entry: LogEntry, room: string, user: string): boolean {
  return entry.type === 'system' && entry.event === 'leave' && entry.room === room && entry.user.id === user;
}

function postOf(lines: readonly HistoryLine[], { id }: LogEntry): HistoryLine | undefined {
  const answered = lines.find(
    (line): line is Line<'answered'> => line.kind === 'answered' && (line.data as Posted).id === id,
  );
  return answered && lines.find((line) => line.kind === 'asked' && line.id === answered.id);
}
