import { DOCUMENT, inject, Injectable, type Provider, ɵSHARED_STYLES_HOST } from '@angular/core';
import { ɵSharedStylesHost as SharedStylesHost } from '@angular/platform-browser';

interface Adopted {
  sheet: CSSStyleSheet;
  users: number;
}

/**
 * Puts the styles of components into the page as style sheets that it adopts. Angular would write them into elements,
 * which a Content-Security-Policy without 'unsafe-inline' refuses. Style sheets at an address stay Angular's.
 */
@Injectable()
export class AdoptedStyles extends SharedStylesHost {
  readonly #document = inject(DOCUMENT);
  readonly #adopted = new Map<string, Adopted>();

  override addStyles(styles: string[], urls?: string[]): void {
    for (const text of styles) this.#adopt(text);
    super.addStyles([], urls);
  }

  override removeStyles(styles: string[], urls?: string[]): void {
    for (const text of styles) this.#drop(text);
    super.removeStyles([], urls);
  }

  #adopt(text: string): void {
    const known = this.#adopted.get(text);
    if (known) return void known.users++;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    this.#document.adoptedStyleSheets.push(sheet);
    this.#adopted.set(text, { sheet, users: 1 });
  }

  #drop(text: string): void {
    const known = this.#adopted.get(text);
    if (!known || --known.users > 0) return;
    this.#adopted.delete(text);
    this.#document.adoptedStyleSheets = this.#document.adoptedStyleSheets.filter((sheet) => sheet !== known.sheet);
  }
}

/** For the whole application. */
export function provideAdoptedStyles(): Provider {
  return { provide: ɵSHARED_STYLES_HOST, useClass: AdoptedStyles };
}
