import { composer, hears, log, message, says, twoPeopleReady } from './support/chatting';
import { EVERY_DEVICE } from './support/look';
import { useSite } from './support/site';

describe('A conversation', () => {
  const site = useSite();

  it('S14 S16 shows what two people say to each other, own and others’ apart', async () => {
    const { an, binh } = await twoPeopleReady(site);
    await says(an.page, 'Hello Bình');
    await hears(binh.page, 'Hello Bình');
    await says(binh.page, 'Chào An\nkhỏe không?');
    await hears(an.page, 'Chào An\nkhỏe không?');
    expect(await message(an.page, 'Hello Bình').textContent()).toContain('You');
    expect(await message(binh.page, 'Hello Bình').textContent()).toContain('An');
    expect(await composer(an.page).inputValue()).toBe('');
  });

  it('S16 says who came and went, in the reader’s words', async () => {
    const [an, binh] = [await site.member('An', { language: 'vi' }), await site.person('Bình')];
    const room = await an.person.rest.createRoom({ name: 'Trà' });
    await binh.rest.joinRoom(room.id);
    await binh.rest.leaveRoom(room.id);
    await an.goesTo(`/chat/${room.id}`);
    await an.sees(log(an.page).getByText('Bình đã tham gia', { exact: true }));
    await an.sees(log(an.page).getByText('Bình đã rời đi', { exact: true }));
  });

  it('S16 keeps what was begun over a reload, and the same in another tab', async () => {
    const { an, room } = await twoPeopleReady(site);
    await composer(an.page).fill('I was about to say');
    await an.page.reload();
    expect(await composer(an.page).inputValue()).toBe('I was about to say');
    const tab = await an.opensTab(`/chat/${room.id}`);
    expect(await composer(tab).inputValue()).toBe('I was about to say');
    await says(tab, 'that it rains');
    await hears(an.page, 'that it rains');
    await an.page.waitForFunction(() => document.querySelector('textarea')?.value === '');
  });

  it('S16 opens where reading ended, says what is new, and goes to the newest', async () => {
    const [an, binh] = [await site.member('An', { device: 'phone' }), await site.person('Bình')];
    const room = await an.person.rest.openPrivateRoom({ user: binh.id });
    for (let at = 1; at <= 70; at++) await binh.says(room, `Number ${at}`);
    await an.person.rest.markRead(room.id, 30);
    await an.goesTo(`/chat/${room.id}`);
    await an.sees(log(an.page).getByText('New messages'));
    await hears(an.page, 'Number 31');
    await binh.says(room, 'One more');
    await an.page.getByRole('button', { name: 'To the newest: 41 unread' }).click();
    await hears(an.page, 'One more');
    await an.page.waitForFunction(() => !document.title.startsWith('('));
    const [read] = (await an.person.rest.myRooms()).items;
    expect(read?.unread).toBe(0);
  });

  it('S18 opens at the first unread message also where hundreds are', async () => {
    const [an, binh] = [await site.member('An'), await site.person('Bình')];
    const room = await an.person.rest.openPrivateRoom({ user: binh.id });
    for (let at = 1; at <= 240; at++) await binh.says(room, `Number ${at}`);
    await an.person.rest.markRead(room.id, 10);
    await an.goesTo(`/chat/${room.id}`);
    await an.sees(log(an.page).getByText('New messages'));
    await an.sees(log(an.page).getByText('Number 11', { exact: true }));
    expect((await an.person.rest.myRooms()).items[0]?.unread).toBe(100);
  });

  it('S16 S18 what comes while the details cover the conversation is new until it is seen', async () => {
    const [an, binh] = [await site.member('An', { device: 'phone' }), await site.person('Bình')];
    const room = await an.person.rest.openPrivateRoom({ user: binh.id });
    await binh.says(room, 'Seen at once');
    await an.goesTo(`/chat/${room.id}`);
    await hears(an.page, 'Seen at once');
    await an.page.waitForFunction(() => !document.title.startsWith('('));
    await an.page.getByRole('button', { name: 'Show details' }).click();
    await an.sees(an.page.getByRole('complementary'));
    await binh.says(room, 'Under the details');
    await an.page.waitForFunction(() => document.title.startsWith('(1)'));
    expect((await an.person.rest.myRooms()).items[0]?.unread).toBe(1);
    await an.page.getByRole('button', { name: 'Close details' }).click();
    await hears(an.page, 'Under the details');
    await an.page.waitForFunction(() => !document.title.startsWith('('));
  });

  it('S18 opens at what is new also where Markdown makes a short conversation shorter', async () => {
    const [an, binh] = [await site.member('An', { device: 'phone' }), await site.person('Bình')];
    const room = await binh.rest.createGroup({ name: 'Plans', users: [an.person.id] });
    await binh.says(room, '- a point\n\n'.repeat(20));
    for (let at = 0; at < 12; at++) await binh.says(room, `Line ${at}`);
    await an.goesTo(`/chat/${room.id}`);
    await an.sees(log(an.page).locator('.formatted'));
    await an.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    const [seen, divider] = [log(an.page), log(an.page).getByText('New messages')];
    expect((await divider.boundingBox())!.y).toBeGreaterThanOrEqual((await seen.boundingBox())!.y);
  });

  it('S18 opens at what is new also where that is higher than it was guessed to be', async () => {
    const an = await site.member('An', { device: 'phone' });
    const [binh, chi] = await Promise.all(['Bình', 'Chi'].map((name) => site.person(name)));
    const room = await binh!.rest.createGroup({ name: 'Plans', users: [an.person.id, chi!.id] });
    // Each says its author, which takes more room than a line.
    for (let at = 0; at < 14; at++) await (at % 2 ? binh : chi)!.says(room, `Line ${at}`);
    await an.goesTo(`/chat/${room.id}`);
    const divider = log(an.page).getByText('New messages');
    await an.sees(divider);
    expect((await divider.boundingBox())!.y).toBeGreaterThanOrEqual((await log(an.page).boundingBox())!.y);
    expect((await an.person.rest.myRooms()).items[0]?.unread).toBe(14);
  });

  it('S16 marks what comes while another tab is in front', async () => {
    const { an, binh, room } = await twoPeopleReady(site);
    await binh.person.says(room, 'before');
    await hears(an.page, 'before');
    const away = (isHidden: boolean) =>
      an.page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    await an.page.waitForFunction(() => !document.title.startsWith('('));
    await away(true);
    await binh.person.says(room, 'meanwhile');
    await an.page.waitForFunction(() => document.title.startsWith('(1)'));
    await away(false);
    await an.sees(message(an.page, 'meanwhile').getByText('New messages'));
    await an.page.waitForFunction(() => !document.title.startsWith('('));
  });

  it('S16 is written in by an input method, whose Enter sends nothing', async () => {
    const { an } = await twoPeopleReady(site, { language: 'vi' });
    const input = await an.page.context().newCDPSession(an.page);
    const composes = (text: string) =>
      input.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await composer(an.page).focus();
    for (const text of ['t', 'ti', 'tie', 'tiê', 'tiên', 'tiêng', 'tiếng']) await composes(text);
    await input.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Enter',
      code: 'Enter',
      windowsVirtualKeyCode: 229,
    });
    await input.send('Input.insertText', { text: 'tiếng' });
    await input.send('Input.insertText', { text: ' ' });
    for (const text of ['V', 'Vi', 'Vie', 'Viê', 'Viêt', 'Việt']) await composes(text);
    await input.send('Input.insertText', { text: 'Việt' });
    expect(await composer(an.page).inputValue()).toBe('tiếng Việt');
    await an.presses('Enter');
    await hears(an.page, 'tiếng Việt');
    expect(await log(an.page).getByRole('listitem').count()).toBe(1);
  });

  it('S16 leaves nothing behind of a word that a phone’s keyboard was composing when it was sent', async () => {
    const { an } = await twoPeopleReady(site, { device: 'phone' });
    const input = await an.page.context().newCDPSession(an.page);
    await composer(an.page).tap();
    for (const text of ['V', 'Vi', 'Việ', 'Việt'])
      await input.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await an.page.getByRole('button', { name: 'Send' }).tap();
    await hears(an.page, 'Việt');
    expect(await composer(an.page).inputValue()).toBe('');
    await an.page.keyboard.type('Nam');
    await an.page.getByRole('button', { name: 'Send' }).tap();
    await hears(an.page, 'Nam');
  });

  it('S16 does not call an answer new that comes before one’s eyes', async () => {
    const { an, binh } = await twoPeopleReady(site);
    await says(an.page, 'Are you there?');
    await hears(binh.page, 'Are you there?');
    await an.page.reload();
    await hears(an.page, 'Are you there?');
    await an.page.waitForLoadState('networkidle');
    await says(binh.page, 'Yes');
    await hears(an.page, 'Yes');
    expect(await log(an.page).getByText('New messages').count()).toBe(0);
  });

  it('S10 S16 keeps the name of who has left a private chat, and asks them back', async () => {
    const { an, binh, room } = await twoPeopleReady(site);
    await says(an.page, 'Hello');
    await hears(binh.page, 'Hello');
    await binh.person.rest.leaveRoom(room.id);
    await an.sees(an.page.getByText('Bình has left this chat and would not see what you write.'));
    await an.sees(an.page.getByRole('heading', { level: 1, name: 'Bình' }));
    await an.page.getByRole('button', { name: 'Open again' }).click();
    await says(an.page, 'Back?');
    await hears(binh.page, 'Back?');
  });

  it('S16 is gone through by keyboard: to a message, its actions, and back', async () => {
    const { an } = await twoPeopleReady(site);
    await an.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await says(an.page, 'first', 'second');
    await hears(an.page, 'second');
    const actions = an.page.getByRole('button', { name: 'What to do with this message' });
    await an.tabsTo(actions.last(), 'Shift+Tab');
    await an.presses('ArrowUp');
    expect(await actions.first().evaluate((button) => button === document.activeElement)).toBe(true);
    await an.presses('Enter');
    await an.sees(an.page.getByRole('menuitem', { name: 'Copy text' }));
    // What the menu belongs to stays in sight.
    expect(await actions.first().evaluate((button) => getComputedStyle(button.closest('.side')!).opacity)).toBe('1');
    await an.presses('End', 'Enter');
    await an.sees(an.page.getByText('Copied'));
    expect(await an.page.evaluate(() => navigator.clipboard.readText())).toBe('first');
    await an.tabsTo(composer(an.page));
  });

  it('S16 puts emoji into a message', async () => {
    const { an } = await twoPeopleReady(site);
    await composer(an.page).fill('Tea');
    await an.page.getByRole('button', { name: 'Emoji' }).click();
    const dialog = an.page.getByRole('dialog', { name: 'Emoji' });
    await dialog.getByRole('searchbox').fill('hot bev');
    await dialog.getByRole('button', { name: 'hot beverage' }).click();
    expect(await composer(an.page).inputValue()).toBe('Tea☕');
    await an.page.getByRole('button', { name: 'Send' }).click();
    await hears(an.page, 'Tea☕');
    await an.page.getByRole('button', { name: 'Emoji' }).click();
    await an.sees(dialog.getByRole('region', { name: 'Recent' }).getByRole('button'));
    await an.presses('ArrowDown');
    expect(await an.focused()).toBe('button "hot beverage"');
    await an.presses('Escape');
    await an.seesNoMore(dialog);
    await an.isAt(/^\/chat\/./);
  });

  it('S16 has emoji for fingers: none is smaller than 44 pixels, and arrow keys know how many are in a row', async () => {
    const { an } = await twoPeopleReady(site, { device: 'phone', reducedMotion: true });
    await an.page.getByRole('button', { name: 'Emoji' }).tap();
    const emoji = an.page.getByRole('dialog', { name: 'Emoji' }).getByRole('region').getByRole('button');
    await an.sees(emoji);
    await an.comesToRest();
    const first = (await emoji.first().boundingBox())!;
    expect(Math.min(first.width, first.height)).toBeGreaterThanOrEqual(44);
    await an.presses('ArrowDown', 'ArrowDown');
    const below = (await an.page.locator(':focus').boundingBox())!;
    expect(below.x).toBeCloseTo(first.x, 0);
    expect(below.y).toBeCloseTo(first.y + first.height, 0);
  });

  it('S16 sends by its button where one writes on glass: there Enter breaks the line', async () => {
    const { an } = await twoPeopleReady(site, { device: 'phone' });
    await composer(an.page).fill('one');
    await an.presses('Enter');
    await an.page.keyboard.type('two');
    await an.page.getByRole('button', { name: 'Send' }).tap();
    await hears(an.page, 'one\ntwo');
  });

  it.each(EVERY_DEVICE)('S16 is accessible on a %s, in both themes', async (device) => {
    // What is still fading in has not its contrast yet.
    const an = await site.member('An', { device, reducedMotion: true });
    const people = await Promise.all(['Bình', 'Cường'].map((name) => site.person(name)));
    const room = await an.person.rest.createGroup({ name: 'Tea', users: people.map(({ id }) => id) });
    for (const text of [
      '**Bold** and `code`',
      '> quoted\n\n- a list',
      '```ts\nconst a = "b"; // c\n```',
      'https://a.example',
    ])
      for (const person of [...people, an.person]) await person.says(room, text);
    await an.goesTo(`/chat/${room.id}`);
    await an.sees(log(an.page).getByText('const', { exact: true }));
    await an.looksAt('conversation');
    await an.page.getByRole('button', { name: 'Emoji' }).click();
    await an.sees(an.page.getByRole('dialog', { name: 'Emoji' }));
    await an.findsItAccessible();
  });
});
