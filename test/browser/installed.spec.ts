import type { Page } from 'playwright-core';
import { MortalServer } from '../faults/mortal-server';
import { Release } from './support/release';
import { useSite } from './support/site';
import type { Visitor } from './support/visitor';

/** Waits until the browser has the whole client, and a page is served from there. */
async function keepsClient({ page }: Visitor): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.waitForFunction(async () => {
    const names = (await caches.keys()).filter((name) => name.endsWith(':assets:client:cache'));
    const manifest: { assetGroups: { name: string; urls: string[] }[] } = await (await fetch('/ngsw.json')).json();
    const wanted = manifest.assetGroups.find(({ name }) => name === 'client')?.urls.length ?? 0;
    const kept = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length));
    return kept.some((count) => count >= wanted);
  });
}

const said = (page: Page, text: string) => page.getByRole('main').getByText(text);

describe('The installed client', () => {
  const release = new Release();
  const site = useSite(new MortalServer({ main: release.main }));
  afterAll(() => release.isGone());

  const serverIsRenewed = async ({ complaints }: Visitor): Promise<void> => {
    // What a page asks for at that moment gets no answer: its icon, say.
    complaints.expectNoConnection();
    await site.server.isKilled();
    release.isRenewed();
    await site.server.starts();
  };

  it('S16 can be installed: a name, colours, and icons of the sizes that it says', async () => {
    const { page } = await site.visitor();
    await page.goto('/');
    const manifest = await page.evaluate(async () => {
      const { href } = document.querySelector<HTMLLinkElement>('link[rel=manifest]')!;
      const found: { name: string; icons: { src: string; sizes: string; purpose: string }[] } = await (
        await fetch(href)
      ).json();
      const icons = found.icons.filter(({ src }) => src.endsWith('.png'));
      const drawn = icons.map(async ({ src, sizes, purpose }) => {
        const { width, height } = await createImageBitmap(await (await fetch(new URL(src, href))).blob());
        return { purpose, sizes, isSo: sizes === `${width}x${height}` };
      });
      return { name: found.name, icons: await Promise.all(drawn) };
    });
    expect(manifest).toEqual({
      name: 'Parley',
      icons: [
        { purpose: 'any', sizes: '192x192', isSo: true },
        { purpose: 'any', sizes: '512x512', isSo: true },
        { purpose: 'maskable', sizes: '512x512', isSo: true },
      ],
    });
  });

  it('S16 opens without a connection, with the rooms last seen and what was said in them', async () => {
    const binh = await site.person('Bình');
    const an = await site.member('An', { keepsClient: true });
    const room = await an.person.rest.openPrivateRoom({ user: binh.id });
    await binh.says(room, 'See you at the river');
    await an.goesTo(`/chat/${room.id}`);
    await an.sees(said(an.page, 'See you at the river'));
    await keepsClient(an);
    await an.goesTo('/');
    await an.sees(an.page.getByRole('link', { name: /Bình/ }));

    await an.goesOffline();
    await an.goesTo('/');
    await an.isAt('/chat');
    await an.page.getByRole('link', { name: /Bình/ }).click();
    await an.sees(said(an.page, 'See you at the river'));
    await an.takesPicture('offline');
    await an.goesTo('/settings');
    await an.sees(an.page.getByRole('heading', { name: 'Settings' }));
  });

  it('S16 fetches the client for later when the chat is there, not before', async () => {
    const an = await site.member('An', { keepsClient: true });
    const room = await an.person.rest.createRoom({ name: 'Tea house' });
    await an.person.says(room, 'See you at the river');
    await an.page.addInitScript(() => {
      const { register } = ServiceWorkerContainer.prototype;
      ServiceWorkerContainer.prototype.register = function (...asked) {
        document.documentElement.dataset.seen = document.querySelector('[role=log] ol')?.textContent ?? '';
        return register.apply(this, asked);
      };
    });
    await an.goesTo(`/chat/${room.id}`);
    await an.page.waitForFunction(() => document.documentElement.dataset.seen !== undefined);
    expect(await an.page.evaluate(() => document.documentElement.dataset.seen)).toContain('See you at the river');
  });

  it('S16 tells of a new version, and has it after a reload', async () => {
    const an = await site.member('An', { keepsClient: true });
    await an.goesTo('/chat');
    await keepsClient(an);
    const before = await scripts(an.page);
    await serverIsRenewed(an);
    await an.sees(an.page.getByText('A new version is there.'));
    expect(await scripts(an.page)).toEqual(before);
    await Promise.all([an.page.waitForEvent('load'), an.page.getByRole('button', { name: 'Reload' }).click()]);
    await an.sees(an.page.getByRole('heading', { level: 1 }));
    expect(await scripts(an.page)).not.toEqual(before);
  });

  it('S16 goes on to a page whose script an update has taken away', async () => {
    const visitor = await site.visitor();
    visitor.complaints.expect(/404/);
    await visitor.goesTo('/');
    await visitor.sees(visitor.page.getByRole('heading', { level: 1 }));
    const before = await scripts(visitor.page);
    await serverIsRenewed(visitor);
    await visitor.page.getByRole('link', { name: 'Sign in' }).click();
    await visitor.sees(visitor.page.getByRole('heading', { name: 'Sign in' }));
    await visitor.isAt('/sign-in');
    expect(await scripts(visitor.page)).not.toEqual(before);
  });

  it('S16 says so where a part cannot be loaded without a connection', async () => {
    const visitor = await site.visitor();
    await visitor.goesTo('/');
    await visitor.sees(visitor.page.getByRole('heading', { level: 1 }));
    await visitor.goesOffline();
    await visitor.page.getByRole('link', { name: 'Sign in' }).click();
    await visitor.sees(visitor.page.getByText('The server cannot be reached.'));
    await visitor.isAt('/');
  });
});

function scripts(page: Page): Promise<string[]> {
  return page.evaluate(() => Array.from(document.scripts, ({ src }) => src));
}
