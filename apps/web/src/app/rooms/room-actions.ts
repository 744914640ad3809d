import { inject, Injectable } from '@angular/core';
import { Router } from '@angular/router';
import type { OpenPrivateRoom, RoomRef } from '@parley/contract';
import type { RoomState } from '@parley/sdk';
import { Chat } from '../session/chat';
import { Confirm } from '../shared/confirm';
import { Language } from '../shared/language';
import { Notes } from '../shared/notes';
import { leaveText } from './leave-text';
import { roomTitle } from './room-title';

/** What is done with rooms. Failures are told in a note, and what cannot be undone is asked for first. */
@Injectable({ providedIn: 'root' })
export class RoomActions {
  readonly #chat = inject(Chat);
  readonly #router = inject(Router);
  readonly #confirm = inject(Confirm);
  readonly #language = inject(Language);
  readonly #notes = inject(Notes);

  /** Shows a room. */
  async show(room: string): Promise<void> {
    await this.#router.navigate(['/chat', room]);
  }

  /** Opens the private chat with somebody; resolves with whether it is open. */
  openPrivate(other: OpenPrivateRoom): Promise<boolean> {
    return this.#try(async () => this.show((await this.#chat.send('openPrivateRoom', other)).id));
  }

  /** Becomes a member; resolves with whether it worked. */
  join(room: string): Promise<boolean> {
    return this.#try(() => this.#chat.send('joinRoom', { room }));
  }

  /** Asks, then leaves. */
  leave(state: RoomState): Promise<void> {
    const { leave } = this.#language.words().rooms;
    const name = roomTitle(state);
    const question = { title: leave.title(name), text: leaveText(state, leave), confirm: leave.confirm };
    return this.#part('leaveRoom', state, question, leave.done(name));
  }

  /** Asks, then deletes the room for everybody. */
  remove(state: RoomState): Promise<void> {
    const { remove } = this.#language.words().rooms;
    const name = roomTitle(state);
    const text = remove.text(state.room.seq, state.room.user_count);
    const question = { title: remove.title(name), text, confirm: remove.confirm };
    return this.#part('deleteRoom', state, question, remove.done(name));
  }

  async #part(
    command: 'leaveRoom' | 'deleteRoom',
    { room }: RoomState,
    question: Parameters<Confirm['ask']>[0],
    done: string,
  ): Promise<void> {
    if (!(await this.#confirm.ask(question))) return;
    const ref: RoomRef = { room: room.id };
    const parted = await this.#try(() => this.#chat.send(command, ref));
    if (!parted) return;
    await this.#router.navigateByUrl('/chat');
    this.#notes.tell(done);
  }

  async #try(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      this.#notes.fail(error);
      return false;
    }
  }
}
