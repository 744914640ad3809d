import type { MyRoom, SyncedRoom } from '@parley/contract';
import { Parley } from '../support/app-harness';
import type { Person } from '../support/people';

jest.setTimeout(120_000);

const PEOPLE = 60;
const DEVICES = 3;
const ROOMS = 6;
/** A room for how many people: everybody is in several. */
const EACH = 30;
const MISSED = 12;

type Whole = Extract<SyncedRoom, { reset: boolean }>;

describe('S15 a server comes back, and everybody with it, all at once', () => {
  let parley: Parley;
  let crowd: Person[];
  let rooms: MyRoom[];

  beforeAll(async () => {
    parley = await Parley.start();
    crowd = await parley.crowd(PEOPLE);
    rooms = await Promise.all(Array.from({ length: ROOMS }, (_, index) => makeRoom(index)));
    for (const [index, room] of rooms.entries()) {
      for (const count of upTo(MISSED)) await crowd[index]!.says(room, `message ${count}`);
    }
    await parley.restart();
  });
  afterAll(() => parley.stop());

  const upTo = (end: number) => Array.from({ length: end }, (_, index) => index + 1);

  function makeRoom(index: number): Promise<MyRoom> {
    const others = crowd.filter((person, at) => at !== index && isIn(person, index));
    return crowd[index]!.rest.createRoom({ name: `Storm ${index}`, users: others.map(({ id }) => id) });
  }

  it('everybody has all they missed, and the database is asked for rooms and not for clients', async () => {
    const sockets = crowd.flatMap((person) => Array.from({ length: DEVICES }, () => person));
    const peers = await Promise.all(sockets.map((person) => person.opensSocket()));
    const commands = parley.watchesDatabase();
    await Promise.all(peers.map((peer, index) => peer.authenticates(sockets[index]!.token, seenBy(sockets[index]!))));
    for (const [index, peer] of peers.entries()) {
      const { rooms: told } = await peer.hears('synced');
      for (const [room, seq] of Object.entries(seenBy(sockets[index]!))) {
        const { reset, entries } = told[room] as Whole;
        expect([reset, entries.map((entry) => entry.seq)]).toEqual([false, upTo(MISSED).slice(seq)]);
      }
    }
    const of = (collection: string) => commands.all.filter((command) => command.collection === collection).length;
    // Where each room ends, and what came before that, at once.
    expect(of('entries')).toBe(ROOMS);
    expect(of('sessions') + of('users')).toBeLessThan(peers.length / 3);
  });

  /** As clients that have missed the last few of each room, some a few more than others. */
  function seenBy(person: Person): Record<string, number> {
    const mine = rooms.filter((_, index) => isIn(person, index));
    return Object.fromEntries(mine.map(({ id }) => [id, crowd.indexOf(person) % 5]));
  }

  function isIn(person: Person, index: number): boolean {
    const at = crowd.indexOf(person);
    return at === index || (at - index * 10 + PEOPLE) % PEOPLE < EACH;
  }
});
