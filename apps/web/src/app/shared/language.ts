import { computed, DOCUMENT, effect, inject, Injectable, signal } from '@angular/core';
import { KeptValues } from './kept';
import { en, type Words } from './words/en';

/** The languages that Parley speaks. */
export type LanguageCode = 'en' | 'vi';

/** Each language under its own name, in the order in which they are offered. */
export const LANGUAGES: readonly { code: LanguageCode; name: string }[] = [
  { code: 'en', name: 'English' },
  { code: 'vi', name: 'Tiếng Việt' },
];

const LATER: Partial<Record<LanguageCode, () => Promise<Words>>> = {
  vi: async () => (await import('./words/vi')).vi,
};

/** The language of the page: the one chosen, or else the browser's, or else English. */
@Injectable({ providedIn: 'root' })
export class Language {
  readonly #kept = inject(KeptValues).keep('language', toLanguage);
  readonly #loaded = signal<{ code: LanguageCode; words: Words }>({ code: 'en', words: en });

  /** The browser's languages, the best first. */
  readonly preferred = canonical(inject(DOCUMENT).defaultView?.navigator.languages ?? []);
  /** The language that is asked for; its words can still be under way. */
  readonly chosen = computed(() => this.#kept.value() ?? this.#ofBrowser());
  /** The language that is shown. */
  readonly code = computed(() => this.#loaded().code);
  /** Everything that the page says. */
  readonly words = computed(() => this.#loaded().words);
  /** For `Intl`: the reader's own locale where it is of the language shown, such as `en-GB`. */
  readonly locale = computed(() => this.preferred.find((tag) => languageOf(tag) === this.code()) ?? this.code());

  constructor() {
    const { documentElement } = inject(DOCUMENT);
    effect(() => void this.#load(this.chosen()));
    effect(() => (documentElement.lang = this.code()));
  }

  /** Resolves when the words of the language that is asked for are there. The page begins with it. */
  ready(): Promise<void> {
    return this.#load(this.chosen());
  }

  choose(code: LanguageCode): void {
    this.#kept.set(code);
  }

  async #load(code: LanguageCode): Promise<void> {
    try {
      const words = (await LATER[code]?.()) ?? en;
      if (code === this.chosen()) this.#loaded.set({ code, words });
    } catch {
      // Offline, and never loaded: the page stays in the language that it has.
    }
  }

  #ofBrowser(): LanguageCode {
    return this.preferred.map(toLanguage).find(Boolean) ?? 'en';
  }
}

function toLanguage(found: unknown): LanguageCode | null {
  return LANGUAGES.find(({ code }) => code === languageOf(found))?.code ?? null;
}

function languageOf(tag: unknown): string | undefined {
  return typeof tag === 'string' ? tag.split('-')[0]?.toLowerCase() : undefined;
}

/** Without what is no language tag: some browsers tell the system's `C` or `en-US@posix`. */
function canonical(tags: readonly string[]): readonly string[] {
  return tags.flatMap((tag) => {
    try {
      return Intl.getCanonicalLocales(tag);
    } catch {
      return [];
    }
  });
}
