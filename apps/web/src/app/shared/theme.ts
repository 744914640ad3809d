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
    const { documentElement } = inject(DOCUMENT);
    effect(() => (documentElement.dataset['theme'] = this.name()));
  }

  choose(name: ThemeName): void {
    this.#kept.set(name);
  }
}

function toTheme(found: unknown): ThemeName {
  return THEMES.find((name) => name === found) ?? 'system';
}
