import { Component, computed, effect, ElementRef, inject, input, ViewEncapsulation } from '@angular/core';
import { Formatting } from './rich-text/formatting';
import { isEmojiOnly, mayBeMarkdown } from './rich-text/plain-text';

/** A message's text as it is meant to be seen. Plain text is there at once; Markdown as soon as its parser is. */
@Component({
  selector: 'parley-rich-text',
  template: '',
  styleUrl: './rich-text.css',
  encapsulation: ViewEncapsulation.None,
  host: { dir: 'auto', '[class.emoji]': 'isEmoji()', '[class.formatted]': 'formatted() !== null' },
})
export class RichText {
  readonly #formatting = inject(Formatting);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly text = input.required<string>();
  readonly isEmoji = computed(() => isEmojiOnly(this.text()));

  /** The text as nodes; null for plain text, and as long as the parser is under way. */
  readonly formatted = computed(() => (mayBeMarkdown(this.text()) ? this.#formatting.format(this.#trimmed()) : null));
  readonly #trimmed = computed(() => this.text().trim());

  constructor() {
    effect(() => this.#host.replaceChildren(this.formatted() ?? this.#trimmed()));
  }
}
