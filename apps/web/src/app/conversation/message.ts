import { Component, computed, inject, input, signal, viewChild } from '@angular/core';
import { ParleyError } from '@parley/sdk';
import { Chat } from '../session/chat';
import { Avatar } from '../shared/avatar';
import { Failures } from '../shared/failures';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { Moments } from '../shared/moments';
import type { MessageRow } from './list/rows';
import { MessageChoices } from './message-choices';
import { MessageReactions } from './message-reactions';
import { RichText } from './rich-text';

/** One message: who said it and when, what was said, and what became of it where it is one's own. */
@Component({
  selector: 'parley-message',
  imports: [Avatar, Icon, MessageChoices, MessageReactions, RichText],
  templateUrl: './message.html',
  styleUrls: ['./message.css', './more-button.css'],
  host: {
    '[class.own]': 'row().isOwn',
    '[class.starts]': 'row().startsGroup',
    '[class.ends]': 'row().endsGroup',
    '[class.with-face]': 'showsFace()',
    '(click)': 'touch($event)',
  },
})
export class Message {
  readonly #chat = inject(Chat);
  readonly #failures = inject(Failures);
  readonly #moments = inject(Moments);
  readonly words = inject(Language).words;
  readonly row = input.required<MessageRow>();
  /** Whether it has to be said who wrote it: where there are more than two. */
  readonly showsAuthor = input.required<boolean>();
  readonly isTabStop = input.required<boolean>();
  readonly isMenuWanted = signal(false);
  readonly choices = viewChild<Pick<MessageChoices, 'open'>>('choices');

  readonly showsFace = computed(() => this.showsAuthor() && !this.row().isOwn);
  readonly author = computed(() => (this.row().isOwn ? this.words().common.you : this.row().author.name));
  readonly time = computed(() => this.#moments.time(this.row().at));
  readonly fullTime = computed(() => this.#moments.full(this.row().at));
  readonly refusal = computed(() => {
    const error = this.row().pending?.error;
    return error ? this.#failures.tell(new ParleyError(error.code, error.message, error)) : '';
  });

  /** Where nothing can hover over a message, a tap on it shows what can be done with it. */
  touch({ target }: Event): void {
    const isText = target instanceof Element && target.closest('.bubble') !== null && !target.closest('a, button');
    if (!isText || !matchMedia('(hover: none)').matches || !getSelection()?.isCollapsed) return;
    const choices = this.choices();
    if (choices) choices.open();
    else this.isMenuWanted.set(true);
  }

  retry(): void {
    this.#withPending((clientId) => this.#chat.retry(clientId));
  }

  discard(): void {
    this.#withPending((clientId) => this.#chat.discard(clientId));
  }

  #withPending(act: (clientId: string) => void): void {
    const { pending } = this.row();
    if (pending) act(pending.message.clientId);
  }
}
