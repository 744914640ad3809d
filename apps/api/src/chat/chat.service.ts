import { Injectable } from '@nestjs/common';
import {
  LIMITS,
  type Author,
  type Id,
  type LogPage,
  type Posted,
  type PostMessage,
  type React,
} from '@parley/contract';
import { DomainError } from '../common/domain-error';
import { ERROR_TABLE } from '../common/error-table';
import { wireTime, type Entry } from '../log/entry';
import { LogReader, type LogPageRequest } from '../log/log-reader';
import { Reactions } from '../log/reactions';
import { RoomLog } from '../log/room-log';
import { RoomAccess } from '../rooms/room-access';

/** Saying something in a room, and reading what was said. */
@Injectable()
export class ChatService {
  constructor(
    private readonly access: RoomAccess,
    private readonly log: RoomLog,
    private readonly reader: LogReader,
    private readonly reactions: Reactions,
  ) {}

  /**
   * Posts a message; its place in the order is taken before this function first waits. Resolves when it is on disk. A
   * repeat of a clientId resolves to what the first one did, even where the author may no longer write.
   * @throws DomainError ROOM_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN, UNAVAILABLE
   */
  post(author: Author, { room, clientId, text }: PostMessage): Promise<Posted> {
    const admit = (): void => void this.access.require(room, author.id, 'post');
    const entry = this.log.post({ room, author, text, clientId, admit });
    return entry.then(posted, (failure: unknown) => this.postedBefore(author.id, clientId, failure));
  }

  /**
   * Sets somebody's reaction to a message, or takes it back. Resolves when that is on disk, to how it is then.
   * @throws DomainError ROOM_NOT_FOUND, NOT_A_MEMBER, FORBIDDEN, MESSAGE_NOT_FOUND, TOO_MANY_REACTIONS, UNAVAILABLE
   */
  async react({ id, name }: Author, { room, to, emoji, on }: React): Promise<React> {
    const reaction = { room, to, emoji, on };
    const admit = (): void => void this.access.require(room, id, 'react');
    admit();
    await this.reactions.set({ id, name }, reaction, admit);
    return reaction;
  }

  private async postedBefore(author: Id, clientId: string, failure: unknown): Promise<Posted> {
    const first = isRefusal(failure) ? await this.reader.messageOf(author, clientId) : undefined;
    if (!first) throw failure;
    return posted(first);
  }

  /** A page of a room's log. @throws DomainError ROOM_NOT_FOUND, NOT_A_MEMBER, VALIDATION_FAILED */
  async page(
    reader: Id,
    room: Id,
    { before, after, limit = LIMITS.pageDefault }: Partial<LogPageRequest>,
  ): Promise<LogPage> {
    this.access.require(room, reader, 'read');
    if (before !== undefined && after !== undefined) throw oneDirection();
    const page = await this.reader.page(room, reader, { before, after, limit });
    // Who has been taken out while the page was read gets nothing of it, and what is not known here may say so.
    await this.log.knowUpTo(room, page.entries.at(-1)?.seq ?? 0);
    this.access.require(room, reader, 'read');
    return page;
  }
}

function posted(entry: Entry): Posted {
  const { room, seq, id } = entry;
  return { room, seq, id, at: wireTime(entry) };
}

function isRefusal(error: unknown): boolean {
  return error instanceof DomainError && error.code !== 'UNAVAILABLE';
}

function oneDirection(): DomainError {
  const fields = { after: 'before or after can be asked for, not both.' };
  return new DomainError('VALIDATION_FAILED', ERROR_TABLE.VALIDATION_FAILED.sentence, { fields });
}
