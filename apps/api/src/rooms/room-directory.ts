import { Injectable } from '@nestjs/common';
import type { Id } from '@parley/contract';
import { OrderedIds } from './ordered-ids';
import { isOpen, type Membership, type RoomRecord } from './room';
import { nameKey } from './room-name';

/**
 * All rooms and who is in them, in memory: no message costs a query to find its receivers. It is filled from the
 * database at start, and changed right after each commit that changes the database.
 */
@Injectable()
export class RoomDirectory {
  private readonly rooms = new Map<Id, RoomRecord>();
  private readonly byName = new Map<string, Id>();
  private readonly byPair = new Map<string, Id>();
  private readonly byUser = new Map<Id, Set<Id>>();
  private readonly open = new OrderedIds();

  /** How many rooms there are. */
  get size(): number {
    return this.rooms.size;
  }

  /** The ids of all rooms. */
  ids(): Iterable<Id> {
    return this.rooms.keys();
  }

  /** The room with this id. */
  get(room: Id): RoomRecord | undefined {
    return this.rooms.get(room);
  }

  /** The room or private chat with this unique name. */
  named(name: string): RoomRecord | undefined {
    return this.rooms.get(this.byName.get(nameKey(name)) ?? '');
  }

  /** A person's place in a room. */
  membership(room: Id, user: Id): Membership | undefined {
    return this.rooms.get(room)?.members.get(user);
  }

  /** The rooms that a person is in. */
  roomsOf(user: Id): RoomRecord[] {
    return [...(this.byUser.get(user) ?? [])].map((room) => this.rooms.get(room)!);
  }

  /** The rooms that everybody may see, in the order in which they were made, behind the one with an id. */
  openAfter(room?: Id): IteratorObject<RoomRecord> {
    return this.open.after(room).map((id) => this.rooms.get(id)!);
  }

  /** Whether two people are in a private chat with each other. */
  sharePrivateRoom(a: Id, b: Id): boolean {
    const rooms = this.byUser.get(a);
    const room = this.byPair.get(pairKey(a, b));
    return room !== undefined && rooms?.has(room) === true;
  }

  /** The id of another person, as it is kept here, where the two are in a room together. */
  fellow(user: Id, other: Id): Id | undefined {
    const [a, b] = [this.byUser.get(user), this.byUser.get(other)];
    if (!a || !b) return undefined;
    for (const room of a.size < b.size ? a : b) {
      const { members } = this.rooms.get(room)!;
      if (members.has(user) && members.has(other)) return members.get(other)!.user;
    }
    return undefined;
  }

  /** Takes a room in, or in the place of what was known of it. */
  put(room: RoomRecord): void {
    this.remove(room.id);
    this.rooms.set(room.id, room);
    if (room.kind !== 'group') this.byName.set(nameKey(room.name), room.id);
    if (isOpen(room)) this.open.add(room.id);
    if (room.pair) this.byPair.set(pairKey(...room.pair), room.id);
    for (const user of room.members.keys()) this.index(user, room.id);
  }

  /** A person is in the room from now on, by the entry with this seq. */
  addMember(room: Id, member: Membership, seq: number): void {
    const known = this.rooms.get(room);
    if (!known) return;
    known.members.set(member.user, member);
    known.changedSeq = seq;
    this.index(member.user, room);
  }

  /** A person is no longer in the room, by the entry with this seq. */
  removeMember(room: Id, user: Id, seq: number): void {
    const known = this.rooms.get(room);
    if (!known) return;
    known.members.delete(user);
    known.changedSeq = seq;
    this.unindex(user, room);
  }

  /** The room is no more. */
  remove(room: Id): void {
    const known = this.rooms.get(room);
    if (!known) return;
    for (const user of known.members.keys()) this.unindex(user, room);
    // Another room can have the name by now, and have been heard of first.
    if (this.byName.get(nameKey(known.name)) === room) this.byName.delete(nameKey(known.name));
    if (known.pair && this.byPair.get(pairKey(...known.pair)) === room) this.byPair.delete(pairKey(...known.pair));
    this.open.delete(room);
    this.rooms.delete(room);
  }

  private index(user: Id, room: Id): void {
    const rooms = this.byUser.get(user);
    if (rooms) rooms.add(room);
    else this.byUser.set(user, new Set([room]));
  }

  private unindex(user: Id, room: Id): void {
    const rooms = this.byUser.get(user);
    rooms?.delete(room);
    if (rooms?.size === 0) this.byUser.delete(user);
  }
}

function pairKey(a: Id, b: Id): string {
  return a < b ? a + b : b + a;
}
