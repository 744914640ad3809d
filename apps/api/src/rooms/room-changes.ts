import { Injectable } from '@nestjs/common';
import type { Id } from '@parley/contract';
import type { Entry } from '../log/entry';
import { Arrivals } from './arrivals';
import { Erasure } from './erasure.service';
import { isLeftForGood, type Membership } from './room';
import { RoomDirectory } from './room-directory';

/**
 * What an entry that is on disk changes in memory and on screens, at once and in the right order, whoever has written
 * it: this process or another one. Before the first entry after it nobody hears the room who is not in it any more.
 */
@Injectable()
export class RoomChanges {
  constructor(
    private readonly directory: RoomDirectory,
    private readonly arrivals: Arrivals,
    private readonly erasure: Erasure,
  ) {}

  /** Carries an entry's event out; `tell` sends the entry to whoever listens to the room at that moment. */
  carryOut(entry: Entry, tell: () => void): void {
    if (entry.event === 'join') this.enter(entry, tell);
    else if (entry.event === 'leave') this.leave(entry, tell);
    else this.delete(entry.room, tell);
  }

  private enter(entry: Entry, tell: () => void): void {
    const member = membershipOf(entry);
    tell();
    this.directory.addMember(entry.room, member, entry.seq);
    const room = this.directory.get(entry.room);
    if (room) this.arrivals.welcome(room, { seq: entry.seq, last: entry }, [member]);
  }

  private leave({ room, author, heir, seq }: Entry, tell: () => void): void {
    const record = this.directory.get(room);
    const leftForGood = record !== undefined && isLeftForGood(record);
    this.arrivals.farewell(room, author.id, 'left');
    this.directory.removeMember(room, author.id, seq);
    const owner = heir && this.directory.membership(room, heir.id);
    if (owner) owner.role = 'owner';
    tell();
    if (leftForGood) this.erasure.close(room);
  }

  private delete(room: Id, tell: () => void): void {
    tell();
    this.erasure.close(room);
  }
}

/** Joined at the very moment that the entry says: whoever only hears of it has to get the same. */
export function membershipOf({ author, role, at, seq }: Entry): Membership {
  return { user: author.id, role: role!, joinedAt: at, joinedSeq: seq, read: seq };
}
