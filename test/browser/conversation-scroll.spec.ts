import type { Person } from '../support/people';
import { composer, hears, log } from './support/chatting';
import type { Look } from './support/look';
import { edgeOf, isDrawn, placeOf, scrolls, topmost } from './support/scrolling';
import { fillLog } from './support/seeding';
import { useSite } from './support/site';
import type { Visitor } from './support/visitor';

/** As many entries as the room has, and how far back the test scrolls: to the first one where PARLEY_LONG_TESTS is set. */
const ENTRIES = 100_000;
const IS_LONG = Boolean(process.env['PARLEY_LONG_TESTS']);
const UNTIL = IS_LONG ? 1 : ENTRIES - 2_000;
/** In pixels. Nine million of them from the end, Chromium itself counts in whole ones, and rounds at every turn. */
const NO_JUMP = IS_LONG ? 4 : 1;

jest.setTimeout(15 * 60_000);

describe('A conversation of 100,000 entries', () => {
  const site = useSite();
  let an: Person;
  let binh: Person;
  let room: { id: string };

  beforeAll(async () => {
    [an, binh] = await Promise.all([site.person('An'), site.person('Bình')]);
    room = await an.rest.openPrivateRoom({ user: binh.id });
    await fillLog(site.server, room.id, [an, binh], ENTRIES);
  });

  /** At the newest entry: everything has been read. */
  async function opens(look: Partial<Look> = {}): Promise<Visitor> {
    await an.rest.markRead(room.id, ENTRIES * 2);
    const visitor = await site.member(an, look);
    await visitor.goesTo(`/chat/${room.id}`);
    await visitor.sees(visitor.page.getByRole('log').getByText(/^(Message|Meanwhile|While away|Live) /));
    return visitor;
  }

  it('S18 scrolls back without a jump while older pages load, with few of them in the page', async () => {
    const visitor = await opens();
    const { worstJump, steps, mostRows } = await scrolls(visitor.page, 800, UNTIL);
    expect(steps).toBeGreaterThan(50);
    expect(worstJump).toBeLessThanOrEqual(NO_JUMP);
    expect(mostRows).toBeLessThan(150);
  });

  it('S18 scrolls forth without a jump where the heights have all changed meanwhile', async () => {
    const visitor = await opens();
    await scrolls(visitor.page, 800, ENTRIES - 300);
    await visitor.page.setViewportSize({ width: 700, height: 800 });
    const { worstJump } = await scrolls(visitor.page, -300, ENTRIES);
    expect(worstJump).toBeLessThanOrEqual(1);
  });

  it('S18 stays where one reads while messages come in, and counts them', async () => {
    const visitor = await opens();
    await scrolls(visitor.page, 400, ENTRIES - 100);
    const before = await placeOf(visitor.page, `Message ${ENTRIES - 90} `);
    for (let at = 0; at < 5; at++) await binh.says(room, 'Meanwhile '.repeat(60));
    await visitor.sees(visitor.page.getByRole('button', { name: 'To the newest: 5 unread' }));
    expect(await placeOf(visitor.page, `Message ${ENTRIES - 90} `)).toBeCloseTo(before, 0);
  });

  it('S18 stays where one reads when many messages come at once, back from no connection', async () => {
    const visitor = await opens();
    await scrolls(visitor.page, 400, ENTRIES - 100);
    const before = await placeOf(visitor.page, `Message ${ENTRIES - 90} `);
    await visitor.goesOffline();
    for (let at = 0; at < 20; at++) await binh.says(room, 'While away '.repeat(60));
    await visitor.comesBackOnline();
    await visitor.sees(visitor.page.getByRole('button', { name: 'To the newest: 20 unread' }));
    expect(await placeOf(visitor.page, `Message ${ENTRIES - 90} `)).toBeCloseTo(before, 0);
  });

  it('F5 S18 stays where one reads while people react to what is above and below, and there is no hole', async () => {
    const visitor = await opens();
    await scrolls(visitor.page, 400, ENTRIES - 100);
    const before = await topmost(visitor.page);
    const chips = visitor.page.getByRole('log').getByRole('button', { name: /🎉/ });
    for (let back = 110; back > 70; back--) {
      await binh.rest.react({ room: room.id, to: ENTRIES - back, emoji: '🎉', on: true });
    }
    await visitor.page.waitForFunction(
      (seq) => document.querySelector(`[data-key="${seq}"]`)?.textContent.includes('🎉'),
      ENTRIES - 89,
    );
    expect(await chips.count()).toBeGreaterThan(3);
    expect(await topmost(visitor.page)).toBe(before);
    const { worstJump } = await scrolls(visitor.page, -150, ENTRIES - 2);
    expect(worstJump).toBeLessThan(1);
  });

  it('F5 S18 stays at the newest message when somebody reacts to it', async () => {
    const visitor = await opens();
    await binh.says(room, 'Who comes?');
    await hears(visitor.page, 'Who comes?');
    const [{ seq: to } = { seq: 0 }] = (await binh.rest.log(room.id, { limit: 1 })).entries;
    await binh.rest.react({ room: room.id, to, emoji: '🙌', on: true });
    await visitor.sees(visitor.page.getByRole('log').getByRole('button', { name: /🙌/ }));
    await visitor.comesToRest();
    expect(await log(visitor.page).evaluate(({ scrollTop }) => scrollTop)).toBe(0);
  });

  it('S18 stays where one reads when the phone is turned, and turned back', async () => {
    const { page } = await opens({ device: 'phone' });
    await scrolls(page, 400, ENTRIES - 100);
    const held = await topmost(page);
    for (const [width, height] of [
      [844, 390],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.waitForFunction((now) => innerWidth === now, width);
      await isDrawn(page);
      // Its lines break elsewhere: with its end in its place, more or less of what is before it can be seen.
      const edge = await edgeOf(page, held);
      expect(edge).toBeGreaterThan(0);
      expect(edge).toBeLessThan(height / 2);
    }
  });

  it('S18 stays at the newest message while they come in, and while the field to write in grows', async () => {
    const visitor = await opens();
    await composer(visitor.page).fill('one\ntwo\nthree\nfour');
    for (let at = 0; at < 5; at++) await binh.says(room, `Live ${at}`);
    await hears(visitor.page, 'Live 4');
    expect(await log(visitor.page).evaluate(({ scrollTop }) => scrollTop)).toBe(0);
  });
});
