import { hears, log, says, twoPeopleReady } from './support/chatting';
import { useSite } from './support/site';

/** Texts that try to run a script, to load something or to take the page over. */
const ATTACKS = [
  '<script>document.title = "taken"</script>',
  '<img src=x onerror="document.title=\'taken\'">',
  '<svg onload="document.title=\'taken\'">',
  '<iframe srcdoc="<script>parent.document.title=1</script>"></iframe>',
  '[x](javascript:document.title="taken")',
  '[x](JAVASCRIPT&colon;document.title="taken")',
  '[x](data:text/html,<script>opener.document.title=1</script>)',
  '![x](https://example.com/spy.png)',
  '<a href="javascript:document.title=1">x</a>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=document.title=1&gt;">',
  '```html\n<img src=x onerror="document.title=1">\n```',
  '```"><img src=x onerror="document.title=1">\nx\n```',
  '<style>body { display: none }</style>',
  '<base href="https://example.com/">',
  '<form action="https://example.com/"><button>x</button></form>',
  '<p style="position:fixed;inset:0;background:red">x</p>',
];

describe('What is said', () => {
  const site = useSite();

  it('S14 does nothing but be read, whatever it is', async () => {
    const { an, binh, room } = await twoPeopleReady(site);
    const asked: string[] = [];
    an.page.on('request', (request) => asked.push(request.url()));
    for (const attack of ATTACKS) await binh.person.says(room, attack);
    await says(an.page, '**the last**');
    await an.sees(log(an.page).locator('strong', { hasText: 'the last' }));
    const links = await log(an.page).getByRole('link').all();
    for (const link of links) await link.click({ trial: true });
    const harm = await log(an.page).evaluate((element) => ({
      elements: [
        ...element.querySelectorAll('script, img, svg:not(parley-icon svg), iframe, style, form, base, object'),
      ].length,
      handlers: [...element.querySelectorAll('parley-rich-text *')].filter((one) =>
        one.getAttributeNames().some((name) => /^on|style|^src/.test(name)),
      ).length,
      hrefs: [...element.querySelectorAll('a')]
        .map(({ protocol }) => protocol)
        .filter((protocol) => protocol !== 'https:' && protocol !== ':'),
    }));
    expect(harm).toEqual({ elements: 0, handlers: 0, hrefs: [] });
    expect(await an.page.title()).not.toContain('taken');
    expect(asked.filter((url) => !url.startsWith(new URL(an.page.url()).origin))).toEqual([]);
  });

  it('S14 is Markdown in Chromium too: bold, code with colours, lists, quotes, links that open apart', async () => {
    const { an, binh, room } = await twoPeopleReady(site);
    await binh.person.says(room, '**bold** *italic* ~~gone~~ `code`\n\n- a\n- b\n\n> said\n\nhttps://example.com/tea');
    await binh.person.says(room, '```js\nconst answer = 42;\n```');
    await an.sees(log(an.page).locator('strong', { hasText: 'bold' }));
    for (const name of ['em', 'del', 'code', 'ul li', 'blockquote']) await an.sees(log(an.page).locator(name));
    const link = log(an.page).getByRole('link', { name: 'https://example.com/tea' });
    expect([await link.getAttribute('rel'), await link.getAttribute('target')]).toEqual([
      'noopener noreferrer nofollow',
      '_blank',
    ]);
    const keyword = log(an.page).getByText('const', { exact: true });
    await an.sees(keyword);
    const colour = (element: Element): string => getComputedStyle(element).color;
    expect(await keyword.evaluate(colour)).not.toBe(await log(an.page).locator('pre').evaluate(colour));
  });

  it('S16 shows plain text without loading a parser', async () => {
    const { an, binh, room } = await twoPeopleReady(site);
    const before = await an.page.evaluate(() => performance.getEntriesByType('resource').length);
    await binh.person.says(room, 'Chào An! 👋');
    await hears(an.page, 'Chào An! 👋');
    const after = await an.page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
    );
    expect(after.slice(before).filter((name) => name.endsWith('.js'))).toEqual([]);
  });
});
