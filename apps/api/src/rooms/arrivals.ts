import { Injectable } from '@nestjs/common';
import { CLOSE_CODES, type Id } from '@parley/contract';
import type { Head } from '../log/room-log';
import type { Connection, Slot } from '../realtime/connection';
import { Connections } from '../realtime/connections';
import { eventEnvelope } from '../realtime/frames';
import { Hub } from '../realtime/hub';
import type { Membership, RoomRecord } from './room';
import { RoomView, snapshotOf, type RoomSnapshot } from './room-view';

/** Lets people who have become members hear the room: `roomAdded` first, and then, without a gap, what follows. */
@Injectable()
export class Arrivals {
  constructor(
    private readonly connections: Connections,
    private readonly hub: Hub,
    private readonly view: RoomView,
  ) {}

  /** Begins at this moment, at `head`; what has to be looked up for `roomAdded` is looked up afterwards. */
  welcome(room: RoomRecord, head: Head, members: Iterable<Membership>): void {
    const snapshot = snapshotOf(room, head);
    for (const member of members) this.welcomeOne(snapshot, member);
  }

  private welcomeOne(snapshot: RoomSnapshot, member: Membership): void {
    const connections = [...this.connections.of(member.user)];
    if (connections.length === 0) return;
    const places = connections.map((connection) => [connection, connection.reserve()] as const);
    this.hub.enter(snapshot.room.id, connections);
    void this.announce(snapshot, { ...member }, places);
  }

  private async announce(
    snapshot: RoomSnapshot,
    member: Membership,
    places: readonly (readonly [Connection, Slot])[],
  ): Promise<void> {
    try {
      const envelope = eventEnvelope('roomAdded', await this.view.mine(snapshot, member));
      for (const [, place] of places) place.fill([envelope]);
    } catch {
      // Nobody can be told what the room is like right now: whoever connects again is told then.
      for (const [connection] of places) connection.close(CLOSE_CODES.restart, 'Please connect again.');
    }
  }

  /** The person hears the room no more, from this moment. */
  farewell(room: Id, user: Id, reason: 'left' | 'deleted'): void {
    this.hub.exit(room, this.connections.of(user));
    this.connections.tell(user, 'roomRemoved', { room, reason });
  }
}
