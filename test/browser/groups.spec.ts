import { useSite } from './support/site';
import type { Visitor } from './support/visitor';

/** The dialogs that make chats, groups and rooms. */
describe('The dialogs', () => {
  const site = useSite();
  const dialog = ({ page }: Visitor) => page.getByRole('dialog');
  const button = (visitor: Visitor, name: string) => dialog(visitor).getByRole('button', { name, exact: true });
  const field = (visitor: Visitor, name: string) => dialog(visitor).getByLabel(name);
  const finder = (visitor: Visitor) => dialog(visitor).getByRole('combobox');
  const option = (visitor: Visitor, name: string) => dialog(visitor).getByRole('option', { name });

  async function begins(visitor: Visitor, what: string, create = 'New chat, group or room'): Promise<void> {
    await visitor.page.getByRole('button', { name: create }).click();
    await visitor.page.getByRole('menuitem', { name: what }).click();
    await visitor.sees(dialog(visitor));
    // What is typed before the first field has the focus would land in it.
    await visitor.page.waitForFunction(() => document.activeElement?.closest('mat-dialog-container') !== null);
  }

  async function chooses(visitor: Visitor, typed: string, name: string): Promise<void> {
    await finder(visitor).fill(typed);
    await option(visitor, name).click();
    await visitor.sees(dialog(visitor).getByRole('button', { name: `Remove ${name}` }));
  }

  it('S12 S17 make a group of those who were chosen and not removed', async () => {
    const [binh, chi, an] = await Promise.all([site.member('Bình'), site.person('Chi'), site.member('An')]);
    await Promise.all([an, binh].map((visitor) => visitor.goesTo('/chat')));
    await begins(an, 'New group');
    await an.presses('T', 'r', 'i', 'p');
    await chooses(an, 'Bình', 'Bình');
    await chooses(an, chi.phone, 'Chi');
    await an.findsItAccessible();
    await an.takesPicture('new-group');
    await button(an, 'Remove Chi').click();
    await button(an, 'Create group').click();
    await an.isAt(/^\/chat\/[0-9a-f]{24}$/);
    await an.seesNoMore(dialog(an));
    await an.sees(an.page.getByRole('heading', { level: 1, name: 'Trip' }));
    await an.sees(an.page.getByText('Group · 2 members'));
    await binh.sees(binh.page.getByRole('link', { name: /Trip/ }));
    expect((await chi.rest.myRooms()).items).toEqual([]);
  });

  it('S17 leave the focus where somebody puts it while they open', async () => {
    const an = await site.member('An');
    await an.goesTo('/chat');
    const goesToFinder = an.page.evaluate(async () => {
      const drawn = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const finder = () => document.querySelector<HTMLElement>('mat-dialog-container [role=combobox]');
      while (!finder()) await drawn();
      await drawn();
      await drawn();
      finder()?.focus();
    });
    await begins(an, 'New group');
    await goesToFinder;
    await an.comesToRest();
    expect(await an.focused()).toBe('input "Add by name or phone number"');
  });

  it('S17 say what a group lacks, and make nothing', async () => {
    const an = await site.member('An');
    await an.goesTo('/chat');
    await begins(an, 'New group');
    await button(an, 'Create group').click();
    await an.sees(dialog(an).getByText('Give it a name.'));
    await an.sees(dialog(an).getByText('Choose at least one person.'));
    await an.findsItAccessible();
    await an.presses('Escape');
    await an.seesNoMore(dialog(an));
    expect((await an.person.rest.myRooms()).items).toEqual([]);
  });

  it('S7 S16 open a private chat', async () => {
    await site.person('Dũng Hoàng');
    const an = await site.member('An');
    await an.goesTo('/chat');
    await begins(an, 'New chat');
    await finder(an).fill('dung');
    await an.sees(option(an, 'Dũng Hoàng'));
    await an.findsItAccessible();
    await an.presses('Enter');
    await an.sees(an.page.getByRole('heading', { level: 1, name: 'Dũng Hoàng' }));
    await an.seesNoMore(dialog(an));
  });

  it('S8 S16 make a room, and say at its name that it is taken', async () => {
    const [an, other] = await Promise.all([site.member('An'), site.person('Other')]);
    await other.rest.createRoom({ name: 'Garden' });
    await an.goesTo('/chat');
    await begins(an, 'New room');
    await field(an, 'Room name').fill('garden');
    an.complaints.expect(/409/);
    await button(an, 'Create room').click();
    await an.sees(dialog(an).getByText('There is a room with this name already.'));
    await an.findsItAccessible();
    await an.takesPicture('new-room');
    await field(an, 'Room name').fill('Back garden');
    await field(an, 'What is it about?').fill('Bees and beans');
    await dialog(an)
      .getByRole('radio', { name: /Only people who are added/ })
      .check();
    await field(an, 'Member limit').fill('12');
    await button(an, 'Create room').click();
    await an.sees(an.page.getByRole('heading', { level: 1, name: 'Back garden' }));
    const [room] = (await an.person.rest.myRooms()).items;
    expect(room?.metadata).toEqual({
      description: 'Bees and beans',
      settings: { is_private: true, max_participants: 12 },
    });
    expect((await other.rest.searchRooms('back')).items).toEqual([]);
  });

  it('S9 S13 S16 show somebody new which rooms there are, and let them in', async () => {
    const owner = await site.person('Owner');
    await owner.rest.createRoom({ name: 'Orchard', metadata: { description: 'Pears, plums and **patience**' } });
    await owner.rest.createRoom({ name: 'Cellar', metadata: { settings: { is_private: true } } });
    const an = await site.member('An');
    await an.goesTo('/chat');
    await an.page.getByRole('button', { name: 'Browse rooms' }).click();
    const row = (name: string) => dialog(an).getByRole('listitem').filter({ hasText: name });
    await an.sees(row('Orchard').getByText('1 member', { exact: true }));
    await an.findsItAccessible();
    expect(await row('Cellar').count()).toBe(0);
    await button(an, 'Join Orchard').click();
    await an.sees(an.page.getByRole('heading', { level: 1, name: 'Orchard' }));
    await an.seesNoMore(dialog(an));
    await begins(an, 'Browse rooms');
    await dialog(an).getByRole('searchbox').fill('orch');
    await button(an, 'Open Orchard').click();
    await an.seesNoMore(dialog(an));
  });

  it('S16 S17 fill a phone’s screen, in Vietnamese and in the dark', async () => {
    await site.person('Ánh Tuyết');
    const an = await site.member('An', { device: 'phone', theme: 'dark', language: 'vi' });
    await an.goesTo('/chat');
    await begins(an, 'Nhóm mới', 'Trò chuyện, nhóm hoặc phòng mới');
    await finder(an).fill('tuyet');
    await option(an, 'Ánh Tuyết').click();
    await an.sees(button(an, 'Bỏ Ánh Tuyết'));
    await an.findsItAccessible();
    await an.takesPicture('new-group');
    expect(await an.page.locator('mat-dialog-container').boundingBox()).toEqual({
      x: 0,
      y: 0,
      width: 390,
      height: 844,
    });
    await field(an, 'Tên nhóm').fill('Đi biển 🏖️');
    await button(an, 'Tạo nhóm').click();
    await an.sees(an.page.getByRole('heading', { level: 1, name: 'Đi biển 🏖️' }));
  });
});
