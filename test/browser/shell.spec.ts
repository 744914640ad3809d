import { EVERY_DEVICE } from './support/look';
import { useSite } from './support/site';

describe('The web client', () => {
  const site = useSite();

  it('S16 is what the server answers at /, under a policy that lets nothing else run', async () => {
    const visitor = await site.visitor();
    const response = await visitor.goesTo('/');
    expect(response.status()).toBe(200);
    expect(await response.allHeaders()).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': expect.stringContaining("script-src 'self';"),
      'permissions-policy': expect.stringContaining('camera=()'),
      'referrer-policy': 'no-referrer',
    });
    await visitor.sees(visitor.page.getByRole('heading', { level: 1 }));
  });

  it('S16 loads each file packed, and those with a hash in their name once and for all', async () => {
    const visitor = await site.visitor();
    const files: { name: string; cacheControl: string | undefined; encoding: string | undefined }[] = [];
    visitor.page.on('response', (response) => {
      const { 'cache-control': cacheControl, 'content-encoding': encoding } = response.headers();
      files.push({ name: new URL(response.url()).pathname, cacheControl, encoding });
    });
    await visitor.goesTo('/');
    await visitor.sees(visitor.page.getByRole('heading', { level: 1 }));
    const hashed = files.filter(({ name }) => /-[\w-]{8}\.(js|css)$/.test(name));
    expect(hashed.length).toBeGreaterThan(1);
    for (const file of hashed) {
      expect(file).toMatchObject({ cacheControl: 'public, max-age=31536000, immutable', encoding: 'br' });
    }
  });

  it('S16 says with a chat what it will load, and loads each of that once', async () => {
    const an = await site.member('An');
    const room = await an.person.rest.createRoom({ name: 'Tea house' });
    const loaded: string[] = [];
    an.page.on('requestfinished', (request) => loaded.push(new URL(request.url()).pathname));
    const { link = '' } = await (await an.goesTo(`/chat/${room.id}`)).allHeaders();
    await an.sees(an.page.getByRole('log'));
    const named = [...link.matchAll(/<([^>]+)>/g)].map(([, path]) => path);
    expect(named.length).toBeGreaterThan(3);
    expect(loaded.filter((path) => named.includes(path)).sort()).toEqual(named.sort());
  });

  it.each(EVERY_DEVICE)('S16 is accessible on a %s, in both themes', async (device) => {
    const visitor = await site.visitor({ device });
    await visitor.goesTo('/');
    await visitor.sees(visitor.page.getByRole('heading', { level: 1 }));
    await visitor.looksAt('welcome');
  });

  it('S16 shows a page of the client for an address that is none of its files', async () => {
    const visitor = await site.visitor();
    expect((await visitor.goesTo('/nowhere/at-all')).status()).toBe(200);
    await visitor.sees(visitor.page.getByRole('main'));
  });

  it('S16 has its styles without a style that is written into the page', async () => {
    const visitor = await site.visitor();
    await visitor.goesTo('/');
    await visitor.sees(visitor.page.getByRole('main'));
    const styles = await visitor.page.evaluate(() => ({
      written: [...document.querySelectorAll('style')].filter((style) => style.textContent !== '').length,
      adopted: document.adoptedStyleSheets.reduce((count, { cssRules }) => count + cssRules.length, 0),
    }));
    expect(styles).toEqual({ written: 0, adopted: expect.any(Number) });
    expect(styles.adopted).toBeGreaterThan(0);
  });
});
