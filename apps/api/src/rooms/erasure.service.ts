import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Id } from '@parley/contract';
import { Backplane } from '../cluster/backplane';
import { Clock } from '../common/clock';
import { RoomLog } from '../log/room-log';
import { Arrivals } from './arrivals';
import { RoomDirectory } from './room-directory';
import { RoomRepository } from './room.repository';

/**
 * Where there are other nodes a deleted room's log stays for so long: they find in it how the room ended, and no number
 * behind its end is free for a node that does not know of it yet.
 */
const KEPT_FOR_OTHERS_MS = 60_000;

/** What follows when a room has been deleted in the database: memory, screens, and its whole history. */
@Injectable()
export class Erasure implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly due = new Map<Id, NodeJS.Timeout>();

  constructor(
    private readonly directory: RoomDirectory,
    private readonly arrivals: Arrivals,
    private readonly repository: RoomRepository,
    private readonly log: RoomLog,
    private readonly backplane: Backplane,
    private readonly clock: Clock,
  ) {}

  /** Finishes what the last stop left undone. */
  async onApplicationBootstrap(): Promise<void> {
    const now = this.clock.now().getTime();
    for (const { room, at } of await this.repository.deletedRooms()) {
      this.eraseAfter(this.backplane.shared && at ? at.getTime() + KEPT_FOR_OTHERS_MS - now : 0, room);
    }
  }

  onModuleDestroy(): void {
    for (const timer of this.due.values()) clearTimeout(timer);
  }

  /** Takes the room from memory and from its members' screens at once, and then removes its history. */
  close(room: Id): void {
    const members = [...(this.directory.get(room)?.members.keys() ?? [])];
    for (const user of members) this.arrivals.farewell(room, user, 'deleted');
    this.directory.remove(room);
    this.log.forget(room);
    this.backplane.ignore(room);
    this.eraseAfter(this.backplane.shared ? KEPT_FOR_OTHERS_MS : 0, room);
  }

  private eraseAfter(ms: number, room: Id): void {
    if (ms <= 0) return void this.eraseHistory(room);
    clearTimeout(this.due.get(room));
    const timer = setTimeout(() => {
      this.due.delete(room);
      void this.eraseHistory(room);
    }, ms);
    this.due.set(room, timer.unref());
  }

  /** What is not finished now, the next start finishes: the note in the database stays until then. */
  private async eraseHistory(room: Id): Promise<void> {
    try {
      const erased = await this.log.erase(room);
      // Other nodes may still have to find out: they are given the time for it.
      if (erased && !this.backplane.shared) await this.repository.forgetDeleted(room);
    } catch {
      return;
    }
  }
}
