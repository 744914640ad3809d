import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Author, type Id, LIMITS, type RoomRef } from '@parley/contract';
import { Backplane } from '../cluster/backplane';
import { RateLimits } from '../common/rate-limits';
import { Connections } from '../realtime/connections';
import { eventEnvelope } from '../realtime/frames';
import { Hub } from '../realtime/hub';
import { RoomAccess } from '../rooms/room-access';
import { RoomDirectory } from '../rooms/room-directory';

/** Who is typing. It is written down nowhere, and whoever reads too slowly is not told. */
@Injectable()
export class TypingService implements OnModuleInit {
  constructor(
    private readonly access: RoomAccess,
    private readonly directory: RoomDirectory,
    private readonly hub: Hub,
    private readonly connections: Connections,
    private readonly backplane: Backplane,
    private readonly limits: RateLimits,
  ) {}

  onModuleInit(): void {
    this.backplane.on('typing', ({ room, user }) => this.tell(room, user));
  }

  /**
   * Tells the other members of a room that somebody is typing; in a large room, nobody.
   * @throws DomainError ROOM_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN, RATE_LIMITED
   */
  async say({ id, name }: Author, room: Id): Promise<RoomRef> {
    await this.limits.take('typingByUser', id);
    this.access.require(room, id, 'post');
    this.tell(room, { id, name });
    if (this.hasMembersElsewhere(room, id)) this.backplane.mention('typing', { room, user: { id, name } });
    return { room };
  }

  private tell(room: Id, user: Author): void {
    if (!this.isTold(room) || !this.directory.membership(room, user.id)) return;
    this.hub.whisper(room, eventEnvelope('typing', { room, user }), user.id);
  }

  private isTold(room: Id): boolean {
    return (this.directory.get(room)?.members.size ?? Infinity) <= LIMITS.typingMembers;
  }

  private hasMembersElsewhere(room: Id, author: Id): boolean {
    if (!this.backplane.shared || !this.isTold(room)) return false;
    const { members } = this.directory.get(room)!;
    return members.keys().some((user) => user !== author && this.connections.isElsewhere(user));
  }
}
