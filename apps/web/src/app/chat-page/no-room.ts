import { Component, computed, inject } from '@angular/core';
import { shortName } from '../people/short-name';
import { Chat } from '../session/chat';
import { Session } from '../session/session';
import { Language } from '../shared/language';
import { Notice } from '../shared/notice';

/** The chat side while no chat is open: what to do, for somebody new a welcome. Before the list is there, nothing. */
@Component({
  selector: 'parley-no-room',
  imports: [Notice],
  templateUrl: './no-room.html',
  styleUrl: './no-room.css',
})
export class NoRoom {
  readonly chat = inject(Chat);
  readonly #me = inject(Session).me;
  readonly words = inject(Language).words;
  readonly #isNew = computed(() => this.chat.rooms().length === 0);
  readonly title = computed(() => {
    const { welcomeTitle, noneChosenTitle } = this.words().rooms;
    return this.#isNew() ? welcomeTitle(shortName(this.#me()?.name ?? '')) : noneChosenTitle;
  });
  readonly text = computed(() => {
    const { welcomeText, noneChosenText } = this.words().rooms;
    return this.#isNew() ? welcomeText : noneChosenText;
  });
}
