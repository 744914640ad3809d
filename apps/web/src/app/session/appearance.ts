import { Component, computed, inject } from '@angular/core';
import { Icon } from '../shared/icon';
import { Language, LANGUAGES, type LanguageCode } from '../shared/language';

/** The choice of language, for whoever is not signed in yet. */
@Component({
  selector: 'parley-appearance',
  imports: [Icon],
  templateUrl: './appearance.html',
  styleUrl: './appearance.css',
})
export class Appearance {
  readonly #language = inject(Language);
  readonly words = this.#language.words;
  readonly languages = LANGUAGES;
  readonly chosen = computed(() => this.#language.chosen());

  choose(code: string): void {
    this.#language.choose(code as LanguageCode);
  }
}
