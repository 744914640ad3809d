import { computed, DOCUMENT, effect, inject, Injectable } from '@angular/core';
import { KeptValues } from './kept';

/** Light, dark, or as the system is. */
export type ThemeName = 'system' | 'light' | 'dark';

/** The themes in the order in which they are offered. */
export const THEMES: readonly ThemeName[] = ['system', 'light', 'dark'];

/** Which theme the page has. public/appearance.js sets it before anything is painted. */
@Injectable({ providedIn: 'root' })
export class Theme {
  readonly #kept = inject(KeptValues).keep('theme', toTheme);
  readonly name = computed(() => this.#kept.value());

  constructor() {
    const document = inject(DOCUMENT);
    effect(() => (document.documentElement.dataset['theme'] = this.name()));
    effect(() => colourBrowser(document, this.name()));
  }

  choose(name: ThemeName): void {
    this.#kept.set(name);
  }
}

/** What the browser draws around the page goes with it: index.html has a colour for either theme. */
function colourBrowser(document: Document, chosen: ThemeName): void {
  const colours = document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]');
  for (const [index, theme] of (['light', 'dark'] as const).entries()) {
    const media = chosen === 'system' ? `(prefers-color-scheme: ${theme})` : chosen === theme ? 'all' : 'not all';
    colours[index]?.setAttribute('media', media);
  }
}

function toTheme(found: unknown): ThemeName {
  return THEMES.find((name) => name === found) ?? 'system';
}
