import type { Locator } from 'playwright-core';
import { soon } from '../support/deadline';
import { PASSWORD } from '../support/people';
import { useSite } from './support/site';
import type { Visitor } from './support/visitor';

/** Everything without a mouse. */
describe('The keyboard', () => {
  const site = useSite();
  const search = ({ page }: Visitor) => page.getByRole('combobox', { name: 'Search people and rooms' });
  const composer = ({ page }: Visitor) => page.getByRole('textbox', { name: 'Write a message' });

  async function focusIsOn(visitor: Visitor, what: Locator): Promise<void> {
    await visitor.sees(what);
    // Of a page that was left a moment ago there may be another one of the kind, that goes.
    await soon(async () => expect(await what.evaluate((element) => element === document.activeElement)).toBe(true));
  }

  async function at(visitor: Visitor, path = '/chat'): Promise<Visitor> {
    await visitor.goesTo(path);
    await visitor.sees(search(visitor));
    return visitor;
  }

  it('S16 is enough from sign-in to a message that is sent', async () => {
    const [an, binh] = await Promise.all([site.person('An'), site.person('Bình Trần')]);
    await binh.connects();
    const visitor = await site.visitor();
    const { page } = visitor;
    await visitor.goesTo('/sign-in');
    await visitor.tabsTo(page.getByRole('textbox', { name: 'Phone number' }));
    await page.keyboard.type(an.phone);
    await visitor.tabsTo(page.getByRole('textbox', { name: 'Password' }));
    await page.keyboard.type(PASSWORD);
    await visitor.presses('Enter');
    await visitor.isAt('/chat');
    await visitor.sees(search(visitor));
    await visitor.presses('/');
    await page.keyboard.type('binh');
    await visitor.sees(page.getByRole('option', { name: 'Bình Trần' }));
    await visitor.presses('Enter');
    await focusIsOn(visitor, composer(visitor));
    await page.keyboard.type('Chào Bình');
    await visitor.presses('Enter');
    await binh.hears('messagePosted', ({ text }) => text === 'Chào Bình');
  });

  it('S16 goes from room to room, to the search, back to the list, and never writes by it', async () => {
    const an = await site.member('An');
    const rooms = await Promise.all(['Tea', 'Books'].map((name) => an.person.rest.createRoom({ name })));
    for (const room of rooms) await an.person.says(room, 'hello');
    const [tea, books] = rooms;
    await at(an);
    await an.sees(an.page.getByRole('link', { name: /Books/ }));
    await an.presses('Alt+ArrowDown');
    await an.isAt(`/chat/${books!.id}`);
    await focusIsOn(an, composer(an));
    await an.presses('Alt+ArrowDown');
    await an.isAt(`/chat/${tea!.id}`);
    await an.presses('Alt+ArrowUp');
    await an.isAt(`/chat/${books!.id}`);
    await focusIsOn(an, composer(an));
    await an.presses('n', '/', '?');
    expect(await composer(an).inputValue()).toBe('n/?');
    expect(await an.page.getByRole('dialog').count()).toBe(0);
    await an.presses('Control+k');
    await focusIsOn(an, search(an));
    await an.presses('Escape');
    await an.isAt('/chat');
  });

  it('S16 shows its shortcuts under ?, and can do without those of one letter', async () => {
    const an = await at(await site.member('An'));
    await an.presses('?');
    const list = an.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await an.sees(list);
    await an.findsItAccessible();
    await an.takesPicture('shortcuts');
    await list.getByRole('checkbox', { name: /Single-key shortcuts/ }).uncheck();
    await an.presses('Escape');
    await an.seesNoMore(list);
    await an.presses('?', 'n', '/');
    expect(await an.page.getByRole('dialog').count()).toBe(0);
    expect(await an.focused()).not.toContain('input');
    await an.presses('Control+k');
    await focusIsOn(an, search(an));
  });

  it('S16 goes past the contacts in one step, and through the rooms by arrows', async () => {
    const an = await site.member('An');
    for (const name of ['Coffee', 'Music']) await an.person.says(await an.person.rest.createRoom({ name }), 'hello');
    await at(an);
    for (const name of [/Music/, /Coffee/]) await an.sees(an.page.getByRole('link', { name }));
    await an.tabsTo(an.page.getByRole('button', { name: 'Skip to content' }));
    await an.presses('Enter');
    await focusIsOn(an, an.page.getByRole('main'));
    await an.tabsTo(an.page.getByRole('link', { name: /Music/ }), 'Shift+Tab');
    await an.presses('ArrowDown', 'Enter');
    await an.sees(an.page.getByRole('heading', { level: 1, name: 'Coffee' }));
    await focusIsOn(an, composer(an));
  });

  it('S16 opens and closes the details, and comes back to where it was', async () => {
    const an = await site.member('An');
    const room = await an.person.rest.createRoom({ name: 'Garden' });
    await at(an, `/chat/${room.id}`);
    await an.tabsTo(an.page.getByRole('button', { name: 'Show details' }), 'Shift+Tab');
    await an.presses('Enter');
    const details = an.page.getByRole('complementary', { name: 'Details' });
    await focusIsOn(an, details.getByRole('button', { name: 'Close details' }));
    await an.presses('Escape');
    await an.seesNoMore(details);
    await an.isAt(`/chat/${room.id}`);
    await an.presses('Escape');
    await an.isAt('/chat');
    await focusIsOn(an, an.page.getByRole('link', { name: /Garden/ }));
  });
});
