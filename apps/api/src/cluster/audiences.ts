import type { Id } from '@parley/contract';

/** What is known of who listens to a room, by the numbers of this node's own messages. */
interface Audience {
  /** The message that was heard here last, where it was this node's own. */
  heard?: number;
  /** The newest one that Redis gave to a single listener. */
  single?: number;
}

/**
 * Which rooms no other node listens to, so that what is written there need not be told. Redis says of each message how
 * many got it, and whoever begins to listen says so; both are heard in the order in which Redis did them. So where a
 * message had one listener and was heard here, that one was this node, and it stays so until another is heard of.
 */
export class Audiences {
  private readonly rooms = new Map<Id, Audience>();
  /** How far what was not told goes in each room. */
  private readonly kept = new Map<Id, number>();

  /** Whether nobody else listens to the room, for certain. */
  isAlone(room: Id): boolean {
    const { heard, single } = this.rooms.get(room) ?? {};
    return heard !== undefined && heard === single;
  }

  /** Redis has given a message of this node to so many. */
  answered(room: Id, n: number, listeners: number): void {
    if (listeners === 1) this.of(room).single = n;
  }

  /** A message of this node was heard here. */
  echoed(room: Id, n: number): void {
    this.of(room).heard = n;
  }

  /** Other nodes may listen to these rooms; without rooms, to any. */
  othersListen(rooms?: readonly Id[]): void {
    if (!rooms) return this.rooms.clear();
    for (const room of rooms) this.rooms.delete(room);
  }

  /** What goes up to a seq was not told. */
  keep(room: Id, seq: number): void {
    this.kept.set(room, Math.max(seq, this.kept.get(room) ?? 0));
  }

  /** Takes out what was kept for those of these rooms that others may listen to; without rooms, of all. */
  takeKept(rooms: readonly Id[] = [...this.kept.keys()]): [room: Id, seq: number][] {
    const due: [Id, number][] = [];
    for (const room of rooms) {
      const seq = this.kept.get(room);
      if (seq === undefined || this.isAlone(room)) continue;
      this.kept.delete(room);
      due.push([room, seq]);
    }
    return due;
  }

  private of(room: Id): Audience {
    const known = this.rooms.get(room);
    if (known) return known;
    const audience = {};
    this.rooms.set(room, audience);
    return audience;
  }
}
