import type { Room } from '@parley/contract';
import { type Person } from '../../support/people';
import type { Site } from './site';

/** People and rooms as they are after some time of use, for looking at. */
export interface House {
  an: Person;
  /** Somebody who has just signed up. */
  newcomer: Person;
  /** A private chat, a group of An's, and rooms: one with nothing said in it, one that An is not in. */
  talk: Room;
  group: Room;
  quiet: Room;
  open: Room;
}

const CODE = ['```ts', 'const tide = await river.level();', "if (tide > 2) return 'stay home';", '```'].join('\n');

/** Builds the house by REST. */
export async function furnish(site: Site): Promise<House> {
  const [an, binh, mai, newcomer] = await Promise.all(
    ['An Nguyễn', 'Bình Trần', 'Mai Lê', 'Duy'].map((name) => site.person(name)),
  );
  const talk = await an!.rest.openPrivateRoom({ user: binh!.id });
  const group = await an!.rest.createGroup({ name: 'Gia đình 🏡', users: [binh!.id, mai!.id] });
  const open = await mai!.rest.createRoom({
    name: 'Xe đạp Sài Gòn',
    metadata: { description: 'Sunday rides along the river, at any speed.' },
  });
  const quiet = await an!.rest.createRoom({ name: 'Reading club' });
  await saysAll(mai!, group, ['Dinner at seven? 🍜', 'I bring mangoes']);
  await saysAll(an!, group, ['Then I bring everybody else']);
  await saysAll(binh!, group, ['**Bring an umbrella.** It says:\n> heavy rain after eight', '👍']);
  await saysAll(binh!, talk, [
    'Hi An!',
    'The plan for Sunday:\n- meet at the bridge\n- ride to `Cần Giờ`\n- be back by four',
  ]);
  await saysAll(an!, talk, [
    'Sounds good',
    `The tide, as promised:\n${CODE}`,
    'More at https://example.com/tides?month=november',
  ]);
  await saysAll(binh!, talk, ['🚲🌊', 'See you there']);
  return { an: an!, newcomer: newcomer!, talk, group, quiet, open };
}

async function saysAll(person: Person, room: Room, texts: readonly string[]): Promise<void> {
  for (const text of texts) await person.says(room, text);
}
