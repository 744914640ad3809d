import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Id } from '@parley/contract';
import { RoomLog } from '../log/room-log';
import { Arrivals } from './arrivals';
import { RoomDirectory } from './room-directory';
import { RoomRepository } from './room.repository';

/** What follows when a room has been deleted in the database: memory, screens, and its whole history. */
@Injectable()
export class Erasure implements OnApplicationBootstrap {
  constructor(
    private readonly directory: RoomDirectory,
    private readonly arrivals: Arrivals,
    private readonly repository: RoomRepository,
    private readonly log: RoomLog,
  ) {}

  /** Finishes what the last stop left undone. */
  async onApplicationBootstrap(): Promise<void> {
    for (const room of await this.repository.deletedRooms()) void this.eraseHistory(room);
  }

  /** Takes the room from memory and from its members' screens at once, and then removes its history. */
  close(room: Id): void {
    const members = [...(this.directory.get(room)?.members.keys() ?? [])];
    for (const user of members) this.arrivals.farewell(room, user, 'deleted');
    this.directory.remove(room);
    this.log.forget(room);
    void this.eraseHistory(room);
  }

  /** What is not finished now, the next start finishes: the note in the database stays until then. */
  private async eraseHistory(room: Id): Promise<void> {
    try {
      if (await this.log.erase(room)) await this.repository.forgetDeleted(room);
    } catch {
      return;
    }
  }
}
