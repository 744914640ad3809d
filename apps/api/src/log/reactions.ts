import { Injectable } from '@nestjs/common';
import { LIMITS, type Author, type React } from '@parley/contract';
import { DomainError } from '../common/domain-error';
import { ERROR_TABLE } from '../common/error-table';
import type { EventDraft } from './draft';
import { typeOf } from './entry';
import { EntryRepository } from './entry.repository';
import { ReactionRepository } from './reaction.repository';
import { RoomLog } from './room-log';

/** Reactions: each is an entry of the log, written together with how things stand then. */
@Injectable()
export class Reactions {
  constructor(
    private readonly log: RoomLog,
    private readonly entries: EntryRepository,
    private readonly repository: ReactionRepository,
  ) {}

  /**
   * Sets a reaction or takes it back. Resolves when that is on disk; where it is so already, nothing is written.
   * @param admit asked when its turn has come: throws where the person may not react there.
   * @throws DomainError MESSAGE_NOT_FOUND, TOO_MANY_REACTIONS, UNAVAILABLE, and what `admit` throws
   */
  async set(author: Author, reaction: React, admit: () => void): Promise<void> {
    await this.log.record(this.draft(author, reaction, admit));
  }

  private draft(author: Author, reaction: React, admit: () => void): EventDraft {
    const { room, to, emoji, on } = reaction;
    const change = on ? 'add' : 'remove';
    return {
      room,
      author,
      describe: async () => {
        admit();
        if (!(await this.isNew(author, reaction))) return undefined;
        admit();
        return { text: emoji, reaction: { to, on } };
      },
      change: (session) => this.repository[change](reaction, emoji, author.id, session),
      settle: (_entry, tell) => tell(),
    };
  }

  /** Whether it is not so already. */
  private async isNew({ id }: Author, reaction: React): Promise<boolean> {
    const { room, to, emoji, on } = reaction;
    const [message] = await this.entries.after(room, to - 1, 1);
    if (message?.seq !== to || typeOf(message) !== 'message') throw refusal('MESSAGE_NOT_FOUND');
    if ((await this.repository.has(reaction, emoji, id)) === on) return false;
    if (!on || (await this.repository.hasEmoji(reaction, emoji))) return true;
    const most = LIMITS.emojiPerMessage;
    if ((await this.repository.countEmoji(reaction, most)) >= most) throw refusal('TOO_MANY_REACTIONS');
    return true;
  }
}

function refusal(code: 'MESSAGE_NOT_FOUND' | 'TOO_MANY_REACTIONS'): DomainError {
  return new DomainError(code, ERROR_TABLE[code].sentence);
}
