import type { Person } from '../support/people';
import { hears, log } from './support/chatting';
import type { Look } from './support/look';
import { fillLog } from './support/seeding';
import { useSite } from './support/site';
import type { Visitor } from './support/visitor';

const ENTRIES = 3_000;
const READ = 100;

describe('A conversation with thousands of unread messages', () => {
  const site = useSite();
  let an: Person;
  let room: { id: string };

  beforeAll(async () => {
    const [reader, writer] = await Promise.all([site.person('An'), site.person('Bình')]);
    an = reader;
    room = await an.rest.openPrivateRoom({ user: writer.id });
    await fillLog(site.server, room.id, [reader, writer], ENTRIES);
    await an.rest.markRead(room.id, READ);
  });

  const unread = async () => (await an.rest.myRooms()).items[0]?.unread;
  const button = ({ page }: Visitor, name: string) => page.getByRole('button', { name, exact: true });
  const text = ({ page }: Visitor) => page.getByText('There are more new messages further up.');

  async function opens(look: Partial<Look> = {}): Promise<Visitor> {
    const visitor = await site.member(an, look);
    await visitor.goesTo(`/chat/${room.id}`);
    await visitor.sees(text(visitor));
    return visitor;
  }

  it('S18 does not count as read what was never shown, and goes to the first of it', async () => {
    const visitor = await opens({ device: 'phone' });
    await visitor.sees(log(visitor.page).getByText(new RegExp(`^Message ${ENTRIES}`)));
    await visitor.findsItAccessible();
    await visitor.takesPicture('unread-above');
    expect(await unread()).toBe(100);
    await button(visitor, 'Go to the first').click();
    await visitor.sees(log(visitor.page).getByText('New messages'));
    await visitor.sees(log(visitor.page).getByText(new RegExp(`^Message ${READ + 1}( |$)`)));
    await visitor.seesNoMore(text(visitor));
    expect(await unread()).toBe(100);
  });

  it('S18 counts all of it as read once somebody says so', async () => {
    const visitor = await opens({ theme: 'dark' });
    await visitor.takesPicture('unread-above');
    await button(visitor, 'Mark as read').click();
    await visitor.seesNoMore(text(visitor));
    await visitor.page.waitForFunction(() => !document.title.startsWith('('));
    await hears(visitor.page, `Message ${ENTRIES}`);
    expect(await unread()).toBe(0);
  });
});
