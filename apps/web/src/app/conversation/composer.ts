import { Component, computed, effect, type ElementRef, inject, input, signal, viewChild } from '@angular/core';
import type { RoomState } from '@parley/sdk';
import { Chat } from '../session/chat';
import { Icon } from '../shared/icon';
import { Language } from '../shared/language';
import { Drafts } from './composer/drafts';
import { EmojiPicker } from './emoji/emoji-picker';
import { charactersLeft, outgoing, sends } from './composer/outgoing';

/** Where a message is written. Another room wants another composer. */
@Component({
  selector: 'parley-composer',
  imports: [EmojiPicker, Icon],
  templateUrl: './composer.html',
  styleUrl: './composer.css',
})
export class Composer {
  readonly #chat = inject(Chat);
  readonly #drafts = inject(Drafts);
  readonly words = inject(Language).words;
  readonly state = input.required<RoomState>();
  readonly field = viewChild.required<ElementRef<HTMLTextAreaElement>>('field');
  readonly emojiButton = viewChild.required<ElementRef<HTMLElement>>('emojiButton');
  readonly #isTouch = window.matchMedia('(pointer: coarse)').matches;
  #isComposing = false;

  readonly draft = computed(() => this.#drafts.in(this.state().room.id));
  readonly left = computed(() => charactersLeft(this.draft()));
  readonly isTooLong = computed(() => (this.left() ?? 0) < 0);
  readonly canSend = computed(() => outgoing(this.draft()) !== null && !this.isTooLong());
  readonly isPicking = signal(false);

  constructor() {
    effect(() => this.#show(this.draft()));
  }

  write(): void {
    const { id } = this.state().room;
    this.#drafts.keep(id, this.#element.value);
    if (outgoing(this.#element.value) !== null) this.#chat.typing(id);
  }

  /** An input method begins or ends to compose. */
  compose(isComposing: boolean): void {
    this.#isComposing = isComposing;
  }

  press(event: KeyboardEvent): void {
    if (!sends(event, this.#isTouch)) return;
    event.preventDefault();
    this.send();
  }

  send(): void {
    const text = outgoing(this.draft());
    if (text === null || this.isTooLong()) return;
    const { id } = this.state().room;
    this.#chat.post(id, text);
    // Phones' keyboards compose every word: what the button sends was still being composed, and is done with.
    this.#isComposing = false;
    this.#drafts.keep(id, '');
    this.#element.focus();
  }

  insert(emoji: string): void {
    const { selectionStart, selectionEnd } = this.#element;
    this.#element.setRangeText(emoji, selectionStart, selectionEnd, 'end');
    this.write();
    this.closeEmoji();
    this.#element.focus();
  }

  closeEmoji(): void {
    if (!this.isPicking()) return;
    this.isPicking.set(false);
    this.emojiButton().nativeElement.focus();
  }

  get #element(): HTMLTextAreaElement {
    return this.field().nativeElement;
  }

  /** Shows a draft that came from elsewhere: the room has changed, the message was sent, or another tab has written. */
  #show(draft: string): void {
    if (this.#isComposing || this.#element.value === draft) return;
    this.#element.value = draft;
    this.#element.setSelectionRange(draft.length, draft.length);
  }
}
