import type { Page } from 'playwright-core';
import { hears, log, message, order, says, twoPeopleReady } from './support/chatting';
import { useSite } from './support/site';
import type { Visitor } from './support/visitor';

describe('A conversation whose line breaks', () => {
  const site = useSite();

  /** Waits until the browser has kept so many unsent messages. */
  async function keeps(visitor: Visitor, page: Page, count: number): Promise<void> {
    await page.waitForFunction(
      async ([name, expected]) => {
        const opening = indexedDB.open(name as string);
        const database = await new Promise<IDBDatabase>(
          (resolve) => (opening.onsuccess = () => resolve(opening.result)),
        );
        const counting = database.transaction('outbox').objectStore('outbox').count();
        await new Promise((resolve) => (counting.onsuccess = resolve));
        database.close();
        return counting.result === expected;
      },
      [`parley-${visitor.person.id}`, count],
    );
  }

  it('S18 shows at once what is written, says that the line is down, and sends it once and in order when it is back', async () => {
    const { an, binh } = await twoPeopleReady(site);
    await says(an.page, 'before');
    await hears(binh.page, 'before');
    await an.goesOffline();
    await says(an.page, 'one', 'two', 'three');
    await an.sees(message(an.page, 'three').getByText('Sending'));
    await an.sees(an.page.getByText('No connection.'));
    await an.sees(an.page.getByRole('button', { name: 'Try now' }));
    await an.comesBackOnline();
    await hears(binh.page, 'three');
    await an.sees(an.page.getByText('Connected again'));
    await an.seesNoMore(message(an.page, 'three').getByText('Sending'));
    for (const page of [an.page, binh.page]) {
      expect(await order(page, 'one', 'two', 'three')).toEqual(['one', 'two', 'three']);
    }
  });

  it('S18 says on a phone that the line is down, beside the search and not over it', async () => {
    const an = await site.member('An', { device: 'phone' });
    await an.person.rest.createRoom({ name: 'Tea' });
    await an.goesTo('/chat');
    await an.sees(an.page.getByRole('link', { name: 'Tea' }));
    await an.goesOffline();
    await an.sees(an.page.getByText('No connection.'));
    await an.page.getByRole('combobox').click({ timeout: 5_000 });
  });

  it('S18 says once that the line is down, where there is nothing to show yet', async () => {
    const an = await site.member('An', { device: 'phone' });
    an.complaints.expectNoConnection();
    await an.page.routeWebSocket('/ws', (socket) => socket.close());
    await an.goesTo('/chat');
    await an.sees(an.page.getByText('Your chats are not here yet'));
    await an.page.waitForTimeout(3_000);
    expect(await an.page.getByText('No connection.').isVisible()).toBe(false);
  });

  it('S18 tries at once where somebody asks for it', async () => {
    const { an, binh } = await twoPeopleReady(site);
    for (const visitor of [an, binh]) visitor.complaints.expectNoConnection();
    await site.server.isKilled();
    await an.sees(an.page.getByText('No connection.'));
    await says(an.page, 'still there?');
    await site.server.starts();
    await an.page.getByRole('button', { name: 'Try now' }).click();
    await an.seesNoMore(an.page.getByText('No connection.'));
    await hears(binh.page, 'still there?');
  });

  it('S18 sends what was left when the tab was closed, once', async () => {
    const { an, binh, room } = await twoPeopleReady(site);
    await an.goesOffline();
    await says(an.page, 'left one', 'left two');
    await keeps(an, an.page, 2);
    await an.page.close();
    await an.comesBackOnline();
    const tab = await an.opensTab(`/chat/${room.id}`);
    await hears(binh.page, 'left two');
    await hears(tab, 'left two');
    await keeps(an, tab, 0);
    for (const page of [tab, binh.page]) {
      expect(await order(page, 'left one', 'left two')).toEqual(['left one', 'left two']);
    }
  });

  it('S18 shows the same in two tabs, offline too, and sends it once and in order, also for a tab that was closed', async () => {
    const { an, binh, room } = await twoPeopleReady(site);
    const tab = await an.opensTab(`/chat/${room.id}`);
    await says(an.page, 'from here');
    await hears(tab, 'from here');
    await an.goesOffline();
    const texts = ['here, one', 'there, two', 'here, three'];
    for (const [at, text] of texts.entries()) {
      const [from, to] = at % 2 === 0 ? [an.page, tab] : [tab, an.page];
      await says(from, text);
      await an.sees(message(to, text).getByText('Sending'));
    }
    await an.page.close();
    await an.comesBackOnline();
    for (const page of [tab, binh.page]) {
      await hears(page, 'here, three');
      expect(await order(page, ...texts)).toEqual(texts);
    }
    await an.seesNoMore(log(tab).getByText('Sending'));
    await keeps(an, tab, 0);
  });

  it('S18 shows what waits to whoever leaves the room and comes back', async () => {
    const { an, binh } = await twoPeopleReady(site);
    await an.goesOffline();
    await says(an.page, 'waits here');
    await an.presses('Escape');
    await an.page.getByRole('link', { name: 'Bình' }).click();
    await an.sees(message(an.page, 'waits here').getByText('Sending'));
    await an.comesBackOnline();
    await hears(binh.page, 'waits here');
  });

  it('S14 S18 tells whoever was offline what was not sent, as the room is gone', async () => {
    const an = await site.member('An');
    const room = await an.person.rest.createRoom({ name: 'Market' });
    await an.goesTo(`/chat/${room.id}`);
    await an.page.getByText('Say hello').waitFor();
    await an.goesOffline();
    await says(an.page, 'Milk, please');
    await an.sees(message(an.page, 'Milk, please').getByText('Sending'));
    await keeps(an, an.page, 1);
    await an.presses('Escape');
    await an.person.rest.deleteRoom(room.id);
    await an.comesBackOnline();
    await an.sees(an.page.getByText('Not sent, as the room is gone: “Milk, please”'));
    await keeps(an, an.page, 0);
  });

  it('S18 gets what was said meanwhile', async () => {
    const { an, binh, room } = await twoPeopleReady(site);
    await an.goesOffline();
    for (let at = 1; at <= 5; at++) await binh.person.says(room, `missed ${at}`);
    await an.comesBackOnline();
    await hears(an.page, 'missed 5');
    await an.sees(message(an.page, 'missed 1').getByText('New messages'));
  });

  it('S14 says why a message was refused, and sends it again or discards it', async () => {
    const an = await site.member('An');
    const binh = await site.person('Bình');
    const room = await an.person.rest.openPrivateRoom({ user: binh.id });
    let isRefusing = true;
    await an.page.routeWebSocket('/ws', (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((frame) => {
        const { event, id } = JSON.parse(String(frame)) as { event: string; id?: number };
        if (event !== 'postMessage' || !isRefusing) return server.send(frame);
        socket.send(JSON.stringify({ event: 'error', id, data: { code: 'FORBIDDEN', message: 'No.' } }));
      });
    });
    await an.goesTo(`/chat/${room.id}`);
    await says(an.page, 'again, please', 'never mind');
    await an.sees(message(an.page, 'never mind').getByText('Not sent. You may not do that here.'));
    await message(an.page, 'never mind').getByRole('button', { name: 'Discard' }).click();
    await an.seesNoMore(message(an.page, 'never mind'));
    isRefusing = false;
    await message(an.page, 'again, please').getByRole('button', { name: 'Try again' }).click();
    await an.seesNoMore(log(an.page).getByText('Not sent.'));
    const { entries } = await binh.rest.log(room.id);
    expect(entries.map((entry) => 'text' in entry && entry.text)).toEqual(['again, please']);
  });

  it('S16 offers to try again where older messages could not be had', async () => {
    const [an, binh] = [await site.member('An'), await site.person('Bình')];
    const room = await an.person.rest.openPrivateRoom({ user: binh.id });
    for (let at = 1; at <= 20; at++) await binh.says(room, `Number ${at}`);
    an.complaints.expect(/503/);
    await an.page.route('**/log?*', (route) =>
      route.fulfill({ status: 503, json: { code: 'UNAVAILABLE', message: 'No.' } }),
    );
    await an.goesTo(`/chat/${room.id}`);
    await an.sees(an.page.getByText(/^Older messages could not be loaded\./));
    await hears(an.page, 'Number 20');
    await an.findsItAccessible();
    await an.page.unroute('**/log?*');
    await log(an.page).getByRole('button', { name: 'Try again' }).click();
    await hears(an.page, 'Number 1');
  });
});
