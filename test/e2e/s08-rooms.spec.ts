import { everyItem } from '@parley/sdk';
import { Types } from 'mongoose';
import type { RoomRecord } from '../../apps/api/src/rooms/room';
import { RoomDirectory } from '../../apps/api/src/rooms/room-directory';
import { Parley } from '../support/app-harness';
import { freshPhone, type Person } from '../support/people';

describe('Making rooms and finding them', () => {
  let parley: Parley;
  let an: Person;
  let binh: Person;

  beforeAll(async () => {
    parley = await Parley.start();
  });
  afterAll(() => parley.stop());

  beforeEach(async () => {
    [an, binh] = (await parley.persons('An', 'Bình')) as [Person, Person];
  });

  const found = async (person: Person, q: string) => (await person.rest.searchRooms(q)).items.map(({ name }) => name);
  const rooms = () => parley.database.collection('rooms').countDocuments();

  it('S8 a room has its name, time of creation, users and metadata, on the wire and in the database', async () => {
    const metadata = { description: 'About tea', settings: { is_private: true, max_participants: 12 } };
    const began = Date.now();
    const room = await an.rest.createRoom({ name: 'Tea house', users: [binh.phone], metadata });
    expect(room).toMatchObject({ name: 'Tea house', kind: 'room', metadata, user_count: 2, role: 'owner', seq: 0 });
    expect(room.users).toMatchObject([
      { id: an.id, name: 'An', role: 'owner' },
      { id: binh.id, name: 'Bình', role: 'member' },
    ]);
    expect(Date.parse(room.created_at)).toBeGreaterThanOrEqual(began);

    const document = await parley.database.collection('rooms').findOne({ _id: new Types.ObjectId(room.id) });
    expect(document).toMatchObject({ name: 'Tea house', created_at: new Date(room.created_at), metadata });
    const members = await parley.database
      .collection('memberships')
      .find({ room: document!._id })
      .sort({ _id: 1 })
      .toArray();
    expect(members.map(({ user, role }) => [String(user), role])).toEqual([
      [an.id, 'owner'],
      [binh.id, 'member'],
    ]);
  });

  it('S8 a room may be empty but for its creator, public and without a description', async () => {
    expect(await an.rest.createRoom({ name: 'Bare' })).toMatchObject({
      user_count: 1,
      metadata: { description: '', settings: { is_private: false, max_participants: 1000 } },
    });
  });

  it('S8 a room is on the screens of everyone in it at once, its creator’s others included', async () => {
    const peers = [await an.opensPeer(), await an.opensPeer(), await binh.opensPeer()];
    const room = await peers[0]!.asks('createRoom', { name: 'On all screens', users: [binh.id] });
    expect(await peers[1]!.hears('roomAdded')).toEqual(room);
    expect(await peers[2]!.hears('roomAdded')).toMatchObject({ id: room.id, role: 'member', seq: 0, last: null });
    await an.says(room, 'Hello');
    for (const peer of peers) expect(await peer.hears('messagePosted')).toMatchObject({ seq: 1 });
  });

  it('S8 is in the lists at once, and there after a restart', async () => {
    const room = await an.rest.createRoom({ name: 'At once' });
    expect(await found(binh, 'at on')).toEqual(['At once']);
    expect((await an.rest.myRooms()).items).toEqual([room]);
    await parley.restart();
    expect(await found(binh, 'at on')).toEqual(['At once']);
    expect((await an.rest.myRooms()).items).toEqual([room]);
  });

  it('S8 a name is one room’s, however it is written and however many ask at once', async () => {
    const before = await rooms();
    const names = ['Mây trắng', 'MÂY TRẮNG', 'mây  trắng', 'Mây trắng'];
    const tries = Array.from({ length: 12 }, (_, index) => an.rest.createRoom({ name: names[index % 4]! }));
    const refusals = (await Promise.allSettled(tries)).filter((each) => each.status === 'rejected');
    expect(refusals).toHaveLength(11);
    for (const { reason } of refusals) expect(reason).toMatchObject({ code: 'ROOM_NAME_TAKEN', status: 409 });
    expect(await rooms()).toBe(before + 1);
  });

  it('S8 a deleted room’s name is free again', async () => {
    const room = await an.rest.createRoom({ name: 'Phoenix' });
    await an.rest.deleteRoom(room.id);
    expect((await binh.rest.createRoom({ name: 'Phoenix' })).id).not.toBe(room.id);
  });

  it.each([
    ['an unknown number', () => [freshPhone()], 'USER_NOT_FOUND'],
    ['an unknown id', () => ['0123456789abcdef01234567'], 'USER_NOT_FOUND'],
    ['what is neither', () => ['somebody'], 'VALIDATION_FAILED'],
  ])('S8 S12 %s among the users fails the whole call and is named', async (_what, users, code) => {
    const before = await rooms();
    const body = { name: `With ${String(users())}`.slice(0, 60), users: [binh.id, ...users()] };
    const refusal = { code, fields: { users: expect.stringContaining('place 2') } };
    await expect(an.rest.createRoom(body)).rejects.toMatchObject(refusal);
    await expect(an.rest.createGroup(body)).rejects.toMatchObject(refusal);
    expect(await rooms()).toBe(before);
  });

  it('S8 more users than the room may have are refused', async () => {
    const metadata = { settings: { max_participants: 1 } };
    const call = an.rest.createRoom({ name: 'Too small', users: [binh.id], metadata });
    await expect(call).rejects.toMatchObject({ code: 'ROOM_FULL', status: 409 });
  });

  it('S12 all who are chosen for a group are members at once, and are told on every connection', async () => {
    const cuc = await parley.person('Cúc');
    const peers = [await binh.opensPeer(), await binh.opensPeer(), await cuc.opensPeer()];
    await an.connects();
    const group = await an.chat.send('createGroup', { name: 'Weekend', users: [binh.id, cuc.phone, binh.phone] });
    expect(group).toMatchObject({ kind: 'group', user_count: 3, metadata: { settings: { is_private: true } } });
    for (const peer of peers) expect(await peer.hears('roomAdded')).toMatchObject({ id: group.id, role: 'member' });

    await an.says(group, 'Where to?');
    for (const peer of peers) expect(await peer.hears('messagePosted')).toMatchObject({ seq: 1, text: 'Where to?' });
    expect(await cuc.says(group, 'To the sea')).toMatchObject({ seq: 2 });
  });

  it('S12 groups may share a name, and strangers neither find nor join them', async () => {
    const body = { name: 'Family', users: [binh.id] };
    const [first, second] = [await an.rest.createGroup(body), await an.rest.createGroup(body)];
    expect(first.id).not.toBe(second.id);
    const cuc = await parley.person('Cúc');
    expect(await found(cuc, 'Family')).toEqual([]);
    expect(await found(binh, 'Family')).toEqual(['Family', 'Family']);
    await expect(cuc.rest.joinRoom(first.id)).rejects.toMatchObject({ code: 'ROOM_NOT_FOUND' });
  });

  it('S13 people are found by any word of their name as it is typed, whatever its case and accents', async () => {
    const sought = await parley.person('Trần Thị Ngọc Ánh');
    const hits = async (q: string) => (await an.rest.searchUsers(q)).items.filter(({ id }) => id === sought.id);
    for (const q of ['t', 'tr', 'tran', 'TRẦN', 'ngo', 'ngọc á', 'anh', 'ngọc trần']) {
      expect({ q, hits: (await hits(q)).length }).toEqual({ q, hits: 1 });
    }
    for (const q of ['ran', 'xyz', 'trần x']) expect({ q, hits: (await hits(q)).length }).toEqual({ q, hits: 0 });
    expect((await sought.rest.searchUsers('Ngọc Ánh')).items).toEqual([]);
  });

  it('S13 people are found by their number however it is written, and only then is it shown', async () => {
    const [sought] = await parley.persons('Quỳnh Số');
    const written = [sought!.phone, sought!.phone.replace('+84', '0'), sought!.phone.replace(/^\+84/, '+84 ')];
    for (const q of written) {
      expect((await an.rest.searchUsers(q)).items).toEqual([
        { id: sought!.id, name: 'Quỳnh Số', phone: sought!.phone },
      ]);
    }
    const masked = `+84 ••• ••• ${sought!.phone.slice(-3)}`;
    expect((await an.rest.searchUsers('quynh so')).items).toMatchObject([{ phone: masked }]);
    await an.rest.openPrivateRoom({ phone: sought!.phone });
    expect((await an.rest.searchUsers('quynh so')).items).toMatchObject([{ phone: sought!.phone }]);
    expect((await binh.rest.searchUsers('quynh so')).items).toMatchObject([{ phone: masked }]);
  });

  it('S13 rooms are found by name as it is typed; private ones only by their members', async () => {
    await an.rest.createRoom({ name: 'Cà phê sáng' });
    const settings = { is_private: true };
    await an.rest.createRoom({ name: 'Cà phê kín', users: [binh.id], metadata: { settings } });
    const cuc = await parley.person('Cúc');
    for (const q of ['c', 'ca', 'CÀ PH', 'phe']) {
      expect({ q, found: await found(cuc, q) }).toEqual({ q, found: expect.arrayContaining(['Cà phê sáng']) });
      expect({ q, found: await found(cuc, q) }).toEqual({ q, found: expect.not.arrayContaining(['Cà phê kín']) });
    }
    expect(await found(binh, 'ca phe')).toEqual(['Cà phê sáng', 'Cà phê kín']);
    const [seen] = (await cuc.rest.searchRooms('ca phe sang')).items;
    expect(seen).toMatchObject({ user_count: 1, users: [] });
  });

  it('S13 private chats of others never show, one’s own do', async () => {
    const room = await an.rest.openPrivateRoom({ phone: binh.phone });
    const cuc = await parley.person('Cúc');
    for (const q of ['private', room.name, an.phone.slice(1), an.phone]) {
      expect(await found(cuc, q)).not.toContain(room.name);
    }
    expect(await found(binh, room.name)).toEqual([room.name]);
  });

  describe('without a name', () => {
    const all = async (person: Person, range: { kind?: 'room' | 'group' } = {}) => {
      const names: string[] = [];
      const rooms = everyItem((page) => person.rest.searchRooms('', { ...page, ...range, limit: 7 }));
      for await (const { name } of rooms) names.push(name);
      return names;
    };

    it('S13 somebody new is listed every open room, page by page, and no private one of others', async () => {
      const settings = { is_private: true };
      const open = Array.from({ length: 20 }, (_, index) => `Hall ${index}`);
      for (const name of open) await an.rest.createRoom({ name });
      const hidden = await an.rest.createRoom({ name: 'Hall of secrets', metadata: { settings } });
      const group = await an.rest.createGroup({ name: 'Hall party', users: [binh.id] });
      const talk = await an.rest.openPrivateRoom({ phone: binh.phone });
      const cuc = await parley.person('Cúc');
      const listed = await all(cuc);
      expect(listed.filter((name) => name.startsWith('Hall'))).toEqual(open);
      expect(listed).not.toContain(talk.name);
      expect(new Set(listed).size).toBe(listed.length);
      const mine = [hidden.name, group.name, talk.name];
      expect((await all(an)).filter((name) => mine.includes(name))).toEqual(mine);
    });

    it('S13 only rooms of a kind are listed, and found by name, where one is asked for', async () => {
      const group = await an.rest.createGroup({ name: 'Kindred', users: [binh.id] });
      const room = await an.rest.createRoom({ name: 'Kindness' });
      expect(await all(an, { kind: 'room' })).toEqual(expect.arrayContaining([room.name]));
      expect(await all(an, { kind: 'room' })).not.toContain(group.name);
      expect(await all(an, { kind: 'group' })).toContain(group.name);
      expect((await an.rest.searchRooms('kind', { kind: 'group' })).items).toMatchObject([{ id: group.id }]);
    });

    it('S13 ten thousand rooms come page by page, each once, and those that are private do not come', async () => {
      const directory = parley.part(RoomDirectory);
      const made = Array.from({ length: 10_000 }, (_, index): RoomRecord => {
        const settings = { is_private: index % 100 === 0, max_participants: 10 };
        const room = { name: `Many ${index}`, kind: 'room', metadata: { description: '', settings } } as const;
        return {
          ...room,
          id: new Types.ObjectId().toHexString(),
          createdAt: new Date(),
          changedSeq: 0,
          members: new Map(),
        };
      });
      for (const room of made) directory.put(room);
      const listed: string[] = [];
      const rooms = everyItem((page) => binh.rest.searchRooms('', { ...page, limit: 100 }));
      for await (const { name } of rooms) listed.push(name);
      for (const { id } of made) directory.remove(id);
      const open = made.filter(({ metadata }) => !metadata.settings.is_private).map(({ name }) => name);
      expect(listed.filter((name) => name.startsWith('Many'))).toEqual(open);
    });

    it('S13 a room is listed from its making to its deletion', async () => {
      const room = await an.rest.createRoom({ name: 'Passing' });
      expect(await all(binh)).toContain('Passing');
      await an.rest.deleteRoom(room.id);
      expect(await all(binh)).not.toContain('Passing');
    });
  });

  it('S13 a long list comes in pages without a gap', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `Library ${index}`);
    for (const name of names) await an.rest.createRoom({ name });
    const first = await binh.rest.searchRooms('lib', { limit: 3 });
    const second = await binh.rest.searchRooms('lib', { limit: 3, after: first.next });
    const third = await binh.rest.searchRooms('lib', { limit: 3, after: second.next });
    expect([first, second, third].flatMap(({ items }) => items.map(({ name }) => name))).toEqual(names);
    expect(third.next).toBeNull();
  });
});
