import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Id } from '@parley/contract';
import { Backplane } from '../cluster/backplane';
import { Patrol } from '../cluster/patrol';
import { Clock } from '../common/clock';
import type { HeadLoader } from '../log/log-ends';
import { type Head, RoomLog } from '../log/room-log';
import { SharedLog } from '../log/shared-log';
import { ContactsRegistry } from '../users/contacts-registry';
import { Arrivals } from './arrivals';
import { Erasure } from './erasure.service';
import type { RoomRecord } from './room';
import { RoomChanges } from './room-changes';
import { RoomDirectory } from './room-directory';
import { RoomRepository } from './room.repository';

/** Deleted rooms are noted for so long, and who was away for longer than the first of the two compares all rooms. */
const COMPARED_AFTER_MS = 10 * 60_000;
const DELETED_NOTED_FOR_MS = 20 * 60_000;

/**
 * Fills the directory at start, and keeps it right where others change the database: a room whose log is followed here
 * changes by the log's entries; any other is read anew, together with where its log ends.
 */
@Injectable()
export class RoomsLoader implements OnModuleInit {
  private readonly logger = new Logger('Rooms');
  /** Deleted rooms that were still known when last asked for. */
  private leaving = new Set<Id>();

  constructor(
    private readonly directory: RoomDirectory,
    private readonly repository: RoomRepository,
    private readonly log: RoomLog,
    private readonly sharedLog: SharedLog,
    private readonly arrivals: Arrivals,
    private readonly changes: RoomChanges,
    private readonly erasure: Erasure,
    private readonly contacts: ContactsRegistry,
    private readonly backplane: Backplane,
    private readonly patrol: Patrol,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    this.contacts.use((a, b) => this.directory.sharePrivateRoom(a, b));
    this.log.whenForeign((entry, tell) => this.changes.carryOut(entry, tell));
    if (this.backplane.shared) this.share();
    await this.repository.ready();
    for (const room of await this.repository.all()) this.directory.put(room);
    this.logger.log(`${this.directory.size} rooms`);
  }

  private share(): void {
    this.log.loadBy((room) => this.load(room));
    this.sharedLog.whenEvent((room, seq) => this.follow(room, seq));
    this.backplane.on('made', async ({ room }) => void (await this.log.head(room)));
    this.patrol.add((since) => this.ask(since));
  }

  /**
   * A room, its members and the end of its log, all of one moment: no change of the room lies between the two times
   * that its `changedSeq` was read. What is written from now on is heard before it begins.
   */
  private async load(room: Id): ReturnType<HeadLoader> {
    await this.backplane.listen(room);
    for (;;) {
      const stored = await this.repository.find(room);
      const last = await this.log.newest(room);
      if ((await this.repository.changedSeq(room)) !== stored?.changedSeq) continue;
      return { last, adopt: (head) => (stored ? this.adopt(stored, head) : this.close(room)) };
    }
  }

  /** The database says who is in the room. Who is not hears nothing from here on, who is new hears what follows. */
  private adopt(stored: RoomRecord, head: Head): void {
    const known = this.directory.get(stored.id);
    const gone = [...(known?.members.keys() ?? [])].filter((user) => !stored.members.has(user));
    for (const user of gone) this.arrivals.farewell(stored.id, user, 'left');
    const come = [...stored.members.values()].filter(({ user }) => !known?.members.has(user));
    this.directory.put(stored);
    this.arrivals.welcome(stored, head, come);
  }

  private close(room: Id): void {
    if (this.directory.get(room)) return this.erasure.close(room);
    this.log.forget(room);
    this.backplane.ignore(room);
  }

  /** A room whose log is not followed has changed at a seq. */
  private async follow(room: Id, seq: number): Promise<void> {
    if ((this.directory.get(room)?.changedSeq ?? 0) < seq) await this.log.head(room);
  }

  /** Rooms that others have made or deleted; after a long absence, all rooms. */
  private async ask(since: Date): Promise<void> {
    const now = this.clock.now().getTime();
    if (now - since.getTime() > COMPARED_AFTER_MS) return this.compare();
    const deleted = (await this.repository.deletedRooms()).map(({ room }) => room);
    const known = deleted.filter((room) => this.directory.get(room));
    for (const room of known) this.bury(room);
    this.leaving = new Set(known);
    for (const room of await this.repository.madeSince(since)) {
      if (!this.directory.get(room)) await this.log.head(room);
    }
    await this.repository.forgetDeletedBefore(new Date(now - DELETED_NOTED_FOR_MS));
  }

  /** Of rooms that were deleted long ago nothing tells any more but that they are not there. */
  private async compare(): Promise<void> {
    const before = [...this.directory.ids()];
    const changedSeqs = await this.repository.changedSeqs();
    for (const room of before) if (!changedSeqs.has(room)) this.close(room);
    for (const [room, seq] of changedSeqs) {
      const known = this.directory.get(room);
      if (known && this.log.knownHead(room)) this.log.reached(room, seq);
      else if (!known || known.changedSeq < seq) await this.log.head(room);
    }
  }

  /** Its log, where it is followed, tells how it ended; where that is gone by now, nothing does. */
  private bury(room: Id): void {
    if (this.log.knownHead(room) && !this.leaving.has(room)) this.log.reached(room, Infinity);
    else this.close(room);
  }
}
