import * as fc from 'fast-check';
import { highlight } from './highlight';
import { MarkdownRenderer } from './markdown';
import { mayBeMarkdown } from './plain-text';

const renderer = new MarkdownRenderer(highlight);

function htmlOf(text: string): string {
  const element = document.createElement('div');
  element.append(renderer.render(text));
  return element.innerHTML.replaceAll('\n', '');
}

function textOf(text: string): string {
  return renderer.render(text).textContent.trim();
}

/** Every element that a message may become, and for each the attributes that it may have. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  a: ['href', 'rel', 'target'],
  blockquote: [],
  br: [],
  code: [],
  del: [],
  em: [],
  li: [],
  ol: ['start'],
  p: [],
  pre: [],
  span: ['class'],
  strong: [],
  table: [],
  tbody: [],
  td: ['align'],
  th: ['align'],
  thead: [],
  tr: [],
  ul: [],
};

/** What in a fragment could do anything. */
function harmIn(fragment: DocumentFragment): string[] {
  return [...fragment.querySelectorAll('*')].flatMap((element) => {
    const allowed = HARMLESS[element.localName];
    if (!allowed || element.namespaceURI !== 'http://www.w3.org/1999/xhtml') return [element.outerHTML];
    const strange = element.getAttributeNames().filter((name) => !allowed.includes(name));
    const href = element.getAttribute('href');
    const leads = href === null || /^(https?|mailto|tel):/i.test(href);
    const strangeClass = [...element.classList].some((name) => !name.startsWith('hljs-'));
    return strange.length > 0 || !leads || strangeClass ? [element.outerHTML] : [];
  });
}

