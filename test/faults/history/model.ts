import type { Id, LogEntry, Member, MessageEntry, MyRoom, SystemEntry, SystemEvent } from '@parley/contract';
import { CLOSE_CODES } from '@parley/contract';
import { entryEvent } from '../../support/entry-events';
import { History } from './history';

interface ModelRoom {
  id: Id;
  name: string;
  members: Id[];
  log: LogEntry[];
}

interface ModelConnection {
  name: string;
  user: Id;
  rooms: Set<Id>;
  /** What waits while it does not read. */
  waiting?: (() => void)[];
}

/** A step of a model's life; numbers choose among what there is. */
export interface Act {
  what:
    | 'post'
    | 'again'
    | 'react'
    | 'join'
    | 'leave'
    | 'connect'
    | 'be turned away'
    | 'break'
    | 'stop reading'
    | 'read on'
    | 'slow'
    | 'read'
    | 'revoke';
  who: number;
  where: number;
}

const PEOPLE = ['ann', 'bob', 'cid'];
const SLOW_BYTES = 5_000;

/**
 * What a server without a fault makes of clients' acts, written down as a run would: histories that are lawful by
 * construction, for finding out whether the checker believes them, and what it says once they have been tampered with.
 */
export class Model {
  readonly history = new History();
  private readonly rooms: ModelRoom[] = [];
  private readonly connections: ModelConnection[] = [];
  private readonly seen = new Map<Id, Map<Id, number>>();
  private readonly sessions = new Map<Id, number>();
  private readonly posts: { user: Id; room: ModelRoom; clientId: string; entry: MessageEntry }[] = [];
  private count = 0;

  static live(acts: readonly Act[]): History {
    const model = new Model();
    model.begin();
    for (const act of acts) model.act(act);
    model.end();
    return model.history;
  }

  private begin(): void {
    this.history.add({ kind: 'begun', seed: 0, slowBytes: SLOW_BYTES, graceMs: 0 });
    for (const user of PEOPLE) this.connect(user);
    for (const [index, user] of PEOPLE.slice(0, 2).entries()) this.found(this.connections[index]!, user);
  }

  private found(by: ModelConnection, user: Id): void {
    const name = `room of ${user}`;
    const room: ModelRoom = { id: `r-${user}`, name, members: [...new Set([user, ...PEOPLE.slice(0, 2)])], log: [] };
    this.rooms.push(room);
    const answer = this.ask(by, 'createRoom', { name, users: PEOPLE.slice(0, 2) });
    for (const member of room.members) this.letIn(room, member);
    answer(this.shown(room, user));
  }

  private act({ what, who, where }: Act): void {
    const connection = this.connections[who % Math.max(1, this.connections.length)];
    const room = this.rooms[where % this.rooms.length]!;
    if (what === 'connect') return this.connect(PEOPLE[who % PEOPLE.length]!);
    if (what === 'be turned away') return this.turnAway(PEOPLE[who % PEOPLE.length]!);
    if (!connection) return;
    const isIn = room.members.includes(connection.user);
    if (what === 'break') this.close(connection, 1006);
    else if (what === 'revoke') this.revoke(connection.user);
    else if (what === 'stop reading' && !connection.waiting) this.stopReading(connection);
    else if (what === 'read on' && connection.waiting) this.readOn(connection);
    else if (what === 'slow' && connection.waiting) this.tooSlow(connection);
    else if (what === 'read') this.read(connection.user, room);
    else if (what === 'again') this.postAgain(connection, where);
    else if (what === 'post' && isIn) this.post(connection, room);
    else if (what === 'react' && isIn) this.react(connection, room, who);
    else if (what === 'join' && !isIn) this.join(connection, room);
    else if (what === 'leave' && isIn && room.members.length > 1) this.leave(connection, room);
  }

  private end(): void {
    for (const connection of [...this.connections]) if (connection.waiting) this.readOn(connection);
    for (const user of PEOPLE) if (!this.connections.some((each) => each.user === user)) this.connect(user);
    this.history.add({ kind: 'settled' });
    for (const { id, members, log } of this.rooms) {
      this.history.add({ kind: 'kept', room: id, members });
      for (const entry of log) this.history.add({ kind: 'stored', entry });
    }
    for (const room of this.rooms) {
      for (const user of room.members) {
        this.history.add({ kind: 'fetched', user, room: this.shown(room, user) });
        this.read(user, room);
      }
    }
  }

