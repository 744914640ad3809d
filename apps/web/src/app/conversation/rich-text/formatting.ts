import { computed, Injectable, signal } from '@angular/core';
import type { Highlighter, MarkdownRenderer } from './markdown';

/** The first line of a block of code that says its language. */
const CODE = /^ {0,3}(?:```|~~~)[^\S\n]*\w/m;

const NO_COLOURS: Highlighter = () => null;

/** Makes nodes of Markdown. The parser is loaded when the first text needs it, the colours with the first code. */
@Injectable({ providedIn: 'root' })
export class Formatting {
  readonly #parsing = signal<typeof MarkdownRenderer | null>(null);
  readonly #highlighter = signal<Highlighter>(NO_COLOURS);
  readonly #renderer = computed(() => {
    const Renderer = this.#parsing();
    return Renderer && new Renderer(this.#highlighter());
  });
  #isParserAsked = false;
  #areColoursAsked = false;

  /** The text as nodes; null while the parser is under way. A signal: it changes when more has been loaded. */
  format(text: string): DocumentFragment | null {
    if (!this.#isParserAsked) void this.#loadParser();
    if (!this.#areColoursAsked && CODE.test(text)) void this.#loadColours();
    return this.#renderer()?.render(text) ?? null;
  }

  // What cannot be loaded, as without a connection, is asked for again by the next text.
  async #loadParser(): Promise<void> {
    this.#isParserAsked = true;
    try {
      const { MarkdownRenderer } = await import('./markdown');
      this.#parsing.set(MarkdownRenderer);
    } catch {
      this.#isParserAsked = false;
    }
  }

  async #loadColours(): Promise<void> {
    this.#areColoursAsked = true;
    try {
      const { highlight } = await import('./highlight');
      this.#highlighter.set(highlight);
    } catch {
      this.#areColoursAsked = false;
    }
  }
}
