import { furnish, type House } from './support/house';
import { type Look } from './support/look';
import { useSite } from './support/site';
import { STATES } from './support/view-states';
import { stageOf, type View, VIEWS } from './support/views';
import type { Visitor } from './support/visitor';

/** `PICTURES=all` takes pictures in every size and language; otherwise those that differ most are looked at. */
const isAll = process.env['PICTURES'] === 'all';
const DEVICES: readonly Look['device'][] = isAll ? ['phone', 'tablet', 'desktop'] : ['phone', 'desktop'];
const LANGUAGES: readonly Look['language'][] = isAll ? ['en', 'vi'] : ['en'];

describe('Every view', () => {
  const site = useSite();
  let house: House;
  beforeAll(async () => (house = await furnish(site)));

  const arrives = ({ who }: View, look: Partial<Look>): Promise<Visitor> =>
    who === 'stranger' ? site.visitor(look) : site.member(house[who], look);

  const cases = [...VIEWS, ...STATES].flatMap((view) =>
    DEVICES.flatMap((device) => LANGUAGES.map((language) => ({ name: view.name, device, language, view }))),
  );

  it.each(cases)('S16 is accessible in both themes: $name, $device, $language', async ({ view, device, language }) => {
    const visitor = await arrives(view, { device, language, reducedMotion: true });
    await visitor.sees(await view.shows(stageOf(visitor, house)));
    await visitor.findsItAccessible();
    await visitor.takesPicture(view.name);
    // What the theme changes is colours.
    await visitor.prefers('dark');
    await visitor.findsItAccessible(['color-contrast']);
    await visitor.takesPicture(view.name);
  });
});
