import { Component, computed, inject, input } from '@angular/core';
import type { Author } from '@parley/contract';
import { shortName } from '../people/short-name';
import { Language } from '../shared/language';

/** Who is typing, with three dots, in the place of a line of the same height. */
@Component({
  selector: 'parley-typing-line',
  templateUrl: './typing-line.html',
  styleUrl: './typing-line.css',
})
export class TypingLine {
  readonly #words = inject(Language).words;
  readonly typists = input.required<readonly Author[]>();
  /** Whether it goes without saying who it is. */
  readonly isAlone = input.required<boolean>();
  readonly text = computed(() => {
    const { presence } = this.#words();
    const [first = '', second = ''] = this.typists().map(({ name }) => shortName(name));
    if (this.isAlone()) return presence.typing;
    if (this.typists().length > 2) return presence.manyType(this.typists().length);
    return second === '' ? presence.oneTypes(first) : presence.twoType(first, second);
  });
}
