import createPurifier, { type Config } from 'dompurify';
import { Marked, type RendererObject, type TokenizerObject } from 'marked';

/** Makes HTML of code in a language; null where it does not know the language. Its HTML is sanitized like all other. */
export type Highlighter = (code: string, language: string) => string | null;

/** What a message can consist of, and nothing else. */
const ALLOWED: Config & { RETURN_DOM_FRAGMENT: true } = {
  ALLOWED_TAGS: [
    ...['a', 'blockquote', 'br', 'code', 'del', 'em', 'li', 'ol', 'p', 'pre', 'span', 'strong', 'ul'],
    ...['table', 'tbody', 'td', 'th', 'thead', 'tr'],
  ],
  ALLOWED_ATTR: ['align', 'class', 'href', 'start'],
  ADD_URI_SAFE_ATTR: ['align', 'start'],
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?|mailto|tel):/i,
  RETURN_DOM_FRAGMENT: true,
};

/** The classes that highlighting gives. */
const HIGHLIGHT_CLASS = /^hljs-[a-z_-]+$/;

/** Deeper than this nobody quotes or lists: such a text is shown as it is. */
const DEEP_NESTING = /^(?:[ \t]*(?:>|[-+*]|\d{1,9}[.)])[ \t]*){12}/m;

const NOTHING = (): undefined => undefined;

/** What stays as it was typed. */
const LEFT_OUT: TokenizerObject = {
  table(src) {
    // Rows are filled up to the width of the head: a few thousand characters could be millions of cells.
    const [table = '', head = '', , rows = ''] = this.rules.block.table.exec(src) ?? [];
    return head.split('|').length * rows.split('\n').length > table.length ? undefined : false;
  },
  code: NOTHING,
  def: NOTHING,
  hr: NOTHING,
  html: NOTHING,
  lheading: NOTHING,
  tag: NOTHING,
};

const purifier = createPurifier(window);
purifier.addHook('afterSanitizeAttributes', restrict);

/**
 * Makes nodes of messages. Whatever the text, they run nothing, load nothing and lead nowhere but by a link that opens a
 * page of its own, which does not learn where it was opened. This is the one place where HTML is made of text.
 */
export class MarkdownRenderer {
  readonly #marked: Marked<string, string>;

  constructor(highlight: Highlighter) {
    this.#marked = new Marked({ gfm: true, breaks: true, renderer: rendererWith(highlight), tokenizer: LEFT_OUT });
  }

  render(text: string): DocumentFragment {
    const rendered = purifier.sanitize(this.#htmlOf(text), ALLOWED);
    // Marks and nothing marked, such as a lone `-`: then they are what was meant.
    return rendered.textContent.trim() === '' ? purifier.sanitize(asItIs(text), ALLOWED) : rendered;
  }

  #htmlOf(text: string): string {
    if (DEEP_NESTING.test(text)) return asItIs(text);
    try {
      return this.#marked.parse(text, { async: false });
    } catch {
      // A text that the parser cannot take is still a message.
      return asItIs(text);
    }
  }
}

/** Markdown as chats have it: no images, no boxes to tick, and no headings larger than the text. */
function rendererWith(highlight: Highlighter): RendererObject {
  return {
    text(token) {
      return 'tokens' in token && token.tokens ? this.parser.parseInline(token.tokens) : escaped(token.text);
    },
    heading({ tokens }) {
      return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>`;
    },
    image: ({ raw }) => escaped(raw),
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
    code({ text, lang }) {
      const html = lang ? highlight(text, lang.toLowerCase()) : null;
      return `<pre><code>${html ?? escaped(text)}</code></pre>`;
    },
  };
}

function asItIs(text: string): string {
  return `<p>${escaped(text).replaceAll('\n', '<br>')}</p>`;
}

function restrict(element: Element): void {
  if (element.localName === 'a' && element.hasAttribute('href')) {
    element.setAttribute('target', '_blank');
    element.setAttribute('rel', 'noopener noreferrer nofollow');
  }
  for (const name of element.classList) if (!HIGHLIGHT_CLASS.test(name)) element.classList.remove(name);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
