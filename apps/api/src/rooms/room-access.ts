import { Injectable } from '@nestjs/common';
import type { Id, RoomPermission } from '@parley/contract';
import { allows, isOpen, type Membership, type RoomRecord } from './room';
import { RoomDirectory } from './room-directory';
import { forbidden, notAMember, roomNotFound } from './rooms.errors';

/** Who may see and do what in which room. Everything that touches a room asks here first; nothing here waits. */
@Injectable()
export class RoomAccess {
  constructor(private readonly directory: RoomDirectory) {}

  /** @throws DomainError ROOM_NOT_FOUND also where there is a room that the person may not know of. */
  visible(room: Id, user: Id): RoomRecord {
    const found = this.directory.get(room);
    if (!found || !(isOpen(found) || found.members.has(user))) throw roomNotFound();
    return found;
  }

  /** The person's place in the room. @throws DomainError ROOM_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN */
  require(room: Id, user: Id, permission: RoomPermission): Membership {
    const membership = this.visible(room, user).members.get(user);
    if (!membership) throw notAMember();
    if (!allows(membership.role, permission)) throw forbidden();
    return membership;
  }
}
