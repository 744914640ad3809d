import { inject, Injectable } from '@angular/core';
import { Confirm } from '../shared/confirm';
import { Language } from '../shared/language';
import { Chat } from './chat';
import { Session } from './session';

/** The way out, which asks first where something would be lost. */
@Injectable({ providedIn: 'root' })
export class Leaving {
  readonly #session = inject(Session);
  readonly #chat = inject(Chat);
  readonly #confirm = inject(Confirm);
  readonly #words = inject(Language).words;

  /** Signs out, unless messages have not been sent yet and the person wants to wait for them. */
  async signOut(): Promise<void> {
    const unsent = this.#chat.outbox().length;
    const { title, text, confirm } = this.#words().session.unsent;
    if (unsent > 0 && !(await this.#confirm.ask({ title, text: text(unsent), confirm }))) return;
    await this.#session.signOut();
  }
}
