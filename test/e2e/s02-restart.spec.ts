import fc from 'fast-check';
import { RoomDirectory } from '../../apps/api/src/rooms/room-directory';
import { Parley } from '../support/app-harness';
import { type Person, Person as People } from '../support/people';

/** What one person does to one of the rooms, by their places in lists. */
interface Deed {
  what: 'create' | 'join' | 'leave' | 'delete' | 'add' | 'private';
  who: number;
  room: number;
  other: number;
}

const deed: fc.Arbitrary<Deed> = fc.record({
  what: fc.constantFrom('create', 'create', 'join', 'join', 'join', 'leave', 'leave', 'delete', 'add', 'private'),
  who: fc.nat(7),
  room: fc.nat(20),
  other: fc.nat(7),
});

describe('After a restart', () => {
  let parley: Parley;

  beforeAll(async () => {
    parley = await Parley.start();
  });
  afterAll(() => parley.stop());

  it('S2 people, credentials, sessions, rooms, members, history and read marks are all there', async () => {
    const [an, binh] = await parley.persons('An', 'Bình');
    const metadata = { description: 'About tea', settings: { is_private: true, max_participants: 7 } };
    const room = await an!.rest.createRoom({ name: 'Tea house', users: [binh!.id], metadata });
    for (const text of ['one', 'two', 'three']) await an!.says(room, text);
    await binh!.rest.markRead(room.id, 2);
    const tell = async () => ({
      me: await binh!.rest.me(),
      rooms: await binh!.rest.myRooms(),
      members: await binh!.rest.members(room.id),
      log: await binh!.rest.log(room.id, { after: 0 }),
    });

    const before = await tell();
    await parley.restart();
    expect(await tell()).toEqual(before);
    expect(before.rooms.items).toMatchObject([{ name: 'Tea house', metadata, seq: 3, read: 2, unread: 1 }]);
    expect(before.log.entries).toMatchObject([{ text: 'one' }, { text: 'two' }, { text: 'three' }]);
    expect((await People.signsIn(parley, an!.phone)).me).toEqual(an!.me);
  });

  it('S2 a room’s log goes on where it was', async () => {
    const an = await parley.person('An');
    const room = await an.rest.createRoom({ name: 'Goes on' });
    await an.says(room, 'before');
    await parley.restart();
    expect(await an.says(room, 'after')).toMatchObject({ seq: 2 });
  });

  it('S3 the rooms in memory agree with the database after whatever people do at once, and after a restart', async () => {
    const people = await parley.crowd(8);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(deed, { minLength: 1, maxLength: 12 }), { maxLength: 6 }), async (rounds) => {
        const rooms: string[] = [];
        for (const deeds of rounds) {
          await Promise.allSettled(deeds.map((each) => carryOut(each, people, rooms)));
          expect(inMemory(people)).toEqual(await inDatabase(people));
        }
        await parley.restart();
        expect(inMemory(people)).toEqual(await inDatabase(people));
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it('S3 a message costs no query: nothing but the insert of its entry reaches the database', async () => {
    const [an, binh] = await parley.persons('An', 'Bình');
    const room = await an!.rest.createRoom({ name: 'Cheap', users: [binh!.id] });
    const [speaker, listener] = [await an!.opensPeer(), await binh!.opensPeer()];
    await speaker.asks('postMessage', { room: room.id, clientId: 'first', text: 'first' });

    const commands = parley.watchesDatabase();
    for (let count = 0; count < 10; count++) {
      await speaker.asks('postMessage', { room: room.id, clientId: `c${count}`, text: 'more' });
    }
    await listener.hears('messagePosted', ({ clientId, seq }) => clientId === undefined && seq === 11);
    expect(commands.all.map(({ name, collection }) => `${name} ${collection}`)).toEqual(
      Array(10).fill('insert entries'),
    );
  });

  let names = 0;

  async function carryOut({ what, who, room, other }: Deed, people: Person[], rooms: string[]): Promise<unknown> {
    const { rest } = people[who]!;
    const id = rooms[room % Math.max(1, rooms.length)] ?? '000000000000000000000000';
    switch (what) {
      case 'create': {
        const metadata = { settings: { max_participants: 1 + (room % 5) } };
        return rest.createRoom({ name: `Room ${++names}`, metadata }).then((made) => rooms.push(made.id));
      }
      case 'join':
        return rest.joinRoom(id);
      case 'leave':
        return rest.leaveRoom(id);
      case 'delete':
        return rest.deleteRoom(id);
      case 'add':
        return rest.addMembers(id, [people[other]!.id]);
      case 'private':
        return rest.openPrivateRoom({ user: people[other]!.id });
    }
  }

  /** For each person the rooms that they are in with their role, and for each of these how many there are. */
  function inMemory(people: Person[]): Record<string, string[]> {
    const directory = parley.part(RoomDirectory);
    const of = ({ id }: Person): string[] =>
      directory.roomsOf(id).map((room) => `${room.id} ${room.members.get(id)!.role} ${room.members.size}`);
    return Object.fromEntries(people.map((person) => [person.id, of(person).sort()]));
  }

  async function inDatabase(people: Person[]): Promise<Record<string, string[]>> {
    const rooms = await parley.database.collection('rooms').find().toArray();
    const memberships = await parley.database.collection('memberships').find().toArray();
    const count = new Map(rooms.map((room) => [String(room._id), Number(room['user_count'])]));
    for (const [id, said] of count) expect(memberships.filter(({ room }) => String(room) === id)).toHaveLength(said);
    const of = ({ id }: Person): string[] =>
      memberships
        .filter(({ user }) => String(user) === id)
        .map(({ room, role }) => `${String(room)} ${role} ${count.get(String(room))}`);
    return Object.fromEntries(people.map((person) => [person.id, of(person).sort()]));
  }
});