  private connect(user: Id): void {
    const connection = this.open(user);
    for (const other of this.connections.filter((each) => each.user === user)) this.close(other, 1006);
    this.connections.push(connection);
    const seen = Object.fromEntries(this.seen.get(user) ?? []);
    const answer = this.ask(connection, 'authenticate', { seen });
    const mine = this.rooms.filter(({ members }) => members.includes(user));
    answer({ session: {}, rooms: mine.map((room) => this.shown(room, user)) });
    for (const { id } of mine) connection.rooms.add(id);
    const missed = Object.entries(seen).map(([id, after]) => [id, this.missed(id, user, after)] as const);
    this.hear(connection, 'synced', { rooms: Object.fromEntries(missed) });
    this.seen.set(user, new Map(mine.map(({ id, log }) => [id, log.length])));
  }

  /** The database cannot be asked: nobody is signed in, and the connection stays open. */
  private turnAway(user: Id): void {
    const { name: connection } = this.open(user);
    const id = `${++this.count}`;
    this.history.add({ kind: 'asked', connection, id, command: 'authenticate', data: {} });
    this.history.add({ kind: 'refused', connection, id, error: { code: 'UNAVAILABLE', message: 'Later.' } });
  }

  private open(user: Id): ModelConnection {
    const name = `${user}#${++this.count}`;
    const session = this.sessionOf(user);
    this.history.add({ kind: 'opened', connection: name, client: `${user}'s`, user, session });
    return { name, user, rooms: new Set() };
  }

  private missed(id: Id, user: Id, after: number): object {
    const room = this.rooms.find((each) => each.id === id)!;
    if (!room.members.includes(user)) return { gone: true };
    return { reset: false, entries: room.log.slice(after).map((entry) => forReader(entry, user)) };
  }

  private close(connection: ModelConnection, code: number): void {
    this.connections.splice(this.connections.indexOf(connection), 1);
    this.history.add({ kind: 'closed', connection: connection.name, code });
  }

  private revoke(user: Id): void {
    const session = this.sessionOf(user);
    for (const connection of this.connections.filter((each) => each.user === user))
      this.close(connection, CLOSE_CODES.notSignedIn);
    this.history.add({ kind: 'revoked', session });
    this.sessions.set(user, (this.sessions.get(user) ?? 0) + 1);
    this.connect(user);
  }

  private sessionOf(user: Id): string {
    return `${user}/${this.sessions.get(user) ?? 0}`;
  }

  private post(connection: ModelConnection, room: ModelRoom): void {
    const { user } = connection;
    const clientId = `c${++this.count}`;
    const text = `text ${clientId} ${'x'.repeat(100)}`;
    const answer = this.ask(connection, 'postMessage', { room: room.id, clientId, text });
    const sender = { id: user, name: user };
    const entry: MessageEntry = { ...this.place(room), type: 'message', sender, text, clientId };
    this.posts.push({ user, room, clientId, entry });
    this.tell(room, entry);
    answer(posted(entry));
  }

  private postAgain(connection: ModelConnection, back: number): void {
    const own = this.posts.filter(({ user }) => user === connection.user);
    const last = own[own.length - 1 - (back % Math.max(1, own.length))];
    if (!last) return;
    const { room, clientId, entry } = last;
    this.ask(connection, 'postMessage', { room: room.id, clientId, text: entry.text })(posted(entry));
  }

  /** Sets a reaction to the newest message, or takes it back; now and then it is so already. */
  private react(connection: ModelConnection, room: ModelRoom, chance: number): void {
    const { user } = connection;
    const message = room.log.findLast(({ type }) => type === 'message');
    if (!message) return;
    const isSame = (entry: LogEntry): boolean =>
      entry.type === 'reaction' && entry.user.id === user && entry.to === message.seq;
    const before = room.log.findLast((entry) => isSame(entry));
    const was = before?.type === 'reaction' && before.on;
    const reaction = { room: room.id, to: message.seq, emoji: '👍', on: chance % 3 === 0 ? was : !was };
    const answer = this.ask(connection, 'react', reaction);
    const said = { type: 'reaction', ...reaction, user: { id: user, name: user } } as const;
    if (reaction.on !== was) this.tell(room, { ...this.place(room), ...said });
    answer(reaction);
  }

  private join(connection: ModelConnection, room: ModelRoom): void {
    const answer = this.ask(connection, 'joinRoom', { room: room.id });
    this.tell(room, this.event(room, 'join', connection.user));
    room.members.push(connection.user);
    this.letIn(room, connection.user);
    answer(this.shown(room, connection.user));
  }

  private leave(connection: ModelConnection, room: ModelRoom): void {
    const { user } = connection;
    const answer = this.ask(connection, 'leaveRoom', { room: room.id });
    for (const each of this.connections.filter((other) => other.user === user)) {
      each.rooms.delete(room.id);
      this.hear(each, 'roomRemoved', { room: room.id, reason: 'left' }, () => this.seen.get(user)?.delete(room.id));
    }
    room.members.splice(room.members.indexOf(user), 1);
    this.tell(room, this.event(room, 'leave', user));
    answer({ room: room.id });
  }