describe('MarkdownRenderer', () => {
  it.each([
    ['bold', '**a** __b__', '<p><strong>a</strong> <strong>b</strong></p>'],
    ['italic', '*a* _b_', '<p><em>a</em> <em>b</em></p>'],
    ['strike', '~~a~~', '<p><del>a</del></p>'],
    ['code', '`a<b`', '<p><code>a&lt;b</code></p>'],
    ['a line break', 'one\ntwo', '<p>one<br>two</p>'],
    ['a list', '- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
    ['a numbered list', '3. a\n4. b', '<ol start="3"><li>a</li><li>b</li></ol>'],
    ['boxes', '- [x] a\n- [ ] b', '<ul><li>☑ a</li><li>☐ b</li></ul>'],
    ['a quote', '> a', '<blockquote><p>a</p></blockquote>'],
    ['a heading, no larger than text', '# a', '<p><strong>a</strong></p>'],
    [
      'a table',
      '| a | b |\n|---|--:|\n| *c* | <b> |',
      '<table><thead><tr><th>a</th><th align="right">b</th></tr></thead>' +
        '<tbody><tr><td><em>c</em></td><td align="right">&lt;b&gt;</td></tr></tbody></table>',
    ],
    ['code without a language', '```\na *b*\n```', '<pre><code>a *b*</code></pre>'],
    ['code of an unknown language', '```klingon\n<a>\n```', '<pre><code>&lt;a&gt;</code></pre>'],
  ])('knows %s', (_what, text, html) => {
    expect(htmlOf(text)).toBe(html);
  });

  it('makes no table that has more cells than its text has characters, as one whose short rows are filled up', () => {
    const text = `${'|'.repeat(101)}\n|${'-|'.repeat(100)}\n${'a\n'.repeat(200)}`;
    expect(renderer.render(text).querySelectorAll('td').length).toBeLessThan(text.length);
    expect(textOf(text)).toContain('||||');
    expect(renderer.render('| a | b | c |\n|---|---|---|\n| d |\n|||').querySelectorAll('td')).toHaveLength(6);
  });

  it('colours code in a language that it knows', () => {
    expect(htmlOf('```ts\nconst a = "<b>";\n```')).toBe(
      '<pre><code><span class="hljs-keyword">const</span> a = <span class="hljs-string">"&lt;b&gt;"</span>;</code></pre>',
    );
  });

  it.each([
    'javascript',
    'JS',
    'typescript',
    'python',
    'bash',
    'json',
    'html',
    'css',
    'sql',
    'java',
    'go',
    'rust',
    'yaml',
  ])('knows the language %s', (language) => {
    expect(highlight('x = "1"', language.toLowerCase())).not.toBeNull();
  });

  it.each([
    ['[a](https://example.com/?b=1&c=2)', 'https://example.com/?b=1&c=2'],
    ['see https://example.com/x.', 'https://example.com/x'],
    ['www.example.com', 'http://www.example.com'],
    ['<https://example.com/>', 'https://example.com/'],
    ['an@example.com', 'mailto:an@example.com'],
  ])('makes a link of %s that opens apart and tells nothing', (text, href) => {
    const [link] = renderer.render(text).querySelectorAll('a');
    expect(link?.getAttribute('href')).toBe(href);
    expect(link?.target).toBe('_blank');
    expect(link?.rel).toBe('noopener noreferrer nofollow');
  });

  it.each([
    '<b>a</b>',
    '&lt;b&gt;',
    'a & b &amp; c',
    '---',
    '    indented',
    'a | b\nc | d',
    '[a]: https://example.com',
    'a <3 b',
    '![a](https://example.com/a.png)',
    '-',
    '>',
    '```',
    '**',
  ])('leaves %s as it was typed', (text) => {
    expect(textOf(text).replaceAll('\n', '')).toBe(text.trim().replaceAll('\n', ''));
    expect(renderer.render(text).querySelector('hr, img, table, pre, b')).toBeNull();
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)>',
    '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<a href="javascript:alert(1)">x</a>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](java\tscript:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '[x](&#x6A;avascript&colon;alert(1))',
    '[x](\u0001javascript:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](vbscript:msgbox(1))',
    '[x](blob:https://example.com/1)',
    '[x](//example.com/%0ajavascript:alert(1))',
    '[x](https://example.com"onmouseover="alert(1))',
    '[x](https://example.com "t" onmouseover="alert(1)")',
    '![x](x"onerror="alert(1))',
    '![<img src=x onerror=alert(1)>](x)',
    '<javascript:alert(1)>',
    '```<img src=x onerror=alert(1)>\nx\n```',
    '```html\n<img src=x onerror=alert(1)>\n```',
    '```ts"><img src=x onerror=alert(1)>\nx\n```',
    '`<img src=x onerror=alert(1)>`',
    '<p style="position:fixed;inset:0">cover</p>',
    '<form action=//example.com><input name=password><button>go</button></form>',
    '<a id=parley name=cookie>clobber</a>',
    '<style>*{display:none}</style>',
    '<base href=//example.com>',
    '<meta http-equiv=refresh content="0;url=//example.com">',
    '<template><script>alert(1)</script></template>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<details open ontoggle=alert(1)>',
    '<span class="unseen">x</span>',
    '<![CDATA[<script>alert(1)</script>]]>',
    '<!--><script>alert(1)</script>-->',
    '# <img src=x onerror=alert(1)>',
    '> <img src=x onerror=alert(1)>',
    '- <img src=x onerror=alert(1)>',
    'https://example.com/"onmouseover="alert(1)',
    'https://example.com/<img/src=x/onerror=alert(1)>',
  ])('disarms %s', (text) => {
    expect(harmIn(renderer.render(text))).toEqual([]);
  });

  it('disarms whatever is put together of dangerous parts', () => {
    const part = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '`',
      '```',
      '\n',
      '[',
      ']',
      '(',
      ')',
      '!',
      '*',
      '_',
      '&',
      '#',
      '|',
      '\\',
      ' ',
      '> ',
      '- ',
      '1. ',
      'script',
      'img src=x onerror=alert(1)',
      'svg/onload=alert(1)',
      'a href=',
      'javascript:',
      'https://x.y/',
      'style',
      '</',
      'math',
      'table',
      '<!--',
      '-->',
      '&#x6A;',
      'on',
      '=',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        expect(harmIn(renderer.render(parts.join('')))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('loses no letter of a text that has no marks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        if (mayBeMarkdown(text)) return;
        const collapsed = (some: string): string => some.replace(/\s+/g, '');
        expect(collapsed(textOf(text))).toBe(collapsed(text));
      }),
    );
  });

  it.each([
    ['quotes in quotes', '>'.repeat(8_000)],
    ['lists in lists', '- '.repeat(4_000)],
    ['numbers in numbers', '1. '.repeat(2_600)],
    ['brackets', '['.repeat(8_000)],
    ['emphasis', '*a '.repeat(2_600)],
    ['backticks', '`'.repeat(8_000)],
    ['underscores', '_a_'.repeat(2_600)],
    ['links in links', '[a]('.repeat(2_000)],
    ['strokes', '~~a'.repeat(2_600)],
    ['addresses', 'a@b.'.repeat(2_000)],
  ])('takes its time with no text: 8,000 characters of %s', (_what, text) => {
    const begun = performance.now();
    expect(renderer.render(text).textContent).not.toBe('');
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
