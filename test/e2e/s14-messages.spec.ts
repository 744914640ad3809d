import type { MyRoom } from '@parley/contract';
import { Parley } from '../support/app-harness';
import type { Person } from '../support/people';

describe('Messages', () => {
  let parley: Parley;
  let an: Person;
  let binh: Person;
  let room: MyRoom;
  let rooms = 0;

  beforeAll(async () => {
    parley = await Parley.start();
  });
  afterAll(() => parley.stop());

  beforeEach(async () => {
    [an, binh] = (await parley.persons('An', 'Bình')) as [Person, Person];
    room = await an.rest.createRoom({ name: `Room ${++rooms}`, users: [binh.id] });
  });

  it('S14 a message is shown to every member with its sender, room and text', async () => {
    const [ans, binhs] = [await an.opensPeer(), await binh.opensPeer()];
    const posted = await ans.asks('postMessage', { room: room.id, clientId: 'mine-1', text: 'Xin chào 👋\nBạn!' });
    expect(posted).toEqual({ room: room.id, seq: 1, id: expect.any(String), at: expect.any(String) });
    const message = { ...posted, type: 'message', sender: { id: an.id, name: 'An' }, text: 'Xin chào 👋\nBạn!' };
    expect(await binhs.hears('messagePosted')).toEqual(message);
    expect(await ans.hears('messagePosted')).toEqual({ ...message, clientId: 'mine-1' });
  });

  it('S14 own and others’ are told apart: a clientId is only ever shown to its author’s sessions', async () => {
    const elsewhere = await an.onAnotherDevice();
    const [other, binhs] = [await elsewhere.opensPeer(), await binh.opensPeer()];
    await an.rest.postMessage({ room: room.id, clientId: 'an-1', text: 'Of An' });
    await binh.rest.postMessage({ room: room.id, clientId: 'binh-1', text: 'Of Bình' });

    const shown = async (person: Person, peer: typeof other) => {
      await peer.envelopes.several('messages', 2, ({ event }) => event === 'messagePosted');
      const { rooms: synced } = await peer.asks('sync', { seen: { [room.id]: 0 } });
      const again = await (await person.opensSocket()).authenticates(person.token, { [room.id]: 0 });
      const last = again.rooms[0]!.last!;
      return {
        live: peer.entriesOf(room.id).map((entry) => 'clientId' in entry && entry.clientId),
        log: (await person.rest.log(room.id)).entries.map((entry) => 'clientId' in entry && entry.clientId),
        sync: (synced[room.id] as { entries: object[] }).entries.map((e) => 'clientId' in e && e.clientId),
        last: 'clientId' in last && last.clientId,
      };
    };
    expect(await shown(elsewhere, other)).toEqual({
      live: ['an-1', false],
      log: ['an-1', false],
      sync: ['an-1', false],
      last: false,
    });
    expect(await shown(binh, binhs)).toEqual({
      live: [false, 'binh-1'],
      log: [false, 'binh-1'],
      sync: [false, 'binh-1'],
      last: 'binh-1',
    });
  });

  it('S14 messages of several authors in one commit keep to that', async () => {
    const [ans, binhs] = [await an.opensPeer(), await binh.opensPeer()];
    for (let count = 0; count < 20; count++) {
      ans.sends('postMessage', { room: room.id, clientId: `an-${count}`, text: 'Of An' });
      binhs.sends('postMessage', { room: room.id, clientId: `binh-${count}`, text: 'Of Bình' });
    }
    for (const [person, peer] of [[an, ans] as const, [binh, binhs] as const]) {
      await peer.envelopes.several('messages', 40, ({ event }) => event === 'messagePosted');
      for (const message of peer.heard('messagePosted')) {
        expect('clientId' in message).toBe(message.sender.id === person.id);
      }
    }
  });

  it.each([
    ['blank', ' \n\t '],
    ['empty', ''],
    ['too long', 'x'.repeat(8_001)],
    ['half of a pair', 'a\ud800b'],
    ['NUL', 'a\u0000b'],
    ['a number', 7],
    ['an operator', { $gt: '' }],
    ['nothing', undefined],
  ])('S14 a text that is %s is refused at both doors and nothing is posted', async (_what, text) => {
    const peer = await an.opensPeer();
    const refusal = { code: 'VALIDATION_FAILED', fields: { text: expect.any(String) } };
    expect(await peer.isRefused('postMessage', { room: room.id, clientId: 'c', text })).toMatchObject(refusal);
    const call = an.rest.postMessage({ room: room.id, clientId: 'c', text: text as string });
    await expect(call).rejects.toMatchObject({ ...refusal, status: 422 });
    expect((await an.rest.log(room.id)).entries).toEqual([]);
  });

  it('S14 the longest text, in the widest characters, arrives as it was sent', async () => {
    const peer = await binh.opensPeer();
    const text = '語'.repeat(8_000);
    await (await an.opensPeer()).asks('postMessage', { room: room.id, clientId: 'c', text });
    expect((await peer.hears('messagePosted')).text).toBe(text);
  });

  it('S14 who is not a member posts nothing, at both doors', async () => {
    const cuc = await parley.person('Cúc');
    const peer = await cuc.opensPeer();
    const message = { room: room.id, clientId: 'c', text: 'Let me in' };
    expect(await peer.isRefused('postMessage', message)).toMatchObject({ code: 'NOT_A_MEMBER' });
    await expect(cuc.rest.postMessage(message)).rejects.toMatchObject({ code: 'NOT_A_MEMBER', status: 403 });
    const nowhere = { ...message, room: '0123456789abcdef01234567' };
    expect(await peer.isRefused('postMessage', nowhere)).toMatchObject({ code: 'ROOM_NOT_FOUND' });
    expect((await an.rest.log(room.id)).entries).toEqual([]);
  });

  it('S14 a new name is on what is said from then on, and on nothing said before', async () => {
    const peer = await an.opensPeer();
    await peer.asks('postMessage', { room: room.id, clientId: 'a', text: 'before' });
    await an.rest.changeMe({ name: 'Anh An' });
    await peer.asks('postMessage', { room: room.id, clientId: 'b', text: 'after' });
    expect((await binh.rest.log(room.id)).entries).toMatchObject([
      { sender: { name: 'An' } },
      { sender: { name: 'Anh An' } },
    ]);
  });

  it('the log is read page by page in either direction', async () => {
    for (let count = 1; count <= 7; count++) await an.says(room, `message ${count}`);
    const seqs = async (range: object) => {
      const { entries, more } = await binh.rest.log(room.id, range);
      return [entries.map(({ seq }) => seq), more];
    };
    expect(await seqs({})).toEqual([[1, 2, 3, 4, 5, 6, 7], false]);
    expect(await seqs({ limit: 3 })).toEqual([[5, 6, 7], true]);
    expect(await seqs({ before: 5, limit: 3 })).toEqual([[2, 3, 4], true]);
    expect(await seqs({ before: 2, limit: 3 })).toEqual([[1], false]);
    expect(await seqs({ after: 0, limit: 3 })).toEqual([[1, 2, 3], true]);
    expect(await seqs({ after: 5, limit: 3 })).toEqual([[6, 7], false]);
    await expect(seqs({ after: 1, before: 5 })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('what is unread counts the messages of others after the mark, which never moves back', async () => {
    for (const text of ['one', 'two', 'three']) await an.says(room, text);
    await binh.says(room, 'mine');
    const [binhs, elsewhere, ans] = [await binh.opensPeer(), await binh.opensPeer(), await an.opensPeer()];
    const unread = async () => (await binh.rest.myRooms()).items.map(({ read, unread: count }) => [read, count])[0];
    expect(await unread()).toEqual([0, 3]);
    expect(await binhs.asks('markRead', { room: room.id, seq: 2 })).toEqual({ room: room.id, read: 2, unread: 1 });
    expect(await elsewhere.hears('roomRead')).toEqual({ room: room.id, read: 2, unread: 1 });
    expect(await binh.rest.markRead(room.id, 1)).toEqual({ room: room.id, read: 2, unread: 1 });
    expect(await binh.rest.markRead(room.id, 1_000)).toEqual({ room: room.id, read: 4, unread: 0 });
    await parley.restart();
    expect(await unread()).toEqual([4, 0]);
    expect(ans.heard('roomRead')).toEqual([]);
  });

  it('what is unread is counted up to 100', async () => {
    const peer = await an.opensPeer();
    for (let count = 0; count < 130; count++) {
      peer.sends('postMessage', { room: room.id, clientId: `c${count}`, text: 'more' }, count);
    }
    await peer.answerTo(129);
    expect((await binh.rest.myRooms()).items).toMatchObject([{ seq: 130, unread: 100 }]);
  });
});