  private event(room: ModelRoom, event: SystemEvent, user: Id): SystemEntry {
    const role = event === 'join' ? { role: 'member' as const } : {};
    return {
      ...this.place(room),
      type: 'system',
      event,
      message: `${user} ${event}`,
      user: { id: user, name: user },
      ...role,
    };
  }

  private place({ id, log }: ModelRoom): Pick<LogEntry, 'room' | 'seq' | 'id' | 'at'> {
    const seq = log.length + 1;
    return { room: id, seq, id: `${id}-${seq}`, at: `at ${seq}` };
  }

  private tell(room: ModelRoom, entry: LogEntry): void {
    room.log.push(entry);
    for (const connection of this.connections.filter(({ rooms }) => rooms.has(room.id))) {
      this.hear(connection, entryEvent(entry.type), forReader(entry, connection.user), () => {
        this.seen.get(connection.user)?.set(room.id, entry.seq);
      });
    }
  }

  private letIn(room: ModelRoom, user: Id): void {
    for (const connection of this.connections.filter((each) => each.user === user)) {
      connection.rooms.add(room.id);
      const seq = room.log.length;
      this.hear(connection, 'roomAdded', this.shown(room, user), () => this.seen.get(user)?.set(room.id, seq));
    }
  }

  private read(user: Id, room: ModelRoom): void {
    const about = { kind: 'read', user, room: room.id, since: this.history.lines.length } as const;
    const isIn = room.members.includes(user);
    this.history.add({
      ...about,
      ...(isIn ? { entries: room.log.map((entry) => forReader(entry, user)) } : { refused: 'NOT_A_MEMBER' }),
    });
  }

  private stopReading(connection: ModelConnection): void {
    this.history.add({ kind: 'stopped reading', connection: connection.name });
    connection.waiting = [];
  }

  private readOn(connection: ModelConnection): void {
    this.history.add({ kind: 'read on', connection: connection.name });
    const waiting = connection.waiting ?? [];
    delete connection.waiting;
    // More than may wait closed it long ago.
    const kept = waiting.slice(0, 10);
    for (const each of kept) each();
    if (kept.length === waiting.length) return;
    this.close(connection, CLOSE_CODES.tooSlowOrFast);
    this.connect(connection.user);
  }

  private tooSlow(connection: ModelConnection): void {
    this.history.add({ kind: 'read on', connection: connection.name });
    const { user } = connection;
    this.close(connection, CLOSE_CODES.tooSlowOrFast);
    this.connect(user);
  }

  private ask(connection: ModelConnection, command: string, data: object): (answer: object) => void {
    const id = `${++this.count}`;
    const { name } = connection;
    this.history.add({ kind: 'asked', connection: name, id, command: command as never, data });
    return (answer) =>
      this.arrives(connection, () => this.history.add({ kind: 'answered', connection: name, id, data: answer }));
  }

  private hear(connection: ModelConnection, event: string, data: object, then: () => void = () => undefined): void {
    this.arrives(connection, () => {
      this.history.add({ kind: 'heard', connection: connection.name, event, data } as never);
      then();
    });
  }

  private arrives(connection: ModelConnection, note: () => void): void {
    if (connection.waiting) connection.waiting.push(note);
    else note();
  }

  private shown({ id, name, members, log }: ModelRoom, user: Id): MyRoom {
    const users = members.map((member): Member => {
      const joined = log.findLast(
        (entry) => entry.type === 'system' && entry.event === 'join' && entry.user.id === member,
      );
      return { id: member, name: member, phone: '', role: 'member', joined_at: joined?.at ?? 'the beginning' };
    });
    const joinedSeq = log.findLast(
      (entry) => entry.type === 'system' && entry.event === 'join' && entry.user.id === user,
    )?.seq;
    const read = joinedSeq ?? 0;
    const unread = log.filter(
      (entry) => entry.seq > read && entry.type === 'message' && entry.sender.id !== user,
    ).length;
    const metadata = { description: '', settings: { is_private: false, max_participants: 10 } };
    const last = log.at(-1);
    return {
      id,
      name,
      kind: 'room',
      created_at: 'the beginning',
      users,
      user_count: members.length,
      metadata,
      role: 'member',
      seq: log.length,
      last: last ? forReader(last, user) : null,
      read,
      unread: Math.min(unread, 100),
    };
  }
}

function posted({ room, seq, id, at }: LogEntry): object {
  return { room, seq, id, at };
}

function forReader(entry: LogEntry, user: Id): LogEntry {
  if (entry.type !== 'message' || entry.sender.id === user) return entry;
  const { clientId: _own, ...rest } = entry;
  return rest;
}
