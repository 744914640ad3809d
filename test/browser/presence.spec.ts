import type { Room } from '@parley/contract';
import { MortalServer } from '../faults/mortal-server';
import { soon } from '../support/deadline';
import type { ChatPeer } from '../support/chat-peer';
import type { Person } from '../support/people';
import type { Look } from './support/look';
import { useSite } from './support/site';
import type { Visitor } from './support/visitor';
import { wordsOf } from './support/words';

const LOOKS: readonly Pick<Look, 'device' | 'theme' | 'language'>[] = [
  { device: 'desktop', theme: 'light', language: 'en' },
  { device: 'desktop', theme: 'dark', language: 'vi' },
  { device: 'phone', theme: 'light', language: 'vi' },
  { device: 'phone', theme: 'dark', language: 'en' },
];

/** Who is there, and who is typing, as one sees it. */
describe('Presence', () => {
  const site = useSite(new MortalServer({ env: { OFFLINE_AFTER_MS: '4000' } }));
  const row = ({ page }: Visitor, name: string | RegExp) => page.getByRole('navigation').getByRole('link', { name });
  const line = ({ page }: Visitor) => page.locator('parley-room-header p');
  const sign = ({ page }: Visitor) => page.locator('parley-room-header [data-presence]');
  const composer = ({ page, look }: Visitor) => page.getByRole('textbox', { name: wordsOf(look).conversation.write });
  const account = ({ page }: Visitor) => page.getByRole('button', { name: /Your account/ });

  /** Somebody types until it is told: what is said before the other has come may get lost. */
  async function typesUntil(peer: ChatPeer, room: Room, told: () => Promise<void>): Promise<void> {
    await soon(async () => {
      await peer.asks('typing', { room: room.id });
      await told();
    });
  }
  const isNow = async (visitor: Visitor, text: string): Promise<void> =>
    visitor.sees(line(visitor).filter({ hasText: text }));

  it('F4 is seen in the header and in the list, follows who comes and goes, and is nobody’s without a line', async () => {
    const { an, binh } = await site.twoPeopleTalking();
    await isNow(an, 'Online');
    await an.sees(row(an, /Bình.*Online/));
    await binh.person.rest.changeMe({ status: 'busy' });
    await isNow(an, 'Busy');
    await an.goesOffline();
    await isNow(an, 'Private chat');
    expect(await sign(an).count()).toBe(0);
    await an.comesBackOnline();
    await isNow(an, 'Busy');
    await binh.leaves();
    await isNow(an, 'Last seen just now');
    expect(await sign(an).count()).toBe(0);
  });

  it('F4 one’s own status is chosen in the menu, by keyboard too, shows on every device, and outlives a reload', async () => {
    const an = await site.member('An');
    const phone = await site.member(an.person, { device: 'phone' });
    await Promise.all([an, phone].map((each) => each.goesTo('/chat')));
    await account(an).press('Enter');
    const group = an.page.getByRole('group', { name: 'Your status' });
    await an.sees(group.getByRole('menuitemradio', { name: 'Available', checked: true }));
    await an.presses('ArrowDown', 'Enter');
    for (const each of [an, phone]) {
      await each.sees(each.page.getByRole('button', { name: 'Your account: Away', exact: true }));
    }
    await an.page.reload();
    await an.sees(an.page.getByRole('button', { name: 'Your account: Away', exact: true }));
    await account(an).click();
    await an.sees(group.getByRole('menuitemradio', { name: 'Away', checked: true }));
    an.complaints.expectNoConnection();
    await an.page.route(/\/api\/me/, (route) => route.abort());
    await group.getByRole('menuitemradio', { name: 'Busy' }).click();
    await an.sees(an.page.getByText(wordsOf({ language: 'en' }).errors.NETWORK_FAILED));
    expect(await account(an).getAttribute('aria-label')).toBe('Your account: Away');
  });

  it('F4 who types is seen by the other one, in header and list, until they send or stop, and nothing moves', async () => {
    const { an, binh } = await site.twoPeopleTalking();
    await isNow(an, 'Online');
    const places = () =>
      an.page.evaluate(() =>
        [
          'parley-room-header',
          'parley-room-header h1',
          'parley-message-list',
          '.row a',
          '.row .title',
          'parley-composer',
        ]
          .map((name) => document.querySelector(name)!.getBoundingClientRect())
          .map(({ x, y, width, height }) => [x, y, width, height]),
      );
    const before = await places();
    await composer(binh).pressSequentially('Hello');
    await isNow(an, 'typing…');
    await an.sees(row(an, /Bình.*typing…/));
    expect(await places()).toEqual(before);
    await binh.presses('Enter');
    await an.sees(an.page.getByRole('log').getByText('Hello', { exact: true }));
    await isNow(an, 'Online');
    await an.sees(row(an, /Bình.*Hello/));
    // Nothing is said where there is nothing but blanks.
    await composer(binh).pressSequentially('  ');
    await binh.person.says({ id: an.page.url().split('/').at(-1)! }, 'Done');
    await an.sees(an.page.getByRole('log').getByText('Done', { exact: true }));
    expect(await line(an).innerText()).toBe('Online');
  });

  it('F4 several who type in a group are named, and then counted', async () => {
    const an = await site.member('An');
    const others = await Promise.all(['Bình Trần', 'Mai Lê', 'Nguyễn Văn Duy'].map((name) => site.person(name)));
    const group = await an.person.rest.createGroup({ name: 'Trip', users: others.map(({ id }) => id) });
    await an.goesTo(`/chat/${group.id}`);
    await isNow(an, 'Group · 4 members');
    const peers = await Promise.all(others.map((each) => each.opensPeer()));
    const told = ['Bình is typing…', 'Bình and Mai are typing…', '3 people are typing…'];
    for (const [index, text] of told.entries()) {
      await typesUntil(peers[index]!, group, async () => {
        await Promise.all(peers.slice(0, index).map((peer) => peer.asks('typing', { room: group.id })));
        await line(an).filter({ hasText: text }).waitFor({ timeout: 2_000 });
      });
    }
    await isNow(an, 'Group · 4 members');
  });

  it.each(LOOKS)('F4 is accessible on a $device, $theme, $language', async (look) => {
    const an = await site.member('An Nguyễn', { ...look, reducedMotion: true });
    const words = wordsOf(look);
    const names = ['Bình Trần', 'Mai Lê', 'Lê Hoàng Nam', 'Đỗ Hà', 'Phạm Quỳnh Chi'];
    const others = await Promise.all(names.map((name) => site.person(name)));
    const group = await an.person.rest.createGroup({ name: 'Gia đình 🏡', users: others.map(({ id }) => id) });
    const chats: Room[] = [];
    for (const other of others) chats.push(await an.person.rest.openPrivateRoom({ user: other.id }));
    const [binh, mai, nam, ha] = others as [Person, Person, Person, Person];
    const [, , , typist] = await Promise.all([binh, mai, nam, ha].map((each) => each.opensPeer()));
    await mai.rest.changeMe({ status: 'away' });
    await nam.rest.changeMe({ status: 'busy' });
    await an.person.rest.changeMe({ status: 'busy' });
    await an.goesTo('/chat');
    await an.sees(row(an, new RegExp(`Mai.*${words.presence.away}`)));
    await typesUntil(typist!, chats[3]!, () => row(an, new RegExp(words.presence.typing)).waitFor({ timeout: 2_000 }));
    await an.findsItAccessible();
    await an.takesPicture('presence-list');
    await an.page.getByRole('button', { name: new RegExp(words.session.account) }).click();
    await an.sees(an.page.getByRole('menu'));
    await an.findsItAccessible();
    await an.takesPicture('presence-menu');
    await an.presses('Escape');
    await an.goesTo(`/chat/${chats[2]!.id}`);
    await isNow(an, words.presence.busy);
    await an.findsItAccessible();
    await an.takesPicture('presence-header');
    await an.goesTo(`/chat/${group.id}?details`);
    const details = an.page.getByRole('complementary', { name: words.rooms.details });
    await an.sees(details.locator('[data-presence=away]'));
    await an.findsItAccessible();
    await an.takesPicture('presence-members');
    await an.goesTo(`/chat/${chats[3]!.id}`);
    await typesUntil(typist!, chats[3]!, () =>
      line(an).filter({ hasText: words.presence.typing }).waitFor({ timeout: 2_000 }),
    );
    await an.findsItAccessible();
    await an.takesPicture('presence-typing');
  });
});
