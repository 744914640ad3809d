import type { Id, LogEntry, MyRoom, RoomRemoved, Synced, Welcome } from '@parley/contract';
import type { HistoryLine } from './history';
import { Members } from './members';
import { isEntry, isSynced, seenOf, type Asked, type ConnectionStory, type Sighting, type Story } from './story';

/** A stretch of time in which a connection is to hear everything of a room. */
export interface Span {
  connection: ConnectionStory;
  room: Id;
  /** The seq after which it hears. */
  after: number;
  begun: HistoryLine;
  heard: Sighting[];
  /** What ended it; nothing where it lasted until all was settled. */
  ended?: HistoryLine;
  /** The seq of the leave that ended it, where the whole log is there to tell. */
  leftAt?: number;
}

/** What a connection was told of what it had missed: from after what it had, up to where it began to hear. */
export interface CatchingUp {
  connection: ConnectionStory;
  room: Id;
  seen: number;
  /** Up to here; nothing for a `sync` of later, which goes up to wherever the room then was. */
  upTo?: number;
  asked: Asked;
  line: HistoryLine;
  told: Synced['rooms'][Id] | undefined;
}

/** What the connections of a history heard. */
export interface Hearing {
  spans: Span[];
  /** Entries on a connection that had not been told of the room, or had been told that it is over. */
  strays: (Sighting & { connection: ConnectionStory })[];
  catchingUp: CatchingUp[];
}

const known = new WeakMap<Story, Hearing>();

/** Follows every connection of a story. */
export function hearingOf(story: Story): Hearing {
  const there = known.get(story);
  if (there) return there;
  const hearing: Hearing = { spans: [], strays: [], catchingUp: [] };
  const members = new Members(story);
  for (const connection of story.connections.values()) new Follower(story, connection, hearing, members).follow();
  known.set(story, hearing);
  return hearing;
}

class Follower {
  private readonly open = new Map<Id, Span>();
  private welcomed: Asked | undefined;
  private begunAt = new Map<Id, number>();

  constructor(
    private readonly story: Story,
    private readonly connection: ConnectionStory,
    private readonly hearing: Hearing,
    private readonly members: Members,
  ) {}

  follow(): void {
    for (const line of this.connection.lines) this.take(line);
  }

  private take(line: HistoryLine): void {
    if (line.kind === 'answered') this.takeAnswer(line);
    else if (line.kind === 'closed') for (const room of [...this.open.keys()]) this.end(room, line);
    else if (line.kind !== 'heard') return;
    else if (isEntry(line)) this.hear(line.data, line);
    else if (line.event === 'roomAdded') this.begin(line.data as MyRoom, line);
    else if (line.event === 'roomRemoved') this.remove(line.data as RoomRemoved, line);
    else if (line.event === 'synced' && this.welcomed) this.catchUp(line.data as Synced, this.welcomed, line);
  }

  private takeAnswer(line: Extract<HistoryLine, { kind: 'answered' }>): void {
    const asked = this.story.askedBy(line);
    if (asked?.command === 'authenticate') {
      this.welcomed = asked;
      for (const room of (line.data as Welcome).rooms) this.begin(room, line);
    } else if (asked && isSynced(line.data)) this.catchUp(line.data, asked, line);
  }

  private begin({ id, seq }: MyRoom, line: HistoryLine): void {
    this.end(id, line);
    const span: Span = { connection: this.connection, room: id, after: seq, begun: line, heard: [] };
    this.open.set(id, span);
    this.begunAt.set(id, seq);
    this.hearing.spans.push(span);
  }

  private remove({ room, reason }: RoomRemoved, line: HistoryLine): void {
    const span = this.open.get(room);
    this.end(room, line);
    if (!span || reason === 'deleted' || this.story.isGone(room)) return;
    const changes = this.members.changesOf(this.connection.user, room);
    const leave = changes.find(({ event, seq }) => event === 'leave' && seq > span.after);
    if (leave) span.leftAt = leave.seq;
  }

  private end(room: Id, line: HistoryLine): void {
    const span = this.open.get(room);
    if (span) span.ended = line;
    this.open.delete(room);
  }

  private hear(entry: LogEntry, line: HistoryLine): void {
    const span = this.open.get(entry.room);
    if (span) span.heard.push({ entry, line });
    else this.hearing.strays.push({ entry, line, connection: this.connection });
  }

  private catchUp({ rooms }: Synced, asked: Asked, line: HistoryLine): void {
    const atWelcome = asked === this.welcomed;
    for (const [room, seen] of Object.entries(seenOf(asked))) {
      const upTo = atWelcome ? this.begunAt.get(room) : undefined;
      const { connection } = this;
      this.hearing.catchingUp.push({
        connection,
        room,
        seen,
        asked,
        line,
        told: rooms[room],
        ...(upTo !== undefined && { upTo }),
      });
    }
  }
}
