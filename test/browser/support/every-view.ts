import { furnish, type House } from './house';
import type { Look } from './look';
import { useSite } from './site';
import { STATES } from './view-states';
import { stageOf, type View, VIEWS } from './views';
import type { Visitor } from './visitor';

/** `PICTURES=all` takes pictures, in every size and language; otherwise axe looks at what differs most. */
export const TAKES_ALL_PICTURES = process.env['PICTURES'] === 'all';
const LANGUAGES: readonly Look['language'][] = TAKES_ALL_PICTURES ? ['en', 'vi'] : ['en'];

/** Has axe look at every view and state on these devices, in both themes. */
export function looksAtEveryView(devices: readonly Look['device'][]): void {
  describe(`Every view, ${devices.join(' and ')}`, () => {
    const site = useSite();
    let house: House;
    beforeAll(async () => (house = await furnish(site)));

    const arrives = ({ who }: View, look: Partial<Look>): Promise<Visitor> =>
      who === 'stranger' ? site.visitor(look) : site.member(house[who], look);

    const cases = [...VIEWS, ...STATES].flatMap((view) =>
      devices.flatMap((device) => LANGUAGES.map((language) => ({ name: view.name, device, language, view }))),
    );

    it.each(cases)(
      'S16 is accessible in both themes: $name, $device, $language',
      async ({ view, device, language }) => {
        const visitor = await arrives(view, { device, language, reducedMotion: true });
        const picture = async () => void (TAKES_ALL_PICTURES && (await visitor.takesPicture(view.name)));
        await visitor.sees(await view.shows(stageOf(visitor, house)));
        await visitor.findsItAccessible();
        await picture();
        // What the theme changes is colours.
        await visitor.prefers('dark');
        await visitor.findsItAccessible(['color-contrast']);
        await picture();
      },
    );
  });
}
