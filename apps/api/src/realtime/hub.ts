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

  /** Sends a frame to its authors' connections only. Resolves to those that have it: `publish` is to leave them out. */
  publishToAuthors({ room, own }: RoomFrame): Set<Connection> {
    const served = new Set<Connection>();
    for (const connection of own?.size ? (this.listeners.get(room) ?? []) : []) {
      const envelopes = own!.get(connection.identity?.user.id ?? '');
      if (!envelopes || connection.closed) continue;
      for (const each of envelopes) connection.enqueue(each);
      served.add(connection);
    }
    return served;
  }

  /** Sends one frame to everybody who listens to the room: encoded once, one write a connection. */
  publish(frame: RoomFrame, served?: ReadonlySet<Connection>): void {
    const listeners = this.listeners.get(frame.room);
    if (!listeners) return;
    const shared = new SharedFrame(frame.envelopes);
    for (const connection of listeners) {
      if (connection.closed) listeners.delete(connection);
      else if (!served?.has(connection)) this.send(connection, frame, shared);
    }
    metrics.deliveries.inc(listeners.size * frame.envelopes.length);
  }

  private send(connection: Connection, { own }: RoomFrame, shared: SharedFrame): void {
    const envelopes = own?.get(connection.identity?.user.id ?? '');
    if (envelopes) for (const each of envelopes) connection.enqueue(each);
    else connection.share(shared);
  }
}
