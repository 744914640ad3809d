import type { MyRoom } from '@parley/contract';
import { mongo } from 'mongoose';
import { EntryRepository } from '../../apps/api/src/log/entry.repository';
import { RoomDirectory } from '../../apps/api/src/rooms/room-directory';
import { RoomRepository } from '../../apps/api/src/rooms/room.repository';
import { Parley } from '../support/app-harness';
import type { ChatPeer } from '../support/chat-peer';
import type { Person } from '../support/people';

/** The database did what it was asked, and the line broke before it could say so. */
describe('A commit of unknown outcome', () => {
  let parley: Parley;
  let an: Person;
  let binh: Person;
  let cuc: Person;
  let anPeer: ChatPeer;
  let binhPeer: ChatPeer;
  let room: MyRoom;
  let rooms = 0;

  beforeAll(async () => {
    parley = await Parley.start();
  });
  afterAll(() => parley.stop());
  afterEach(() => jest.restoreAllMocks());

  beforeEach(async () => {
    [an, binh, cuc] = (await parley.crowd(3)) as [Person, Person, Person];
    room = await an.rest.createRoom({ name: `Room ${++rooms}`, users: [binh.id] });
    [anPeer, binhPeer] = [await an.opensPeer(), await binh.opensPeer()];
  });

  const lineBreaks = (): never => {
    throw new mongo.MongoNetworkError('The line broke.');
  };

  /** The next change of a room reaches the disk, and nobody learns of it. */
  function losesNextChange(): void {
    const repository = parley.part(EntryRepository);
    const insertWith = repository.insertWith.bind(repository);
    jest.spyOn(repository, 'insertWith').mockImplementationOnce(async (...change) => {
      await insertWith(...change);
      return lineBreaks();
    });
  }

  /** The next messages reach the disk, and nobody learns of it. */
  function losesNextMessages(): void {
    const repository = parley.part(EntryRepository);
    const insert = repository.insert.bind(repository);
    jest.spyOn(repository, 'insert').mockImplementationOnce(async (entries) => {
      await insert(entries);
      return lineBreaks();
    });
  }

  /** The next room reaches the disk, and nobody learns of it. */
  function losesNextRoom(): void {
    const repository = parley.part(RoomRepository);
    const insert = repository.insert.bind(repository);
    jest.spyOn(repository, 'insert').mockImplementationOnce(async (made) => {
      await insert(made);
      return lineBreaks();
    });
  }

  let posts = 0;
  const says = (peer: ChatPeer, text: string) =>
    peer.asks('postMessage', { room: room.id, clientId: `c${++posts}`, text });

  it('takes who has left off the room, at once and unasked', async () => {
    losesNextChange();
    expect(await binhPeer.isRefused('leaveRoom', { room: room.id })).toMatchObject({ code: 'UNAVAILABLE' });
    expect(await binhPeer.hears('roomRemoved')).toEqual({ room: room.id, reason: 'left' });
    expect(await anPeer.hears('system', ({ event }) => event === 'leave')).toMatchObject({ user: { id: binh.id } });
    await says(anPeer, 'Not for Bình');
    await binhPeer.catchesUp();
    expect(binhPeer.entriesOf(room.id)).toEqual([]);
    expect((await an.rest.room(room.id)).users.map(({ id }) => id)).toEqual([an.id]);
  });

  it('makes the heir the owner whom the leave names', async () => {
    losesNextChange();
    await anPeer.isRefused('leaveRoom', { room: room.id });
    await anPeer.hears('roomRemoved');
    expect(await binh.rest.room(room.id)).toMatchObject({ role: 'owner' });
  });

  it('lets who has joined hear the room, from the join on', async () => {
    const newcomer = await cuc.opensPeer();
    losesNextChange();
    expect(await newcomer.isRefused('joinRoom', { room: room.id })).toMatchObject({ code: 'UNAVAILABLE' });
    const added = await newcomer.hears('roomAdded');
    expect(added).toMatchObject({ id: room.id, role: 'member', user_count: 3, seq: 1 });
    const { seq } = await says(anPeer, 'Hello, Cúc');
    expect(await newcomer.hears('messagePosted')).toMatchObject({ seq, text: 'Hello, Cúc' });
    expect(await newcomer.asks('joinRoom', { room: room.id })).toMatchObject({ id: room.id, seq });
    await newcomer.catchesUp();
    expect(newcomer.heard('roomAdded')).toHaveLength(1);
    expect(newcomer.entriesOf(room.id).map((entry) => entry.seq)).toEqual([seq]);
  });

  it('removes a deleted room from screens, memory and database', async () => {
    await says(anPeer, 'history');
    const database = parley.watchesDatabase();
    losesNextChange();
    expect(await anPeer.isRefused('deleteRoom', { room: room.id })).toMatchObject({ code: 'UNAVAILABLE' });
    for (const peer of [anPeer, binhPeer]) {
      expect(await peer.hears('roomRemoved')).toEqual({ room: room.id, reason: 'deleted' });
    }
    await database.first('the end of the erasure', ({ name, collection }) => {
      return name === 'delete' && collection === 'deleted_rooms';
    });
    expect(parley.part(RoomDirectory).get(room.id)).toBeUndefined();
    expect(await storedOf(room.id)).toEqual([]);
    expect((await binh.rest.myRooms()).items).toEqual([]);
    expect(await an.rest.createRoom({ name: room.name })).toMatchObject({ name: room.name });
  });

  /** Where something of a room is left in the database. */
  async function storedOf(id: string): Promise<string[]> {
    const _id = new mongo.ObjectId(id);
    const places = [
      ['rooms', { _id }],
      ['deleted_rooms', { _id }],
      ['memberships', { room: _id }],
      ['entries', { room: _id }],
    ] as const;
    const counts = await Promise.all(
      places.map(([name, filter]) => parley.database.collection(name).countDocuments(filter)),
    );
    return places.filter((_place, index) => counts[index]! > 0).map(([name]) => name);
  }

  it('makes a room all the same when the database can be asked', async () => {
    losesNextRoom();
    const made = await anPeer.asks('createRoom', { name: `Ghost ${rooms}`, users: [binh.id] });
    expect(made).toMatchObject({ name: `Ghost ${rooms}`, role: 'owner' });
    expect(await binhPeer.hears('roomAdded')).toMatchObject({ id: made.id });
  });

  it('lets the creator into the room that a retry finds made', async () => {
    const name = `Ghost ${rooms}`;
    losesNextRoom();
    jest.spyOn(parley.part(RoomRepository), 'find').mockImplementationOnce(async () => lineBreaks());
    expect(await anPeer.isRefused('createRoom', { name })).toMatchObject({ code: 'UNAVAILABLE' });
    expect(await anPeer.isRefused('createRoom', { name })).toMatchObject({ code: 'ROOM_NAME_TAKEN' });
    const { id } = await anPeer.hears('roomAdded', (added) => added.name === name);
    expect((await an.rest.myRooms()).items.map((mine) => mine.id)).toContain(id);
    const posted = await anPeer.asks('postMessage', { room: id, clientId: 'first', text: 'At last' });
    expect(await anPeer.hears('messagePosted', (entry) => entry.room === id)).toMatchObject({ seq: posted.seq });
  });

  it('tells a message that is on disk, however busy other rooms are', async () => {
    const busy = await cuc.rest.createRoom({ name: `Busy ${rooms}` });
    const [first, second] = [await cuc.opensPeer(), await cuc.opensPeer()];
    losesNextMessages();
    await anPeer.isRefused('postMessage', { room: room.id, clientId: 'lost', text: 'Lost to sight' });
    let told = false;
    const chatters = [first, second].flatMap((peer, line) =>
      [1, 2, 3, 4].map(async (voice) => {
        for (let count = 0; !told; count++) {
          await peer.asks('postMessage', { room: busy.id, clientId: `${line}-${voice}-${count}`, text: 'chatter' });
        }
      }),
    );
    try {
      expect(await binhPeer.hears('messagePosted')).toMatchObject({ room: room.id, seq: 1, text: 'Lost to sight' });
    } finally {
      told = true;
      await Promise.all(chatters);
    }
  });
});
