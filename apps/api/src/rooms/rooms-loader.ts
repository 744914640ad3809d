import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Entry } from '../log/entry';
import { RoomLog } from '../log/room-log';
import { ContactsRegistry } from '../users/contacts-registry';
import { Arrivals } from './arrivals';
import { Erasure } from './erasure.service';
import { RoomDirectory } from './room-directory';
import { RoomRepository } from './room.repository';

/** Fills the directory at start, and mends it where the log shows an event that this process did not see happen. */
@Injectable()
export class RoomsLoader implements OnModuleInit {
  private readonly logger = new Logger('Rooms');

  constructor(
    private readonly directory: RoomDirectory,
    private readonly repository: RoomRepository,
    private readonly log: RoomLog,
    private readonly arrivals: Arrivals,
    private readonly erasure: Erasure,
    private readonly contacts: ContactsRegistry,
  ) {}

  async onModuleInit(): Promise<void> {
    this.contacts.use((a, b) => this.directory.sharePrivateRoom(a, b));
    this.log.whenForeign((entry, tell) => this.follow(entry, tell));
    await this.repository.ready();
    let count = 0;
    for await (const room of this.repository.all()) {
      this.directory.put(room);
      count++;
    }
    this.logger.log(`${count} rooms`);
  }

  /**
   * The database says who is in the room now. Who is no longer in it hears nothing from here on; who has come in hears
   * the room from this entry on.
   */
  private async follow(entry: Entry, tell: () => void): Promise<void> {
    const stored = await this.repository.find(entry.room);
    const known = this.directory.get(entry.room);
    if (!stored) {
      tell();
      return this.erasure.close(entry.room);
    }
    const gone = [...(known?.members.keys() ?? [])].filter((user) => !stored.members.has(user));
    for (const user of gone) this.arrivals.farewell(entry.room, user, 'left');
    tell();
    const come = [...stored.members.values()].filter(({ user }) => !known?.members.has(user));
    this.directory.put(stored);
    this.arrivals.welcome(stored, { seq: entry.seq, last: entry }, come);
  }
}
