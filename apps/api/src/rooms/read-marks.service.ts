import { Injectable } from '@nestjs/common';
import type { Id, ReadMark } from '@parley/contract';
import { LogReader } from '../log/log-reader';
import { RoomLog } from '../log/room-log';
import { Connections } from '../realtime/connections';
import { RoomAccess } from './room-access';
import { RoomRepository } from './room.repository';

/** How far everybody has read. */
@Injectable()
export class ReadMarks {
  constructor(
    private readonly access: RoomAccess,
    private readonly repository: RoomRepository,
    private readonly log: RoomLog,
    private readonly reader: LogReader,
    private readonly connections: Connections,
  ) {}

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
    const unread = await this.reader.unread(room, user, place.read, head.seq);
    const mark: ReadMark = { room, read: place.read, unread };
    if (moves) this.connections.tell(user, 'roomRead', mark);
    return mark;
  }
}
