import type { MyRoom } from '@parley/contract';
import { Types } from 'mongoose';
import { once } from 'node:events';
import { Parley } from '../support/app-harness';
import type { ChatPeer } from '../support/chat-peer';
import { within } from '../support/deadline';
import type { Person } from '../support/people';

describe('Coming, going and the end of a room', () => {
  let parley: Parley;
  let an: Person;
  let binh: Person;
  let cuc: Person;
  let room: MyRoom;
  let rooms = 0;

  beforeAll(async () => {
    parley = await Parley.start();
  });
  afterAll(() => parley.stop());

  beforeEach(async () => {
    [an, binh, cuc] = (await parley.persons('An', 'Bình', 'Cúc')) as [Person, Person, Person];
    room = await an.rest.createRoom({ name: `Room ${++rooms}` });
  });

  const memberIds = async (person: Person) => (await person.rest.members(room.id)).items.map(({ id }) => id);
  const stored = (collection: string, filter: object) => parley.database.collection(collection).countDocuments(filter);
  const roomId = () => new Types.ObjectId(room.id);

  it('S9 everyone else in the room is told of a newcomer on each of their connections', async () => {
    const peers = [await an.opensPeer(), await an.opensPeer()];
    const newcomer = await binh.opensPeer();
    const joined = await newcomer.asks('joinRoom', { room: room.id });
    expect(joined).toMatchObject({ id: room.id, role: 'member', user_count: 2, seq: 1, unread: 0 });
    for (const peer of peers) {
      expect(await peer.hears('system')).toEqual({
        type: 'system',
        event: 'join',
        message: `Bình has joined the room ${room.name}.`,
        room: room.id,
        seq: 1,
        id: expect.any(String),
        user: { id: binh.id, name: 'Bình' },
        role: 'member',
        at: expect.any(String),
      });
    }
    expect(await memberIds(binh)).toEqual([an.id, binh.id]);
  });

  it('S9 joins by name too, and joining twice tells nobody twice', async () => {
    const peer = await an.opensPeer();
    const newcomer = await binh.opensPeer();
    await Promise.all(Array.from({ length: 5 }, () => newcomer.asks('joinRoom', { name: room.name.toUpperCase() })));
    await binh.rest.joinRoom(room.id);
    await peer.catchesUp();
    expect(peer.heard('system')).toHaveLength(1);
    expect(newcomer.heard('roomAdded')).toHaveLength(1);
  });

  it('S9 the newcomer’s other connections are told too, and all hear what follows', async () => {
    const [first, second] = [await binh.opensPeer(), await binh.opensPeer()];
    await first.asks('joinRoom', { room: room.id });
    expect(await second.hears('roomAdded')).toMatchObject({ id: room.id, seq: 1, last: { event: 'join' } });
    await an.says(room, 'Welcome');
    for (const peer of [first, second]) expect(await peer.hears('messagePosted')).toMatchObject({ seq: 2 });
  });

  it('S9 a room that does not exist, or lets nobody in, is not found', async () => {
    const closed = await an.rest.createRoom({ name: `Closed ${rooms}`, metadata: { settings: { is_private: true } } });
    const peer = await binh.opensPeer();
    const absent = await peer.isRefused('joinRoom', { room: '0123456789abcdef01234567' });
    expect(absent).toMatchObject({ code: 'ROOM_NOT_FOUND' });
    expect(await peer.isRefused('joinRoom', { room: closed.id })).toEqual(absent);
    expect(await peer.isRefused('joinRoom', { name: closed.name })).toEqual(absent);
    expect(await peer.isRefused('joinRoom', { name: 'No such name' })).toEqual(absent);
  });

  it('S9 max_participants holds under 100 simultaneous joins by both doors', async () => {
    const metadata = { settings: { max_participants: 10 } };
    room = await an.rest.createRoom({ name: `Ten ${rooms}`, metadata });
    const watcher = await an.opensPeer();
    const crowd = await parley.crowd(100);
    const joins = crowd.map(async (person, index) =>
      index % 2 === 0 ? person.rest.joinRoom(room.id) : (await person.opensPeer()).asks('joinRoom', { room: room.id }),
    );
    const outcomes = await Promise.allSettled(joins);
    const refusals = outcomes.filter((each) => each.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(refusals).toHaveLength(91);
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'ROOM_FULL' });

    const inside = crowd.filter((_, index) => outcomes[index]!.status === 'fulfilled').map(({ id }) => id);
    expect((await memberIds(an)).sort()).toEqual([an.id, ...inside].sort());
    expect(await stored('memberships', { room: roomId() })).toBe(10);
    await watcher.catchesUp();
    expect(watcher.heard('system').map(({ seq, user }) => [seq, inside.includes(user.id)])).toEqual(
      Array.from({ length: 9 }, (_, index) => [index + 1, true]),
    );
  });

  it('S9 a place that somebody leaves is free again', async () => {
    room = await an.rest.createRoom({ name: `Two ${rooms}`, metadata: { settings: { max_participants: 2 } } });
    await binh.rest.joinRoom(room.id);
    await expect(cuc.rest.joinRoom(room.id)).rejects.toMatchObject({ code: 'ROOM_FULL', status: 409 });
    await binh.rest.leaveRoom(room.id);
    expect(await cuc.rest.joinRoom(room.id)).toMatchObject({ user_count: 2 });
  });

  it('members add others, who are told, and the others with them', async () => {
    await binh.rest.joinRoom(room.id);
    const [ans, cucs] = [await an.opensPeer(), await cuc.opensPeer()];
    const dung = await parley.person('Dung');
    const after = await (
      await binh.opensPeer()
    ).asks('addMembers', { room: room.id, users: [cuc.id, dung.phone, an.id] });
    expect(after).toMatchObject({ user_count: 4 });
    expect(await cucs.hears('roomAdded')).toMatchObject({ id: room.id, role: 'member' });
    const told = await ans.envelopes.several('joins', 2, ({ event }) => event === 'system');
    expect(told.map(({ data }) => (data as { message: string }).message).sort()).toEqual([
      `Cúc has joined the room ${room.name}.`,
      `Dung has joined the room ${room.name}.`,
    ]);
  });

  it('adding fails as a whole: for an unknown person, for too many, and for who is not in the room', async () => {
    room = await an.rest.createRoom({ name: `Three ${rooms}`, metadata: { settings: { max_participants: 3 } } });
    const dung = await parley.person('Dung');
    const adding = (person: Person, ...users: string[]) => person.rest.addMembers(room.id, users);
    await expect(adding(an, binh.id, '0123456789abcdef01234567')).rejects.toMatchObject({ code: 'USER_NOT_FOUND' });
    await expect(adding(an, binh.id, cuc.id, dung.id)).rejects.toMatchObject({ code: 'ROOM_FULL' });
    await expect(adding(binh, binh.id)).rejects.toMatchObject({ code: 'NOT_A_MEMBER', status: 403 });
    expect(await memberIds(an)).toEqual([an.id]);
  });

  it('S10 who leaves is out in memory and database, and the others are told', async () => {
    await binh.rest.joinRoom(room.id);
    const [ans, binhs, elsewhere] = [await an.opensPeer(), await binh.opensPeer(), await binh.opensPeer()];
    expect(await binhs.asks('leaveRoom', { room: room.id })).toEqual({ room: room.id });
    expect(await ans.hears('system')).toMatchObject({
      type: 'system',
      event: 'leave',
      message: `Bình has left the room ${room.name}.`,
      room: room.id,
      seq: 2,
      user: { id: binh.id, name: 'Bình' },
    });
    expect(await elsewhere.hears('roomRemoved')).toEqual({ room: room.id, reason: 'left' });
    expect(await stored('memberships', { room: roomId(), user: new Types.ObjectId(binh.id) })).toBe(0);
    expect(await memberIds(an)).toEqual([an.id]);
    expect(await binhs.isRefused('leaveRoom', { room: room.id })).toMatchObject({ code: 'NOT_A_MEMBER' });
    await expect(binh.rest.log(room.id)).rejects.toMatchObject({ code: 'NOT_A_MEMBER' });
  });

  it('S10 a connection that is lost is not a leave', async () => {
    await binh.rest.joinRoom(room.id);
    const [ans, binhs] = [await an.opensPeer(), await binh.opensPeer()];
    const [end] = parley.connectionsOf(binh);
    const gone = once(end!.socket, 'close');
    binhs.cuts();
    await within('the server’s notice of the loss', gone);

    await an.says(room, 'Are you there?');
    await ans.hears('messagePosted');
    expect(ans.heard('system')).toEqual([]);
    expect(await memberIds(an)).toEqual([an.id, binh.id]);
    const { rooms: mine } = await (await binh.opensSocket()).authenticates(binh.token);
    expect(mine).toMatchObject([{ id: room.id, seq: 2, unread: 1 }]);
  });

  it('S10 when the last owner leaves, whoever is there longest owns the room', async () => {
    await binh.rest.joinRoom(room.id);
    await cuc.rest.joinRoom(room.id);
    const peer = await cuc.opensPeer();
    await an.rest.leaveRoom(room.id);
    expect(await peer.hears('system')).toMatchObject({ event: 'leave', heir: { id: binh.id, name: 'Bình' } });
    expect((await cuc.rest.members(room.id)).items).toMatchObject([{ role: 'owner' }, { role: 'member' }]);
    await parley.restart();
    expect((await cuc.rest.members(room.id)).items).toMatchObject([{ role: 'owner' }, { role: 'member' }]);
    await binh.rest.deleteRoom(room.id);
  });

  it('S10 a room that everybody has left stays, and belongs to whoever comes next', async () => {
    await an.rest.leaveRoom(room.id);
    expect(await binh.rest.joinRoom(room.id)).toMatchObject({ role: 'owner', user_count: 1, seq: 2 });
  });

  describe('deletion', () => {
    const untilErased = async (commands: ReturnType<Parley['watchesDatabase']>) => {
      if ((await stored('deleted_rooms', { _id: roomId() })) === 0) return;
      const last = ({ name, collection }: { name: string; collection: string }) =>
        name === 'delete' && collection === 'deleted_rooms';
      await commands.first('the end of the erasure', last);
    };

    const expectNothingLeft = async () => {
      expect(await stored('rooms', { _id: roomId() })).toBe(0);
      for (const collection of ['memberships', 'entries']) expect(await stored(collection, { room: roomId() })).toBe(0);
      expect(await stored('deleted_rooms', {})).toBe(0);
      for (const person of [an, binh, cuc]) {
        await expect(person.rest.room(room.id)).rejects.toMatchObject({ code: 'ROOM_NOT_FOUND', status: 404 });
        expect((await person.rest.searchRooms(room.name)).items.map(({ id }) => id)).not.toContain(room.id);
        expect((await person.rest.myRooms()).items).toEqual([]);
      }
    };

    it.each([
      ['its owner by the gateway', (peer: ChatPeer) => peer.asks('deleteRoom', { room: room.id })],
      ['its owner by REST', () => an.rest.deleteRoom(room.id)],
      ['an administrator who is not in it', () => parley.founder.rest.deleteRoom(room.id)],
    ])('S11 by %s: all of it is gone, and everyone in it is told', async (_who, deletes) => {
      for (const person of [binh, cuc]) await person.rest.joinRoom(room.id);
      for (const text of ['one', 'two']) await an.says(room, text);
      const peers = [await an.opensPeer(), await binh.opensPeer(), await cuc.opensPeer(), await cuc.opensPeer()];
      const commands = parley.watchesDatabase();
      await deletes(peers[0]!);
      for (const peer of peers) {
        expect(await peer.hears('system')).toMatchObject({
          type: 'system',
          event: 'delete',
          message: `The room ${room.name} has been deleted.`,
          room: room.id,
          seq: 5,
        });
        expect(await peer.hears('roomRemoved')).toEqual({ room: room.id, reason: 'deleted' });
      }
      await untilErased(commands);
      await expectNothingLeft();
      await parley.restart();
      await expectNothingLeft();
    });

    it('S11 a plain member and a stranger are refused, and nothing happens', async () => {
      await binh.rest.joinRoom(room.id);
      const [binhs, cucs] = [await binh.opensPeer(), await cuc.opensPeer()];
      expect(await binhs.isRefused('deleteRoom', { room: room.id })).toMatchObject({ code: 'FORBIDDEN' });
      expect(await cucs.isRefused('deleteRoom', { room: room.id })).toMatchObject({ code: 'NOT_A_MEMBER' });
      await expect(binh.rest.deleteRoom(room.id)).rejects.toMatchObject({ code: 'FORBIDDEN', status: 403 });
      expect(await an.rest.room(room.id)).toMatchObject({ seq: 1, user_count: 2 });
    });

    it('S11 of several deletions at once one counts', async () => {
      await binh.rest.joinRoom(room.id);
      const peer = await binh.opensPeer();
      const tries = [an, parley.founder, an, parley.founder].map(({ rest }) => rest.deleteRoom(room.id));
      const outcomes = await Promise.allSettled(tries);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const each of outcomes) {
        if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'ROOM_NOT_FOUND' });
      }
      await peer.hears('roomRemoved');
      await peer.catchesUp();
      expect(peer.heard('system')).toHaveLength(1);
    });

    it('S11 a history that a stop left half deleted is finished by the next start', async () => {
      const author = { id: new Types.ObjectId(an.id), name: 'An' };
      const entry = (seq: number) => ({ room: roomId(), seq, type: 'message', author, at: new Date(), text: 'old' });
      await parley.database
        .collection('entries')
        .insertMany(Array.from({ length: 5_000 }, (_, index) => entry(index + 1)));
      await parley.restart();
      await an.rest.deleteRoom(room.id);
      await parley.stopApp();
      await parley.startApp();
      await untilErased(parley.watchesDatabase());
      await expectNothingLeft();
    });
  });
});
