import { Injectable } from '@nestjs/common';
import type { Id } from '@parley/contract';
import { metrics } from '../common/metrics';
import type { Connection } from './connection';
import { SharedFrame } from './shared-frame';

/** What a commit has to say to a room: `envelopes` to everybody, `own` in their place to the connections of an author. */
export interface RoomFrame {
  room: Id;
  envelopes: readonly string[];
  /** By user id: the same envelopes with what only their author may see. */
  own?: ReadonlyMap<Id, readonly string[]>;
}

/** Which connections listen to which room. It is told by the rooms; it asks nobody. */
@Injectable()
export class Hub {
  private readonly listeners = new Map<Id, Set<Connection>>();

  /** From now on these connections get what is published to the room. */
  enter(room: Id, connections: Iterable<Connection>): void {
    let listeners = this.listeners.get(room);
    for (const connection of connections) {
      if (connection.closed) continue;
      if (!listeners) this.listeners.set(room, (listeners = new Set()));
      listeners.add(connection);
    }
  }

  /** From now on these connections get nothing of the room. */
  exit(room: Id, connections: Iterable<Connection>): void {
    const listeners = this.listeners.get(room);
    if (!listeners) return;
    for (const connection of connections) listeners.delete(connection);
    if (listeners.size === 0) this.listeners.delete(room);
  }

  /** Whether any connection listens to the room. */
  isHeard(room: Id): boolean {
    return this.listeners.has(room);
  }

  /**
   * Sends frames to the connections of their authors only, and to each of those all that it is to get of them. Answers
   * with these connections: `publish` is to leave them out. So none of them may enter another of these rooms before that;
   * who enters a room does so by an entry behind these, or by signing in, and then all rooms at once.
   */
  publishToAuthors(frames: readonly RoomFrame[]): Set<Connection> {
    const authors = this.authorsOf(frames);
    for (const frame of authors.size > 0 ? frames : []) {
      for (const connection of this.listeners.get(frame.room) ?? []) {
        if (authors.has(connection)) for (const each of envelopesFor(connection, frame)) connection.enqueue(each);
      }
    }
    return authors;
  }

  private authorsOf(frames: readonly RoomFrame[]): Set<Connection> {
    const authors = new Set<Connection>();
    for (const { room, own } of frames) {
      for (const connection of own?.size ? (this.listeners.get(room) ?? []) : []) {
        if (own!.has(userOf(connection)) && !connection.closed) authors.add(connection);
      }
    }
    return authors;
  }

  /**
   * Sends frames to everybody who listens to their rooms, but for those who have been served: each encoded once, and one
   * write a connection, however many of the rooms it listens to.
   */
  publish(frames: readonly RoomFrame[], served?: ReadonlySet<Connection>): void {
    const outgoing: Outgoing = new Map();
    for (const frame of frames) this.collect(frame, served, outgoing);
    for (const [connection, shared] of outgoing) connection.share(shared);
  }

  /** Tells everybody who listens to a room, but for one person, what may as well get lost. */
  whisper(room: Id, envelope: string, except: Id): void {
    const frame = new SharedFrame([envelope]);
    for (const connection of this.listeners.get(room) ?? []) {
      if (userOf(connection) !== except) connection.whisper(frame);
    }
  }

  private collect(frame: RoomFrame, served: ReadonlySet<Connection> | undefined, outgoing: Outgoing): void {
    const listeners = this.listeners.get(frame.room);
    if (!listeners) return;
    const shared = new SharedFrame(frame.envelopes);
    for (const connection of listeners) {
      if (connection.closed) listeners.delete(connection);
      else if (!served?.has(connection)) {
        const envelopes = envelopesFor(connection, frame);
        const part = envelopes === frame.envelopes ? shared : new SharedFrame(envelopes);
        const others = outgoing.get(connection);
        if (others) others.push(part);
        else outgoing.set(connection, [part]);
      }
    }
    metrics.deliveries.inc(listeners.size * frame.envelopes.length);
  }
}

/** What each connection is to get, in its order. */
type Outgoing = Map<Connection, SharedFrame[]>;

function envelopesFor(connection: Connection, { envelopes, own }: RoomFrame): readonly string[] {
  return own?.get(userOf(connection)) ?? envelopes;
}

function userOf(connection: Connection): Id {
  return connection.identity?.user.id ?? '';
}
