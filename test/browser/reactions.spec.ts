import { composer, hears, message, says, twoPeopleReady } from './support/chatting';
import { EVERY_DEVICE } from './support/look';
import { useSite } from './support/site';
import type { Visitor } from './support/visitor';

describe('Reactions', () => {
  const site = useSite();
  const chip = ({ page }: Visitor, text: string, name: string | RegExp) =>
    message(page, text)
      .getByRole('list', { name: /Reactions|Cảm xúc/ })
      .getByRole('button', { name });

  async function opensChoices(visitor: Visitor, text: string): Promise<void> {
    const row = message(visitor.page, text);
    await row.hover();
    await row.getByRole('button', { name: /What to do with|Tùy chọn/ }).click();
  }

  it('F5 are set from the menu, seen by the other at once, joined in, and taken back', async () => {
    const { an, binh } = await twoPeopleReady(site);
    await says(an.page, 'Tea?');
    await hears(binh.page, 'Tea?');
    await opensChoices(binh, 'Tea?');
    await binh.page.getByRole('menuitemcheckbox', { name: 'React with ❤️' }).click();
    await an.sees(chip(an, 'Tea?', '❤️ Bình'));
    await chip(an, 'Tea?', '❤️ Bình').click();
    await binh.sees(chip(binh, 'Tea?', '❤️ 2: You and An'));
    expect(await chip(binh, 'Tea?', /❤️/).innerText()).toContain('2');
    await binh.sees(binh.page.getByRole('link', { name: /An reacted ❤️/ }));
    await chip(binh, 'Tea?', '❤️ 2: You and An').click();
    await chip(an, 'Tea?', '❤️ You').click();
    await binh.seesNoMore(chip(binh, 'Tea?', /❤️/));
    expect((await an.person.rest.myRooms()).items[0]?.unread).toBe(0);
  });

  it('F5 are a tap on the message away where nothing hovers, and links stay links', async () => {
    const { an, binh, room } = await twoPeopleReady(site, { device: 'phone' });
    for (const text of ['Tea?', 'See https://tea.example']) await an.person.says(room, text);
    await hears(binh.page, 'Tea?');
    for (const emoji of ['👍', '🙏']) {
      await binh.page.getByRole('log').getByText('Tea?', { exact: true }).tap();
      await binh.page.getByRole('menuitemcheckbox', { name: `React with ${emoji}` }).tap();
      await an.sees(chip(an, 'Tea?', `${emoji} Bình`));
    }
    await binh.page.getByRole('link', { name: 'https://tea.example' }).evaluate((link) => {
      link.addEventListener('click', (event) => event.preventDefault());
      (link as HTMLElement).click();
    });
    await binh.seesNoMore(binh.page.getByRole('menu'));
  });

  it('F5 are chosen among all emoji by name, in the reader’s language, by keyboard alone', async () => {
    const { an } = await twoPeopleReady(site, { language: 'vi' });
    await says(an.page, 'Trà?');
    await hears(an.page, 'Trà?');
    await opensChoices(an, 'Trà?');
    await an.page.getByRole('menuitem', { name: 'Cảm xúc khác…' }).click();
    const dialog = an.page.getByRole('dialog', { name: 'Bày tỏ cảm xúc' });
    await an.sees(dialog.getByRole('button', { name: 'mặt cười toe toét' }));
    await an.page.keyboard.type('do uong nong');
    await an.sees(dialog.getByRole('button', { name: 'đồ uống nóng' }));
    await an.presses('Enter');
    await an.seesNoMore(dialog);
    await an.sees(chip(an, 'Trà?', '☕ Bạn'));
  });

  it('F5 stay with their message over a reload, without a line, and when they came while one was away', async () => {
    const { an, binh, room } = await twoPeopleReady(site);
    await says(an.page, 'Tea?');
    await hears(binh.page, 'Tea?');
    await an.goesOffline();
    await binh.person.rest.react({ room: room.id, to: 1, emoji: '👍', on: true });
    await an.comesBackOnline();
    await an.sees(chip(an, 'Tea?', '👍 Bình'));
    await an.page.reload();
    await an.sees(chip(an, 'Tea?', '👍 Bình'));
    await says(an.page, 'And milk?');
    await hears(binh.page, 'And milk?');
  });

  it('F5 the emoji of the field are found by name too', async () => {
    const { an } = await twoPeopleReady(site);
    await an.page.getByRole('button', { name: 'Emoji' }).click();
    const dialog = an.page.getByRole('dialog', { name: 'Emoji' });
    await dialog.getByRole('searchbox').fill('rocket');
    await dialog.getByRole('button', { name: 'rocket', exact: true }).click();
    expect(await composer(an.page).inputValue()).toBe('🚀');
    await an.page.getByRole('button', { name: 'Emoji' }).click();
    await an.sees(dialog.getByRole('region', { name: 'Recent' }).getByRole('button', { name: 'rocket' }));
    await dialog.getByRole('searchbox').fill('nothing is called that');
    await an.sees(dialog.getByText('No emoji is called that.'));
  });

  it('F5 however many came after it, a message is shown', async () => {
    const an = await site.member('An');
    const { person } = an;
    const room = await person.rest.createGroup({ name: 'Tea', users: [(await site.person('Bình')).id] });
    await person.says(room, 'Tea?');
    await site.server.looksInto(async (database) => {
      const [first] = await database.collection('entries').find({ text: 'Tea?' }).sort({ _id: -1 }).toArray();
      const { _id: _own, clientId: _name, ...message } = first!;
      const said = (seq: number) => ({
        ...message,
        type: 'reaction',
        seq,
        text: '👍',
        reaction: { to: 1, on: seq % 2 === 0 },
      });
      await database.collection('entries').insertMany(Array.from({ length: 1_301 }, (_, at) => said(at + 2)));
    });
    await site.server.isKilled();
    await site.server.starts();
    await an.goesTo(`/chat/${room.id}`);
    await an.sees(chip(an, 'Tea?', '👍 You'));
    await an.seesNoMore(an.page.locator('parley-list-skeleton'));
    await says(an.page, 'Or coffee?');
    await hears(an.page, 'Or coffee?');
    await an.takesPicture('reactions-many');
  });

  it.each(EVERY_DEVICE)('F5 are accessible on a %s, in both themes', async (device) => {
    const an = await site.member('An', { device, reducedMotion: true });
    const people = await Promise.all(['Bình', 'Cường', 'Dũng'].map((name) => site.person(name)));
    const room = await an.person.rest.createGroup({ name: 'Tea', users: people.map(({ id }) => id) });
    await people[0]!.says(room, 'Who brings the cake on Sunday?');
    await an.person.says(room, 'I do 🎂');
    const react = (who: number, to: number, emoji: string) =>
      (people[who] ?? an.person).rest.react({ room: room.id, to, emoji, on: true });
    for (const emoji of ['👍', '❤️', '😂', '🎉', '🔥', '👀', '🙏']) await react(1, 1, emoji);
    for (const [who, to, emoji] of [
      [2, 1, '❤️'],
      [3, 1, '❤️'],
      [3, 1, '👍'],
      [0, 2, '🎂'],
      [3, 2, '🎂'],
      [1, 2, '❤️'],
    ] as const)
      await react(who, to, emoji);
    await an.goesTo(`/chat/${room.id}`);
    await an.sees(chip(an, 'I do 🎂', /❤️ Cường/));
    await an.looksAt('reactions');
    await opensChoices(an, 'I do 🎂');
    await an.sees(an.page.getByRole('menuitemcheckbox', { name: 'React with 👍' }));
    await an.looksAt('reactions-menu');
    await an.page.getByRole('menuitem', { name: 'Another reaction…' }).click();
    await an.sees(an.page.getByRole('button', { name: 'grinning face', exact: true }));
    await an.looksAt('reactions-all');
  });
});
