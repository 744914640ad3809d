import { Parley } from '../support/app-harness';
import { freshPhone, type Person } from '../support/people';

describe('A private chat', () => {
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

  const nameFor = (...phones: string[]) =>
    `private_room_${phones
      .map((phone) => phone.slice(1))
      .sort()
      .join('_')}`;
  const stored = async () => {
    const { database } = parley;
    return [
      await database.collection('rooms').countDocuments(),
      await database.collection('memberships').countDocuments(),
    ];
  };

  it('S7 is named after the two numbers, sorted, whoever opens it, and both are told', async () => {
    const peer = await binh.opensPeer();
    const room = await an.rest.openPrivateRoom({ phone: binh.phone });
    expect(room).toMatchObject({ name: nameFor(an.phone, binh.phone), kind: 'private', user_count: 2 });
    expect(room.users.map(({ id, phone }) => [id, phone])).toEqual([
      [an.id, an.phone],
      [binh.id, binh.phone],
    ]);
    expect(await peer.hears('roomAdded')).toMatchObject({ id: room.id, name: room.name });
    expect((await binh.rest.openPrivateRoom({ user: an.id })).id).toBe(room.id);
    expect(room.metadata.settings).toEqual({ is_private: true, max_participants: 2 });
  });

  it('S7 the private room is created once under 50 simultaneous calls from both sides and both doors', async () => {
    const [ans, binhs] = [await an.opensPeer(), await binh.opensPeer()];
    const before = await stored();
    const calls = Array.from({ length: 50 }, (_, index) => {
      const [caller, peer, other] = index % 2 === 0 ? [an, ans, binh] : [binh, binhs, an];
      const wanted = index % 3 === 0 ? { user: other.id } : { phone: other.phone };
      return index % 5 === 0 ? peer.asks('openPrivateRoom', wanted) : caller.rest.openPrivateRoom(wanted);
    });
    const rooms = await Promise.all(calls);
    expect(new Set(rooms.map(({ id }) => id)).size).toBe(1);
    for (const room of rooms)
      expect(room).toMatchObject({ name: nameFor(an.phone, binh.phone), user_count: 2, seq: 0 });
    expect(await stored()).toEqual([before[0]! + 1, before[1]! + 2]);
    for (const peer of [ans, binhs]) {
      await peer.catchesUp();
      expect(peer.heard('roomAdded')).toHaveLength(1);
      expect(peer.heard('system')).toEqual([]);
    }
  });

  it('S7 nothing is created where a number is nobody’s, is no number, or is one’s own', async () => {
    const before = await stored();
    const refused = (wanted: object) => an.rest.openPrivateRoom(wanted).catch((error: unknown) => error);
    expect(await refused({ phone: freshPhone() })).toMatchObject({ code: 'USER_NOT_FOUND', status: 404 });
    expect(await refused({ user: '0123456789abcdef01234567' })).toMatchObject({ code: 'USER_NOT_FOUND' });
    expect(await refused({ phone: '12 34 5' })).toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(await refused({ phone: an.phone })).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: { phone: expect.any(String) },
    });
    expect(await refused({ user: an.id })).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: { user: expect.any(String) },
    });
    expect(await refused({ user: binh.id, phone: binh.phone })).toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(await refused({})).toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(await stored()).toEqual(before);
  });

  it('S7 only those two can ever be in it', async () => {
    const cuc = await parley.person('Cúc');
    const room = await an.rest.openPrivateRoom({ phone: binh.phone });
    const peer = await cuc.opensPeer();
    expect(await peer.isRefused('joinRoom', { room: room.id })).toMatchObject({ code: 'ROOM_NOT_FOUND' });
    expect(await peer.isRefused('joinRoom', { name: room.name })).toMatchObject({ code: 'ROOM_NOT_FOUND' });
    await expect(cuc.rest.room(room.id)).rejects.toMatchObject({ code: 'ROOM_NOT_FOUND' });
    await expect(an.rest.addMembers(room.id, [cuc.id])).rejects.toMatchObject({ code: 'FORBIDDEN' });
    // Not even in the place of one who has left.
    await binh.rest.leaveRoom(room.id);
    expect(await peer.isRefused('joinRoom', { room: room.id })).toMatchObject({ code: 'ROOM_NOT_FOUND' });
    await expect(an.rest.addMembers(room.id, [cuc.id])).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await an.rest.members(room.id)).items).toMatchObject([{ id: an.id }]);
  });

  it('S7 its name is nobody else’s to take', async () => {
    const name = nameFor(an.phone, binh.phone);
    for (const taken of [name, name.toUpperCase(), 'Private_room_of_mine']) {
      const refusal = { code: 'VALIDATION_FAILED', fields: { name: expect.any(String) } };
      await expect(an.rest.createRoom({ name: taken })).rejects.toMatchObject(refusal);
      await expect(an.rest.createGroup({ name: taken, users: [binh.id] })).rejects.toMatchObject(refusal);
    }
  });

  it('S7 whoever left it is in the same room again when either opens it', async () => {
    const room = await an.rest.openPrivateRoom({ phone: binh.phone });
    await an.says(room, 'Hello');
    await binh.rest.leaveRoom(room.id);
    const peer = await binh.opensPeer();
    const again = await an.rest.openPrivateRoom({ phone: binh.phone });
    expect(again).toMatchObject({ id: room.id, user_count: 2 });
    expect(await peer.hears('roomAdded')).toMatchObject({ id: room.id, seq: again.seq });
    expect((await binh.rest.log(room.id)).entries[0]).toMatchObject({ text: 'Hello' });
  });

  it('S7 is the same room after a restart', async () => {
    const room = await an.rest.openPrivateRoom({ phone: binh.phone });
    await parley.restart();
    expect(await binh.rest.openPrivateRoom({ phone: an.phone })).toEqual({ ...room, users: expect.any(Array) });
  });
});
