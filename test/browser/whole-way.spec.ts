import type { Locator, Page } from 'playwright-core';
import { en } from '../../apps/web/src/app/shared/words/en';
import { vi } from '../../apps/web/src/app/shared/words/vi';
import { freshPhone, PASSWORD } from '../support/people';
import { useSite } from './support/site';
import type { Visitor } from './support/visitor';

const composer = (page: Page): Locator => page.getByRole('textbox', { name: /Write a message|Nhập tin nhắn/ });

/** What is written in the page, also where only a screen reader finds it. */
function textOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const all = [...document.body.querySelectorAll('*')];
    const attributes = ['aria-label', 'title', 'placeholder'];
    const named = all.flatMap((element) => attributes.flatMap((name) => element.getAttribute(name) ?? []));
    const texts = all.flatMap(({ childNodes }) =>
      [...childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE),
    );
    return [...named, ...texts.map(({ textContent }) => textContent ?? ''), document.title].map((text) => text.trim());
  });
}

/** Every text of a catalogue that takes no arguments. */
function phrases(words: object): string[] {
  return Object.values(words).flatMap((value: unknown) => {
    if (typeof value === 'string') return [value];
    return typeof value === 'object' && value !== null ? phrases(value) : [];
  });
}

/** English that Vietnamese does not say in the same words. */
function englishOnly(): Set<string> {
  const vietnamese = new Set(phrases(vi));
  return new Set(phrases(en).filter((phrase) => !vietnamese.has(phrase)));
}

