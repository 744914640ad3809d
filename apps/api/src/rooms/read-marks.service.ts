import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Id, ReadMark } from '@parley/contract';
import { Backplane } from '../cluster/backplane';
import type { Notices } from '../cluster/notices';
import { LogReader } from '../log/log-reader';
import { RoomLog } from '../log/room-log';
import { Connections } from '../realtime/connections';
import { RoomAccess } from './room-access';
import { RoomDirectory } from './room-directory';
import { RoomRepository } from './room.repository';

/** How far everybody has read. */
@Injectable()
export class ReadMarks implements OnModuleInit {
  constructor(
    private readonly access: RoomAccess,
    private readonly repository: RoomRepository,
    private readonly log: RoomLog,
    private readonly reader: LogReader,
    private readonly connections: Connections,
    private readonly directory: RoomDirectory,
    private readonly backplane: Backplane,
  ) {}

  onModuleInit(): void {
    this.backplane.on('read', (mark) => this.heard(mark));
  }

  /**
   * Moves a person's mark forward, never back and never past the log's end, and tells their connections.
   * @throws DomainError ROOM_NOT_FOUND, NOT_A_MEMBER
   */
  async mark(user: Id, room: Id, seq: number): Promise<ReadMark> {
    this.access.require(room, user, 'read');
    const head = await this.log.head(room);
    const place = this.access.require(room, user, 'read');
    const read = Math.min(seq, head.seq);
    const moves = read > place.read;
    if (moves) {
      await this.repository.markRead(room, user, read);
      place.read = Math.max(place.read, read);
    }
    const mark = await this.markOf(user, room, place.read, head.seq);
    if (!moves) return mark;
    this.connections.tell(user, 'roomRead', mark);
    void this.backplane.tell('read', { room, user, read });
    return mark;
  }

  /** Another node has moved a mark. */
  private async heard({ room, user, read }: Notices['read']): Promise<void> {
    const place = this.directory.membership(room, user);
    if (!place || place.read >= read) return;
    place.read = read;
    if (this.connections.of(user).size === 0) return;
    const head = await this.log.head(room);
    this.connections.tell(user, 'roomRead', await this.markOf(user, room, read, head.seq));
  }

  private async markOf(user: Id, room: Id, read: number, upTo: number): Promise<ReadMark> {
    return { room, read, unread: await this.reader.unread(room, user, read, upTo) };
  }
}
