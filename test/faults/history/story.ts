import type { Id, LogEntry, MyRoom, PostMessage, Posted, Seen, Synced, Welcome } from '@parley/contract';
import { isEntryEvent, type EntryEvent } from '../../support/entry-events';
import type { HistoryLine } from './history';

type Of<K extends HistoryLine['kind']> = Extract<HistoryLine, { kind: K }>;
type Opened = Of<'opened'>;
export type Asked = Of<'asked'>;
/** An entry that was told live. */
export type Told = Of<'heard'> & { event: EntryEvent; data: LogEntry };

/** An entry as somebody saw it. */
export interface Sighting {
  entry: LogEntry;
  line: HistoryLine;
}

/** A connection and all that happened on it, in order. */
export interface ConnectionStory extends Pick<Opened, 'connection' | 'client' | 'user' | 'session'> {
  opened: HistoryLine;
  lines: HistoryLine[];
  /** The answer that let it in; nothing where it was turned away, or closed before. */
  welcomed?: Of<'answered'>;
  closed?: Of<'closed'>;
}

/** A post that was answered. */
export interface Acknowledged {
  user: Id;
  message: PostMessage;
  posted: Posted;
  asked: HistoryLine;
  answered: HistoryLine;
}

/** A history by what the laws ask for. */
export class Story {
  readonly connections = new Map<string, ConnectionStory>();
  /** What was asked, by connection and id. */
  readonly asked = new Map<string, Asked>();
  readonly acknowledged: Acknowledged[] = [];
  /** Each entry as the database has it, in the order of the room. */
  readonly stored = new Map<Id, Sighting[]>();
  readonly kept = new Map<Id, Of<'kept'>>();
  /** Each room as each person saw it, whenever they did. */
  readonly views: { user: Id; room: MyRoom; line: HistoryLine }[] = [];
  /** Every entry that anybody saw, the stored ones included. */
  readonly sightings: Sighting[] = [];
  readonly settled: HistoryLine | undefined;
  /** How long the end of a session or a membership may take to be known everywhere, in milliseconds. */
  readonly graceMs: number;
  private readonly answers = new Map<string, HistoryLine>();
  private readonly firsts = new Map<string, HistoryLine>();

  constructor(readonly lines: readonly HistoryLine[]) {
    this.settled = lines.find(({ kind }) => kind === 'settled');
    this.graceMs = lines.find((line) => line.kind === 'begun')?.graceMs ?? 0;
    for (const line of lines) this.take(line);
    for (const entries of this.stored.values()) entries.sort((a, b) => a.entry.seq - b.entry.seq);
  }

  of<K extends HistoryLine['kind']>(kind: K): Of<K>[] {
    return this.lines.filter((line): line is Of<K> => line.kind === kind);
  }

  /** Whether the room has been deleted, or may have been: then nothing is in the database. */
  isGone(room: Id): boolean {
    return !this.kept.has(room);
  }

  /** The line in which an entry was seen for the first time, by anybody. */
  firstTold(room: Id, seq: number): HistoryLine | undefined {
    return this.firsts.get(`${room} ${seq}`);
  }

  /** The reply or the refusal of a command. */
  answerTo({ connection, id }: Asked): HistoryLine | undefined {
    return this.answers.get(`${connection} ${id}`);
  }

  private see(sighting: Sighting): void {
    const place = `${sighting.entry.room} ${sighting.entry.seq}`;
    if (!this.firsts.has(place)) this.firsts.set(place, sighting.line);
    this.sightings.push(sighting);
  }

  private take(line: HistoryLine): void {
    if ('connection' in line) this.takeOnConnection(line);
    for (const entry of entriesOf(line)) this.see({ entry, line });
    if (line.kind === 'stored') group(this.stored, line.entry.room, { entry: line.entry, line });
    if (line.kind === 'kept') this.kept.set(line.room, line);
    if (line.kind === 'asked') this.asked.set(`${line.connection} ${line.id}`, line);
    if (line.kind === 'answered' || line.kind === 'refused') this.answers.set(`${line.connection} ${line.id}`, line);
    if (line.kind === 'answered') this.takeAnswer(line);
    if (line.kind === 'fetched') this.views.push({ user: line.user, room: line.room, line });
  }

  private takeOnConnection(line: Extract<HistoryLine, { connection: string }>): void {
    if (line.kind === 'opened') this.connections.set(line.connection, { ...line, opened: line, lines: [] });
    const story = this.connections.get(line.connection);
    if (!story) throw new Error(`line ${line.n} is of a connection that was never opened`);
    story.lines.push(line);
    if (line.kind === 'closed') story.closed = line;
    const room = line.kind === 'heard' && line.event === 'roomAdded' ? (line.data as MyRoom) : undefined;
    if (room) this.views.push({ user: story.user, room, line });
  }

  private takeAnswer(line: Of<'answered'>): void {
    const asked = this.askedBy(line);
    const connection = this.connections.get(line.connection)!;
    const { user } = connection;
    if (asked?.command === 'authenticate') connection.welcomed = line;
    if (asked?.command === 'postMessage') {
      const [message, posted] = [asked.data as PostMessage, line.data as Posted];
      this.acknowledged.push({ user, message, posted, asked, answered: line });
    }
    for (const room of roomsOf(asked, line)) this.views.push({ user, room, line });
  }

  /** What an answer is the answer to. */
  askedBy({ connection, id }: { connection: string; id: string }): Asked | undefined {
    return this.asked.get(`${connection} ${id}`);
  }
}

/** The entries that a line shows, wherever in it they are. */
function entriesOf(line: HistoryLine): LogEntry[] {
  switch (line.kind) {
    case 'stored':
      return [line.entry];
    case 'read':
      return line.entries ?? [];
    case 'heard':
      return isEntry(line) ? [line.data] : syncedEntries(line.data);
    case 'answered':
      return syncedEntries(line.data);
    default:
      return [];
  }
}

/** Whether a line is an entry that was told live. */
export function isEntry(line: HistoryLine): line is Told {
  return line.kind === 'heard' && isEntryEvent(line.event);
}

function syncedEntries(data: object): LogEntry[] {
  if (!isSynced(data)) return [];
  return Object.values(data.rooms).flatMap((room) => ('gone' in room ? [] : room.entries));
}

/** A `synced` or the answer to a `sync`; a welcome's `rooms` are a list. */
export function isSynced(data: object): data is Synced {
  return 'rooms' in data && !Array.isArray(data.rooms);
}

function roomsOf(asked: Asked | undefined, { data }: Of<'answered'>): MyRoom[] {
  if (asked?.command === 'authenticate') return (data as Welcome).rooms;
  return 'user_count' in data ? [data as MyRoom] : [];
}

/** What the client said that it had when it came. */
export function seenOf(asked: Asked | undefined): Seen {
  return (asked?.data as { seen?: Seen } | undefined)?.seen ?? {};
}

export function group<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
