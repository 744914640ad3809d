import { computed, inject, Injectable, linkedSignal, signal, type WritableSignal } from '@angular/core';
import { Language } from '../shared/language';
import type * as library from './phone-library';
import type { CountryCode, parse } from './phone-library';
import { Session } from './session';

/** A country, as a list of them shows it. */
export interface Country {
  code: string;
  /** Its name in the language of the page. */
  name: string;
  /** `+84`. */
  callingCode: string;
}

/** A number as it is typed, and the country that it is of where it does not say so itself. */
export interface TypedNumber {
  text: string;
  country: string;
}

type Library = typeof library;

/**
 * Phone numbers as people type them. The library that knows every country's numbers comes later than the page; until
 * then, and where it cannot be had, numbers are taken as they are, and the server judges them.
 */
@Injectable({ providedIn: 'root' })
export class PhoneNumbers {
  readonly #language = inject(Language);
  readonly #library = signal<Library | null>(null);

  readonly #ofReader = homeOf(this.#language.preferred);
  readonly #ofServer = signal<string | null>(null);

  /** Where a number is from that does not say so: the server's own country; the reader's until the server has said. */
  readonly home = computed(() => this.#ofServer() ?? this.#ofReader);
  /** All countries, the likely ones first; none before the library is there. */
  readonly countries = computed(() => this.#list());

  constructor() {
    import('./phone-library').then(
      (library) => this.#library.set(library),
      // Offline: see above.
      () => {},
    );
    inject(Session)
      .rest.server()
      .then(
        ({ default_country }) => this.#ofServer.set(default_country),
        () => {},
      );
  }

  /** What a form begins with, and a country: that of `home`, as long as no other is chosen. */
  atHome<T extends object>(values: T): WritableSignal<T & { country: string }> {
    return linkedSignal<string, T & { country: string }>({
      source: this.home,
      computation: (home, before) => {
        const now = before?.value ?? { ...values, country: home };
        return now.country === before?.source ? { ...now, country: home } : now;
      },
    });
  }

  /** `+84912345567` for `0912 345 567` in Vietnam; what is no number stays as it is. */
  international({ text, country }: TypedNumber): string {
    return this.#parse(text, country)?.number ?? text.trim();
  }

  /** Whether it can be a number, as far as is known here. */
  isPossible({ text, country }: TypedNumber): boolean {
    return this.#library() === null || this.#parse(text, country) !== undefined;
  }

  /** The number as its country writes it, and the country. */
  tidy({ text, country }: TypedNumber): TypedNumber {
    const number = this.#parse(text, country);
    if (!number) return { text, country };
    // Some countries share a code, as Guernsey does with the United Kingdom: then the chosen one stays.
    const isOfChosen = this.#callingCode(country) === `+${number.countryCallingCode}`;
    return { text: number.formatNational(), country: isOfChosen ? country : (number.country ?? country) };
  }

  #callingCode(country: string): string | undefined {
    return this.countries().find(({ code }) => code === country)?.callingCode;
  }

  #parse(text: string, country: string): ReturnType<typeof parse> {
    const options = { defaultCountry: country as CountryCode, extract: false };
    const number = this.#library()?.parse(text.normalize('NFKC').trim(), options);
    return number?.isValid() && !number.ext ? number : undefined;
  }

  #list(): readonly Country[] {
    const library = this.#library();
    if (!library) return [];
    const names = new Intl.DisplayNames(this.#language.locale(), { type: 'region' });
    const { compare } = new Intl.Collator(this.#language.locale());
    const all = library.getCountries().map((code) => ({
      code,
      name: names.of(code) ?? code,
      callingCode: `+${library.getCountryCallingCode(code)}`,
    }));
    const likely = [this.#language.code() === 'vi' ? 'VN' : this.home(), this.home(), this.#ofReader];
    const rank = ({ code }: Country): number => (likely.includes(code) ? likely.indexOf(code) : likely.length);
    return all.sort((a, b) => rank(a) - rank(b) || compare(a.name, b.name));
  }
}

/** The flag of a country: its two letters as regional indicators. */
export function flagOf(code: string): string {
  return [...code].map((letter) => String.fromCodePoint(letter.charCodeAt(0) + 0x1f1a5)).join('');
}

/** The first region that the languages name; or else the one where the first language is most at home. */
function homeOf(languages: readonly string[]): string {
  const locales = languages.map((tag) => new Intl.Locale(tag));
  const regions = [...locales.map(({ region }) => region), locales[0]?.maximize().region];
  return regions.find((region) => /^[A-Z]{2}$/.test(region ?? '')) ?? 'VN';
}
