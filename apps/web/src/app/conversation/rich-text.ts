import { Component, computed, effect, ElementRef, inject, input, untracked, ViewEncapsulation } from '@angular/core';
import { Formatting } from './rich-text/formatting';
import { isEmojiOnly, mayBeMarkdown } from './rich-text/plain-text';

/** A message's text as it is meant to be seen. Plain text is there at once; Markdown as soon as its parser is. */
@Component({
  selector: 'parley-rich-text',
  template: '',
  styleUrl: './rich-text.css',
  encapsulation: ViewEncapsulation.None,
  host: { dir: 'auto', '[class.emoji]': 'isEmoji()' },
})
export class RichText {
  readonly #formatting = inject(Formatting);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly text = input.required<string>();
  readonly isEmoji = computed(() => isEmojiOnly(this.text()));

  constructor() {
    effect(() => {
      const text = this.text().trim();
      const formatted = mayBeMarkdown(text) ? this.#formatting.format(text) : null;
      untracked(() => this.#host.replaceChildren(formatted ?? text));
    });
  }
}
