import { computed, inject, Injectable } from '@angular/core';
import type { Author } from '@parley/contract';
import type { Reaction } from '@parley/sdk';
import { Chat } from '../session/chat';
import { Session } from '../session/session';
import { Failures } from '../shared/failures';
import { Notes } from '../shared/notes';
import type { MessageRow } from './list/rows';

/** Reacting to messages. */
@Injectable({ providedIn: 'root' })
export class Reacting {
  readonly #chat = inject(Chat);
  readonly #failures = inject(Failures);
  readonly #notes = inject(Notes);
  readonly #session = inject(Session);
  readonly #me = computed(() => this.#session.account());

  /** Whether one of those who reacted is oneself. */
  isOwn({ users }: Reaction): boolean {
    return users.some((user) => this.isMe(user));
  }

  isMe({ id }: Author): boolean {
    return id === this.#me();
  }

  /** Sets one's reaction to a message, or takes it back where it is there; says why where that fails. */
  async toggle({ room, seq, reactions }: MessageRow, emoji: string): Promise<void> {
    if (seq === undefined) return;
    const on = !reactions.some((reaction) => reaction.emoji === emoji && this.isOwn(reaction));
    try {
      await this.#chat.send('react', { room, to: seq, emoji, on });
    } catch (error) {
      this.#notes.tell(this.#failures.tell(error));
    }
  }
}
