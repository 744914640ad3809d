import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import type { Entry } from '../log/entry';
import { RoomLog } from '../log/room-log';
import { ContactsRegistry } from '../users/contacts-registry';
import { RoomDirectory } from './room-directory';
import { RoomRepository } from './room.repository';
import { RoomsService } from './rooms.service';

/** Fills the directory at start, and finishes what a stop left undone. */
@Injectable()
export class RoomsLoader implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger('Rooms');

  constructor(
    private readonly directory: RoomDirectory,
    private readonly repository: RoomRepository,
    private readonly rooms: RoomsService,
    private readonly log: RoomLog,
    private readonly contacts: ContactsRegistry,
  ) {}

  async onModuleInit(): Promise<void> {
    this.contacts.use((a, b) => this.directory.sharePrivateRoom(a, b));
    this.log.whenForeign((entry) => this.reload(entry));
    await this.repository.ready();
    let count = 0;
    for await (const room of this.repository.all()) {
      this.directory.put(room);
      count++;
    }
    this.logger.log(`${count} rooms`);
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const room of await this.repository.deletedRooms()) void this.rooms.eraseHistory(room);
  }

  /** An event that this process did not commit itself, or does not know that it did: the database says how it is now. */
  private async reload({ room }: Entry): Promise<void> {
    const stored = await this.repository.find(room);
    if (stored) this.directory.put(stored);
    else this.directory.remove(room);
  }
}
