import type { Room } from '@parley/contract';
import type { Person } from '../support/people';
import { EVERY_DEVICE } from './support/look';
import { useSite } from './support/site';
import type { Visitor } from './support/visitor';

/** The list of rooms, and what is done with a room. */
describe('The rooms', () => {
  const site = useSite();
  const row = ({ page }: Visitor, name: string | RegExp) => page.getByRole('navigation').getByRole('link', { name });
  const titles = ({ page }: Visitor) => page.getByRole('navigation').locator('.title').allTextContents();
  const composer = ({ page }: Visitor) => page.getByRole('textbox', { name: 'Write a message' });
  const header = ({ page }: Visitor, name: string) => page.getByRole('heading', { level: 1, name });
  const details = ({ page }: Visitor) => page.getByRole('complementary', { name: 'Details' });

  async function group(owner: Person, name: string, ...others: Person[]): Promise<Room> {
    return owner.rest.createGroup({ name, users: others.map(({ id }) => id) });
  }

  async function detailsOf(visitor: Visitor, { id }: Room): Promise<void> {
    await visitor.goesTo(`/chat/${id}`);
    await visitor.page.getByRole('button', { name: 'Show details' }).click();
    await visitor.sees(details(visitor));
  }

  it('S16 stand in the order of their last entry, with previews and counts, and follow what comes in', async () => {
    const binh = await site.person('Bình Trần');
    const an = await site.member('An');
    const rooms = await Promise.all(['Tea', 'Books', 'Trip'].map((name) => group(an.person, name, binh)));
    for (const room of rooms) await binh.says(room, `in ${room.name}`);
    await an.goesTo('/chat');
    await an.sees(row(an, /Trip.*Bình: in Trip.*1 unread message/s));
    expect(await titles(an)).toEqual(['Trip', 'Books', 'Tea']);
    await binh.says(rooms[0]!, 'more');
    await an.sees(row(an, /Tea.*Bình: more.*2 unread messages/s));
    expect(await titles(an)).toEqual(['Tea', 'Trip', 'Books']);
    await an.page.waitForFunction(() => document.title.startsWith('(4)'));
    await row(an, /Tea/).click();
    await an.sees(an.page.locator('[aria-current=page]', { hasText: 'Tea' }));
    await an.page.waitForFunction(() => document.title === '(2) Tea · Parley');
  });

  it.each(EVERY_DEVICE)('S16 are accessible on a %s, in both themes', async (device) => {
    const an = await site.member('An Nguyễn', { device });
    const others = await Promise.all(['Bình Trần', 'Nguyễn Thị Ánh Tuyết'].map((name) => site.person(name)));
    const long = 'Dự án Hà Nội – mặt tiền, thiết kế và thi công giai đoạn hai';
    const room = await group(an.person, long, ...others);
    await others[1]!.says(room, 'Ai mang bản vẽ tới công trường giúp mình?');
    await others[0]!.rest.openPrivateRoom({ user: an.person.id });
    await an.goesTo('/chat');
    await an.sees(row(an, /Ánh/).or(row(an, /Dự án/)));
    await an.looksAt('rooms');
    await detailsOf(an, room);
    await an.sees(details(an).getByText('Nguyễn Thị Ánh Tuyết'));
    await an.looksAt('details');
  });

  it('S16 tell somebody new what to do', async () => {
    const an = await site.member('Mai');
    await an.goesTo('/chat');
    await an.sees(
      an.page.getByText('Find somebody by name or phone number, see which rooms there are, or make a group.'),
    );
    await an.sees(an.page.getByRole('heading', { name: 'Welcome, Mai' }));
    await an.findsItAccessible();
    await an.takesPicture('new-account');
  });

  it('S16 take a thousand', async () => {
    const an = await site.member('An');
    const numbers = Array.from({ length: 300 }, (_, at) => at);
    for (const number of numbers) await an.person.rest.createRoom({ name: `Room ${number}` });
    await an.goesTo('/chat');
    await an.sees(row(an, /Room 299/));
    expect(await an.page.getByRole('navigation').getByRole('listitem').count()).toBeLessThan(40);
    await an.tabsTo(row(an, /Room 299/));
    await an.presses('End');
    await an.sees(row(an, /Room 0\b/));
    await an.page.waitForFunction(() => document.activeElement?.textContent?.includes('Room 0'));
  });

  it('S9 S16 show who comes in while one looks at the details', async () => {
    const [an, binh, chi] = await Promise.all([site.member('An'), site.person('Bình'), site.member('Chi Lê')]);
    const room = await group(an.person, 'Tea', binh);
    await chi.goesTo('/chat');
    await detailsOf(an, room);
    await details(an).getByRole('button', { name: 'Add people' }).click();
    const dialog = an.page.getByRole('dialog');
    await dialog.getByRole('combobox').fill('chi');
    await dialog.getByRole('option', { name: 'Chi Lê' }).click();
    await dialog.getByRole('button', { name: 'Add 1 person' }).click();
    await an.sees(details(an).getByText('Chi Lê'));
    await an.sees(details(an).getByText('3 members'));
    await chi.sees(row(chi, /Tea/));
  });

  it('S10 S16 are left after a word about what happens, and the heir is named', async () => {
    const [an, binh] = await Promise.all([site.member('An'), site.member('Bình')]);
    const room = await group(an.person, 'Tea', binh.person);
    await binh.goesTo(`/chat/${room.id}`);
    await detailsOf(an, room);
    await details(an).getByRole('button', { name: 'Leave' }).click();
    const question = an.page.getByRole('alertdialog');
    await an.sees(question.getByText('Bình, who has been here longest, becomes the owner.'));
    await an.findsItAccessible();
    await question.getByRole('button', { name: 'Leave' }).click();
    await an.isAt('/chat');
    await an.seesNoMore(row(an, /Tea/));
    await binh.sees(binh.page.getByRole('main').getByText('Group · 1 member'));
    expect((await binh.person.rest.room(room.id)).users.map(({ role }) => role)).toEqual(['owner']);
  });

  it('S11 S16 are deleted after a word about what is lost, also while others have them open', async () => {
    const [an, binh] = await Promise.all([site.member('An'), site.member('Bình')]);
    const room = await group(an.person, 'Tea', binh.person);
    await binh.person.says(room, 'still here?');
    await binh.goesTo(`/chat/${room.id}`);
    await binh.sees(composer(binh));
    await detailsOf(an, room);
    await details(an).getByRole('button', { name: 'Delete' }).click();
    await an.sees(
      an.page.getByText('Its whole history (1 entry) disappears for all 2 members. This cannot be undone.'),
    );
    await an.page.getByRole('button', { name: 'Cancel' }).click();
    await details(an).getByRole('button', { name: 'Delete' }).click();
    await an.page.getByRole('button', { name: 'Delete for everybody' }).click();
    await an.isAt('/chat');
    await binh.sees(binh.page.getByText('An has deleted this room.'));
    await binh.seesNoMore(composer(binh));
    await binh.findsItAccessible();
    await binh.takesPicture('deleted');
    await binh.page.getByRole('main').getByRole('link', { name: 'Back to the chats' }).click();
    await binh.isAt('/chat');
    await binh.seesNoMore(row(binh, /Tea/));
  });

  it('S10 S16 can be joined again by a former member who still looks at them', async () => {
    const [owner, an] = await Promise.all([site.person('Chi'), site.member('An')]);
    const room = await owner.rest.createRoom({ name: 'Market', users: [an.person.id] });
    await an.goesTo(`/chat/${room.id}`);
    await an.sees(composer(an));
    await an.person.rest.leaveRoom(room.id);
    await an.sees(an.page.getByText('You are not in this room any more.'));
    await an.page.getByRole('button', { name: 'Join again' }).click();
    await an.sees(composer(an));
  });

  it('S16 show their details to whoever taps their name', async () => {
    const an = await site.member('An', { device: 'phone' });
    const room = await group(an.person, 'Tea', await site.person('Bình'));
    await an.goesTo(`/chat/${room.id}`);
    const { x, y } = (await header(an, 'Tea').boundingBox())!;
    await an.page.touchscreen.tap(x + 5, y + 5);
    await an.sees(details(an));
    await an.page.getByRole('button', { name: 'Close details' }).tap();
    await an.page.getByRole('button', { name: 'Back', exact: true }).tap();
    await an.isAt('/chat');
  });

  it('S16 leave a phone one side at a time, with a way back', async () => {
    const [binh, an] = await Promise.all([site.person('Bình'), site.member('An', { device: 'phone' })]);
    const room = await group(an.person, 'Tea', binh);
    await an.goesTo('/chat');
    await row(an, /Tea/).click();
    await an.isAt(`/chat/${room.id}`);
    await an.sees(header(an, 'Tea'));
    await an.seesNoMore(an.page.getByRole('navigation'));
    await an.page.getByRole('button', { name: 'Back' }).click();
    await an.isAt('/chat');
    await an.sees(row(an, /Tea/));
    await row(an, /Tea/).click();
    await an.sees(header(an, 'Tea'));
    await an.page.goBack();
    await an.isAt('/chat');
    await an.sees(row(an, /Tea/));
    await an.goesTo(`/chat/${room.id}`);
    await an.page.getByRole('button', { name: 'Back' }).click();
    await an.sees(row(an, /Tea/));
  });
});
