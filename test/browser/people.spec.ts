import type { Person } from '../support/people';
import { useSite } from './support/site';
import type { Visitor } from './support/visitor';

/** Finding people and rooms: the search of the contacts side. */
describe('The search', () => {
  const site = useSite();
  const search = ({ page }: Visitor) => page.getByRole('combobox', { name: 'Search people and rooms' });
  const result = ({ page }: Visitor, name: string) => page.getByRole('option', { name });

  async function atChat(name: string, look = {}): Promise<Visitor> {
    const visitor = await site.member(name, look);
    await visitor.goesTo('/chat');
    await visitor.sees(search(visitor));
    return visitor;
  }

  it('S13 S16 finds people by the beginning of any word, without accents, and marks it', async () => {
    await site.person('Nguyễn Thị Ánh');
    const an = await atChat('An Trần');
    await search(an).fill('anh');
    await an.sees(result(an, 'Nguyễn Thị Ánh'));
    expect(await an.page.locator('mark').allTextContents()).toEqual(['Ánh']);
    expect(await result(an, 'Nguyễn Thị Ánh').textContent()).toContain('+84 •••');
    await an.findsItAccessible();
    await an.takesPicture('search');
  });

  it('S7 S13 S16 opens the private chat with whoever is found by their whole number', async () => {
    const binh = await site.person('Bình');
    const an = await atChat('An');
    await search(an).fill(binh.phone.replace('+84', '0'));
    await an.sees(result(an, 'Bình'));
    expect((await result(an, 'Bình').textContent())?.replaceAll(' ', '')).toContain(binh.phone);
    await result(an, 'Bình').click();
    await an.isAt(/^\/chat\/[0-9a-f]{24}$/);
    await an.sees(an.page.getByRole('heading', { level: 1, name: 'Bình' }));
    await an.sees(an.page.getByRole('link', { name: /Bình/ }));
    expect(await search(an).inputValue()).toBe('');
  });

  it('S13 S16 never shows what was overtaken by the typing, and asks once the typing pauses', async () => {
    await Promise.all([site.person('Quang'), site.person('Quyên')]);
    const an = await atChat('An');
    const asked: string[] = [];
    an.page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname === '/api/search_users') asked.push(searchParams.get('q') ?? '');
    });
    await search(an).pressSequentially('quy', { delay: 20 });
    await an.sees(result(an, 'Quyên'));
    expect(asked).toEqual(['quy']);
    expect(await an.page.getByRole('option').count()).toBe(1);
  });

  it('S13 S16 says what to do where nobody is found, and where the server cannot be reached', async () => {
    const an = await atChat('An');
    await search(an).fill('zzzz');
    await an.sees(an.page.getByText('Nothing found. Search people by name or the whole phone number'));
    await an.findsItAccessible();
    await search(an).fill('0999 999 999');
    await an.sees(an.page.getByText('Nobody here has this number.'));
    await an.goesOffline();
    await search(an).fill('somebody');
    await an.sees(an.page.getByRole('alert').getByText('The server cannot be reached.'));
    await an.comesBackOnline();
    await site.person('Somebody Else');
    await an.page.getByRole('button', { name: 'Try again' }).first().click();
    await an.sees(result(an, 'Somebody Else'));
  });

  it('S9 S13 S16 shows a room that one is not in before one joins it', async () => {
    const owner: Person = await site.person('Chi');
    const metadata = { description: 'Where the tea is' };
    const room = await owner.rest.createRoom({ name: 'Tea house', metadata });
    const an = await atChat('An');
    await search(an).fill('tea');
    await result(an, 'Tea house').click();
    await an.isAt(`/chat/${room.id}`);
    await an.sees(an.page.getByRole('heading', { level: 1, name: 'Tea house' }));
    await an.sees(an.page.getByText('Public room · 1 member'));
    await an.sees(an.page.getByText('Where the tea is'));
    await an.findsItAccessible();
    await an.takesPicture('door');
    await an.page.getByRole('button', { name: 'Join' }).click();
    await an.sees(an.page.getByRole('textbox', { name: 'Write a message' }));
    await an.sees(an.page.getByRole('link', { name: /Tea house/ }));
  });

  it('S7 S16 says so at the address of a room that there is not, or that is not open', async () => {
    const owner = await site.person('Chi');
    const group = await owner.rest.createGroup({ name: 'Secret', users: [(await site.person('Dũng')).id] });
    const an = await site.member('An');
    an.complaints.expect(/404/);
    await an.goesTo(`/chat/${group.id}`);
    await an.sees(an.page.getByText('There is no such room, or it is not open to you.'));
    await an.findsItAccessible();
    await an.page.getByRole('main').getByRole('link', { name: 'Back to the chats' }).click();
    await an.isAt('/chat');
  });
});
