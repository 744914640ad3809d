import type { Id, LogEntry, MyRoom, RoomRemoved, Synced, Welcome } from '@parley/contract';
import {
  applyEntries,
  applyRoom,
  applySynced,
  head,
  openRoom,
  removeRoom,
  resumeRoom,
  type RoomState,
} from '@parley/sdk';
import type { HistoryLine } from '../history';
import { isEntry, isSynced, type ConnectionStory, type Story } from '../story';
import type { Violation } from '../violation';

/** 4: what a client makes of the entries that it was told, from first to last, is what a fresh fetch gives. */
export function state(story: Story): Violation[] {
  const byClient = Map.groupBy(story.connections.values(), ({ client }) => client);
  return [...byClient.values()].flatMap((connections) => {
    const states = new Device(story).follow(connections);
    return story
      .of('fetched')
      .filter(({ user }) => user === connections[0]!.user)
      .flatMap((fetched) => compare(states.get(fetched.room.id), fetched, connections.at(-1)!));
  });
}

/** A device of the sdk's: it keeps its rooms over all of its connections. */
class Device {
  private readonly states = new Map<Id, RoomState>();

  constructor(private readonly story: Story) {}

  follow(connections: readonly ConnectionStory[]): ReadonlyMap<Id, RoomState> {
    for (const { user, lines } of connections) for (const line of lines) this.take(user, line);
    return this.states;
  }

  private take(me: Id, line: HistoryLine): void {
    if (line.kind === 'answered') this.takeAnswer(me, line);
    else if (line.kind !== 'heard') return;
    else if (isEntry(line)) this.change(line.data.room, (was) => applyEntries(was, [line.data]));
    else if (line.event === 'roomAdded') this.show(me, line.data as MyRoom, applyRoom);
    else if (line.event === 'synced') this.sync(line.data as Synced);
    else if (line.event === 'roomRemoved') this.remove(line.data as RoomRemoved);
  }

  private takeAnswer(me: Id, line: Extract<HistoryLine, { kind: 'answered' }>): void {
    const asked = this.story.askedBy(line);
    if (asked?.command === 'authenticate') this.welcome(me, (line.data as Welcome).rooms);
    else if (isSynced(line.data)) this.sync(line.data);
  }

  private welcome(me: Id, rooms: readonly MyRoom[]): void {
    for (const room of rooms) this.show(me, room, resumeRoom);
    const mine = new Set(rooms.map(({ id }) => id));
    for (const room of this.states.keys()) if (!mine.has(room)) this.remove({ room, reason: 'left' });
  }

  private show(me: Id, room: MyRoom, follow: typeof applyRoom): void {
    const was = this.states.get(room.id);
    // Who comes back into a room begins anew: what was missed in between is fetched, not told.
    this.states.set(room.id, was && !was.gone ? follow(was, room) : openRoom(me, room));
  }

  private sync({ rooms }: Synced): void {
    for (const [room, told] of Object.entries(rooms)) this.change(room, (was) => applySynced(was, told));
  }

  private remove({ room, reason }: RoomRemoved): void {
    this.change(room, (was) => removeRoom(was, reason));
  }

  private change(room: Id, follow: (was: RoomState) => RoomState): void {
    const was = this.states.get(room);
    if (was) this.states.set(room, follow(was));
  }
}

type Fetched = Extract<HistoryLine, { kind: 'fetched' }>;

/** Who is behind, or out of the room, is a matter of laws 1 and 7; a list of members that waits for a fetch is none yet. */
function compare(was: RoomState | undefined, fetched: Fetched, { connection, lines }: ConnectionStory): Violation[] {
  const { room } = fetched;
  const comparable = was && !was.gone && head(was) === room.seq && was.room.seq === room.seq;
  if (!comparable) return [];
  const [mine, fresh] = [comparableRoom(was.room), comparableRoom(room)];
  if (was.room.usersOutdated) delete fresh['users'];
  const differing = Object.keys(fresh).filter((key) => JSON.stringify(mine[key]) !== JSON.stringify(fresh[key]));
  if (differing.length === 0) return [];
  const [first] = differing;
  const says = `what ${connection} made of room ${room.id} has ${first} ${brief(mine[first!])}, fetched it has ${brief(fresh[first!])}`;
  return [{ law: 4, says, lines: [...lastChange(lines, room.id), fetched] }];
}

function comparableRoom({ users, last, ...room }: RoomState['room'] | MyRoom): Record<string, unknown> {
  const people = users.map(({ id, name, role, joined_at }) => [id, name, role, joined_at]);
  return { users: people, last: last?.id, ...room };
}

function brief(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 200);
}

/** The last thing told of the room that was no message: there the two may have parted. */
function lastChange(lines: readonly HistoryLine[], room: Id): HistoryLine[] {
  const changes = lines.filter(
    (line) => line.kind === 'heard' && line.event === 'system' && (line.data as LogEntry).room === room,
  );
  return changes.slice(-1);
}
