import type { Person } from '../support/people';
import { scrollsUp } from './support/scrolling';
import { fillLog } from './support/seeding';
import { useSite } from './support/site';
import type { Visitor } from './support/visitor';

/** As many entries as the room has, and how far back the test scrolls: to the first one where PARLEY_LONG_TESTS is set. */
const ENTRIES = 100_000;
const UNTIL = process.env['PARLEY_LONG_TESTS'] ? 1 : ENTRIES - 2_000;

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

  async function opens(): Promise<Visitor> {
    const visitor = await site.member(an);
    await visitor.goesTo(`/chat/${room.id}`);
    await visitor.sees(visitor.page.getByRole('log').getByText(/^Message \d+/));
    return visitor;
  }

  it('S18 scrolls back without a jump while older pages load, with few of them in the page', async () => {
    const visitor = await opens();
    const { worstJump, steps, mostRows, top } = await scrollsUp(visitor.page, UNTIL, 800);
    expect(steps).toBeGreaterThan(50);
    expect(top).toBeLessThanOrEqual(UNTIL);
    expect(worstJump).toBeLessThanOrEqual(1);
    expect(mostRows).toBeLessThan(150);
  });
});
