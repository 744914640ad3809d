import { Component, inject } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { Chat } from '../session/chat';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { lineNews } from './line-news';

/** Says that the line to the server is down, when it is tried again, and that it is back. */
@Component({ selector: 'parley-line-bar', imports: [Icon], templateUrl: './line-bar.html', styleUrl: './line-bar.css' })
export class LineBar {
  readonly #chat = inject(Chat);
  readonly words = inject(Language).words;
  readonly news = toSignal(lineNews(toObservable(this.#chat.state)), { initialValue: null });

  tryNow(): void {
    this.#chat.reconnect();
  }
}