describe('The whole way', () => {
  const site = useSite();

  it('S18 a session outlives a reload, and ends in every tab with sign-out', async () => {
    const an = await site.member('An');
    await an.goesTo('/chat');
    const other = await an.opensTab('/chat');
    await an.page.reload();
    await an.isAt('/chat');
    await an.page.getByRole('button', { name: 'Your account' }).click();
    await an.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await an.isAt('/');
    await other.waitForURL(({ pathname }) => pathname === '/');
    expect(await an.page.evaluate(() => localStorage.getItem('parley.session'))).not.toContain('token');
    await an.goesTo('/chat');
    await an.isAt('/');
  });

  it('S4 a number without a country code is of the server’s country, whatever the browser speaks', async () => {
    const visitor = await site.visitor();
    await visitor.goesTo('/sign-up');
    await visitor.page.getByRole('textbox', { name: 'Name' }).fill('An');
    await visitor.page.getByRole('textbox', { name: 'Phone number' }).fill('0912 345 567');
    await visitor.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await visitor.presses('Enter');
    await visitor.isAt('/chat');
    await visitor.goesTo('/settings');
    await visitor.sees(visitor.page.getByText('+84 912 345 567'));
  });

  it('S18 who is signed out from elsewhere comes to sign-in with the reason, and goes on where they were', async () => {
    const an = await site.member('An');
    await an.goesTo('/sessions');
    await an.sees(an.page.getByText('This device'));
    await an.losesSession();
    await an.isAt('/sign-in');
    await an.sees(an.page.getByText(en.session.ended.revoked));
    await an.page.getByRole('textbox', { name: 'Phone number' }).fill(an.person.phone);
    await an.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await an.presses('Enter');
    await an.isAt('/sessions');
  });

  it('S6 S18 a change of the password signs out everywhere else, and nowhere here', async () => {
    const an = await site.member('An');
    const elsewhere = await an.person.onAnotherDevice();
    await elsewhere.connects();
    await an.goesTo('/settings');
    await an.page.getByLabel('Current password', { exact: true }).fill('not the password');
    await an.page.getByLabel('New password', { exact: true }).fill('battery staple');
    an.complaints.expect(/403/);
    await an.presses('Enter');
    await an.sees(an.page.getByText('That is not your password.'));
    await an.page.getByLabel('Current password', { exact: true }).fill(PASSWORD);
    await an.page.getByRole('button', { name: 'Change password' }).click();
    await an.sees(an.page.getByText('Your password is changed.'));
    await an.findsItAccessible();
    expect(await elsewhere.isClosed()).toBe('signedOut');
    await an.goesTo('/sessions');
    await an.sees(an.page.getByText(en.session.sessions.onlyThis));
  });

  it('S18 by keyboard only, from sign-up to a message that is sent', async () => {
    const binh = await site.person('Bình Trần');
    await binh.connects();
    const visitor = await site.visitor();
    const { page } = visitor;
    await visitor.goesTo('/');
    await visitor.tabsTo(page.getByRole('link', { name: 'Create an account' }));
    await visitor.presses('Enter');
    await visitor.isAt('/sign-up');
    for (const [name, text] of [
      ['Name', 'Chi'],
      ['Phone number', freshPhone()],
      ['Password', PASSWORD],
    ] as const) {
      await visitor.tabsTo(page.getByRole('textbox', { name, exact: true }));
      await page.keyboard.type(text);
    }
    await visitor.presses('Enter');
    await visitor.isAt('/chat');
    await visitor.tabsTo(page.getByRole('combobox', { name: 'Search people and rooms' }));
    await page.keyboard.type(binh.phone);
    await visitor.sees(page.getByRole('option', { name: /Bình/ }));
    await visitor.presses('Enter');
    await composer(page).waitFor();
    await page.waitForFunction(() => document.activeElement?.localName === 'textarea');
    await page.keyboard.type('Hello from the keyboard');
    await visitor.presses('Enter');
    await binh.hears('messagePosted', ({ text }) => text === 'Hello from the keyboard');
  });

  it('S16 speaks Vietnamese all the way, and no English is left', async () => {
    const english = englishOnly();
    const seen: string[] = [];
    const visitor = await site.visitor({ language: 'vi', device: 'phone', theme: 'dark' });
    const { page } = visitor;
    const looks = async (view: string, what: Locator): Promise<void> => {
      await visitor.sees(what);
      const left = (await textOf(page)).filter((text) => english.has(text));
      seen.push(...left.map((text) => `${view}: ${text}`));
      await visitor.takesPicture(`way-${view}`);
    };
    await visitor.goesTo('/');
    await looks('welcome', page.getByRole('heading', { level: 1, name: vi.session.welcome.title }));
    await page.getByRole('link', { name: vi.session.welcome.signUp }).click();
    await page.getByRole('button', { name: vi.session.signUp.submit }).click();
    await looks('sign-up', page.getByText(vi.session.problems.nameMissing));
    await page.getByRole('textbox', { name: vi.session.fields.name }).fill('Chi');
    await page.getByRole('textbox', { name: vi.session.fields.phone }).fill(freshPhone());
    await page.getByLabel(vi.session.fields.password, { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: vi.session.signUp.submit }).click();
    await looks('empty', page.getByRole('heading', { name: vi.rooms.emptyTitle }));
    await page.getByRole('button', { name: vi.rooms.create }).click();
    await page.getByRole('menuitem', { name: vi.rooms.newRoom }).click();
    await looks('new-room', page.getByRole('dialog'));
    await page.getByRole('textbox', { name: vi.rooms.room.name }).fill('Phòng trà');
    await page.getByRole('button', { name: vi.rooms.room.submit }).click();
    await composer(page).fill('Xin chào');
    await page.getByRole('button', { name: vi.conversation.send }).click();
    await looks('conversation', page.getByRole('log').getByText('Xin chào'));
    await page.getByRole('button', { name: vi.rooms.about.open }).click();
    await looks('details', page.getByRole('button', { name: vi.rooms.remove.action }));
    await visitor.goesTo('/settings');
    await looks('settings', page.getByRole('heading', { name: vi.session.settings.title }));
    await visitor.goesTo('/sessions');
    await looks('sessions', page.getByText(vi.session.sessions.current).first());
    expect(seen).toEqual([]);
  });

  it('S16 loses nothing at 320 pixels, which is 1280 at 400 %', async () => {
    const an = await site.member('An', { device: 'desktop' });
    const room = await an.person.rest.createRoom({ name: 'A room with a name that does not fit on one line' });
    await an.person.says(room, `A long word: ${'abcdefghij'.repeat(12)}`);
    await an.page.setViewportSize({ width: 320, height: 640 });
    for (const path of ['/chat', `/chat/${room.id}`, `/chat/${room.id}?details`, '/settings', '/sessions']) {
      await an.goesTo(path);
      await an.sees(an.page.getByRole('heading', { level: 1 }));
      expect([path, await overflow(an)]).toEqual([path, 0]);
    }
    const stranger = await site.visitor();
    await stranger.page.setViewportSize({ width: 320, height: 640 });
    for (const path of ['/', '/sign-up', '/sign-in', '/nowhere']) {
      await stranger.goesTo(path);
      await stranger.sees(stranger.page.getByRole('heading', { level: 1 }));
      expect([path, await overflow(stranger)]).toEqual([path, 0]);
    }
  });

  it('S16 keeps still where less motion is asked for', async () => {
    const an = await site.member('An', { reducedMotion: true });
    await an.goesTo('/chat');
    await an.page.getByRole('button', { name: 'New chat, group or room' }).click();
    await an.sees(an.page.getByRole('menu'));
    const longest = await an.page.evaluate(() =>
      Math.max(0, ...document.getAnimations().map(({ effect }) => Number(effect?.getComputedTiming().endTime ?? 0))),
    );
    expect(longest).toBeLessThanOrEqual(1);
  });

  it('S16 can be used in forced colours: what is chosen, and what has the focus, is seen', async () => {
    const an = await site.member('An');
    const room = await an.person.rest.createRoom({ name: 'Tea' });
    await an.page.emulateMedia({ forcedColors: 'active' });
    await an.goesTo(`/chat/${room.id}`);
    await composer(an.page).waitFor();
    await an.takesPicture('forced-colours');
    const chosen = an.page.locator('[aria-current=page]');
    expect(await chosen.evaluate((link) => getComputedStyle(link).outlineStyle)).not.toBe('none');
    await an.findsItAccessible();
  });
});

/** By how many pixels the page is wider than its window. */
function overflow({ page }: Visitor): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
