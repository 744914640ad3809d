import { DOCUMENT, inject, Injectable, type Signal, signal } from '@angular/core';

/** A value in the browser's local storage, as a signal that the tabs of one browser agree on. */
export interface Kept<T> {
  readonly value: Signal<T>;
  /** Changes the value, here and in every other tab. */
  set(value: T): void;
}

/** The browser's local storage. Where there is none (it can be forbidden), values last as long as the page. */
@Injectable({ providedIn: 'root' })
export class KeptValues {
  readonly #window = inject(DOCUMENT).defaultView;

  /**
   * The value under `name`.
   * @param read makes a value of what was found there (parsed JSON of unknown shape; undefined for nothing).
   */
  keep<T>(name: string, read: (found: unknown) => T): Kept<T> {
    const key = `parley.${name}`;
    const value = signal(read(parse(this.#load(key))));
    this.#window?.addEventListener('storage', (event) => {
      // `key` is null when everything was cleared.
      if (event.key === key || event.key === null) value.set(read(parse(event.newValue)));
    });
    const set = (next: T): void => {
      value.set(next);
      this.#save(key, JSON.stringify(next));
    };
    return { value: value.asReadonly(), set };
  }

  /** Forgets the value under `name`, here and in every other tab. */
  forget(name: string): void {
    const key = `parley.${name}`;
    this.#remove(key);
    // Browsers tell the other tabs only.
    this.#window?.dispatchEvent(new StorageEvent('storage', { key, newValue: null }));
  }

  #load(key: string): string | null {
    try {
      return this.#window?.localStorage.getItem(key) ?? null;
    } catch {
      return null;
    }
  }

  #remove(key: string): void {
    try {
      this.#window?.localStorage.removeItem(key);
    } catch {
      // Forbidden: there is nothing to remove.
    }
  }

  #save(key: string, text: string): void {
    try {
      this.#window?.localStorage.setItem(key, text);
    } catch {
      // Full or forbidden: the value lives in this page only.
    }
  }
}

function parse(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
