import type { Events, Id, MyRoom, PersonPresence, Presence } from '@parley/contract';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PresenceService } from '../../apps/api/src/presence/presence.service';
import { UsersService } from '../../apps/api/src/users/users.service';
import { Parley } from '../support/app-harness';
import type { ChatPeer } from '../support/chat-peer';
import { soon } from '../support/deadline';
import type { Person } from '../support/people';

/** Long enough to come back in, short enough to wait for. */
const OFFLINE_AFTER_MS = 300;

describe('F4 presence on one server', () => {
  let parley: Parley;
  let an: Person;
  let binh: Person;
  let chat: MyRoom;
  let watcher: ChatPeer;

  beforeAll(async () => {
    parley = await Parley.start({ OFFLINE_AFTER_MS: String(OFFLINE_AFTER_MS) });
    await isGrownUp();
  });
  afterAll(() => parley.stop());
  beforeEach(async () => {
    [an, binh] = (await parley.crowd(2)) as [Person, Person];
    chat = await an.rest.openPrivateRoom({ user: binh.id });
    watcher = await an.opensPeer();
  });
  afterEach(() => {
    for (const each of [an, binh]) each.hangsUp();
  });

  /** Of what goes on in this process: the server has its turns. */
  const sees = (check: () => void): Promise<void> => soon(() => nextTurn().then(check));
  /** A server that has just started says nothing of those who may still come back. */
  const isGrownUp = (): Promise<void> =>
    sees(() => expect(Reflect.get(parley.part(PresenceService), 'expected')).toBeUndefined());
  const watches = async (...people: Person[]): Promise<PersonPresence[]> =>
    (await watcher.asks('watchPresence', { users: people.map(({ id }) => id) })).people;
  const hears = (person: Person, presence: Presence): Promise<PersonPresence> =>
    watcher.hears('presenceChanged', (data) => data.user === person.id && data.presence === presence);
  const news = (): Events['presenceChanged'][] => watcher.heard('presenceChanged');

  it('F4 somebody is online with the first connection and offline some time after the last one, with since', async () => {
    expect(await watches(binh)).toEqual([{ user: binh.id, presence: 'offline' }]);
    const [first, second] = [await binh.opensPeer(), await binh.opensPeer()];
    expect(await hears(binh, 'online')).toEqual({ user: binh.id, presence: 'online' });
    expect(await watches(binh)).toEqual([{ user: binh.id, presence: 'online' }]);
    first.cuts();
    await sees(() => expect(parley.connectionsOf(binh)).toHaveLength(1));
    const left = Date.now();
    second.cuts();
    const gone = await hears(binh, 'offline');
    expect(Math.abs(Date.parse(gone.since!) - left)).toBeLessThan(5_000);
    expect(Date.now() - Date.parse(gone.since!)).toBeGreaterThanOrEqual(OFFLINE_AFTER_MS - 50);
    expect(await watches(binh)).toEqual([gone]);
    expect(news().map(({ presence }) => presence)).toEqual(['online', 'offline']);
  });

  it('F4 somebody who comes right back was never away', async () => {
    let peer = await binh.opensPeer();
    await watches(binh);
    for (let blink = 0; blink < 5; blink++) {
      peer.cuts();
      await sees(() => expect(parley.connectionsOf(binh)).toHaveLength(0));
      peer = await binh.opensPeer();
    }
    await binh.rest.changeMe({ status: 'busy' });
    await hears(binh, 'busy');
    expect(
      news()
        .map(({ presence }) => presence)
        .filter((presence) => presence !== 'online'),
    ).toEqual(['busy']);
  });

  it('F4 a status is told to watchers and to all sessions of the person at once, and lasts', async () => {
    const other = await binh.onAnotherDevice();
    const [phone, laptop] = [await binh.opensPeer(), await other.opensPeer()];
    await watches(binh);
    const me = await binh.rest.changeMe({ status: 'away' });
    expect(me.status).toBe('away');
    for (const each of [phone, laptop]) expect(await each.hears('meChanged')).toEqual(me);
    await hears(binh, 'away');
    expect(watcher.heard('meChanged')).toEqual([]);
    phone.cuts();
    laptop.cuts();
    expect(await hears(binh, 'offline')).toMatchObject({ user: binh.id });
    await parley.restart();
    watcher = await an.opensPeer();
    await binh.opensPeer();
    expect(await watches(binh)).toEqual([{ user: binh.id, presence: 'away' }]);
    expect((await binh.rest.me()).status).toBe('away');
    expect((await binh.rest.changeMe({ name: 'Bình' })).status).toBe('away');
  });

  it('F4 until when somebody was there is known after a restart, also of those who were there when it began', async () => {
    const cuc = (await parley.crowd(1))[0]!;
    await an.rest.openPrivateRoom({ user: cuc.id });
    const peer = await binh.opensPeer();
    await cuc.opensPeer();
    await watches(binh, cuc);
    peer.cuts();
    const { since } = await hears(binh, 'offline');
    await soon(async () => expect((await parley.part(UsersService).get(binh.id)).last_seen_at).toBeDefined());
    cuc.hangsUp();
    const stopped = Date.now();
    await parley.restart();
    watcher = await an.opensPeer();
    await watches(binh, cuc);
    const [first, second] = await Promise.all([hears(binh, 'offline'), hears(cuc, 'offline')]);
    expect(await watches(binh, cuc)).toEqual([first, second]);
    expect(Math.abs(Date.parse(first!.since!) - Date.parse(since!))).toBeLessThan(2_000);
    expect(Math.abs(Date.parse(second!.since!) - stopped)).toBeLessThan(5_000);
  });

  it('F4 who left just before the server stopped is known to have been there until then', async () => {
    const patient = await Parley.start({ OFFLINE_AFTER_MS: '60000' });
    const [cuc, dung] = (await patient.crowd(2)) as [Person, Person];
    const peers = [await cuc.opensPeer(), await dung.opensPeer()] as const;
    const left = Date.now();
    peers[0].cuts();
    await sees(() => expect(patient.connectionsOf(cuc)).toHaveLength(0));
    const gone = Date.now();
    await patient.restart();
    const seenAt = async ({ id }: Person) => (await patient.part(UsersService).get(id)).last_seen_at?.getTime();
    const [ofCuc, ofDung] = [await seenAt(cuc), await seenAt(dung)];
    expect(ofCuc).toBeGreaterThanOrEqual(left);
    expect(ofCuc).toBeLessThanOrEqual(gone);
    expect(ofDung).toBeGreaterThanOrEqual(gone);
    await patient.stop();
  });

  it('F4 who comes back to a server that was started anew was never offline', async () => {
    await parley.restart();
    watcher = await an.opensPeer();
    const first = await watches(binh, an);
    await binh.opensPeer();
    await hears(binh, 'online');
    await isGrownUp();
    await binh.rest.changeMe({ status: 'busy' });
    await hears(binh, 'busy');
    expect(first).toEqual([{ user: an.id, presence: 'online' }]);
    const ofBinh = news().filter(({ user }) => user === binh.id);
    expect(ofBinh.map(({ presence }) => presence)).toEqual(['online', 'busy']);
  });

  it('F4 a later watch replaces the earlier one, and a connection that has closed watches nobody', async () => {
    const cuc = (await parley.crowd(1))[0]!;
    await an.rest.openPrivateRoom({ user: cuc.id });
    await watches(binh);
    await watches(cuc);
    await Promise.all([binh.opensPeer(), cuc.opensPeer()]);
    await hears(cuc, 'online');
    expect(news().map(({ user }) => user)).toEqual([cuc.id]);
    const { watches: kept } = parley.part(PresenceService) as unknown as { watches: { people: number } };
    expect(kept.people).toBe(1);
    watcher.cuts();
    await sees(() => expect(kept.people).toBe(0));
    cuc.hangsUp();
  });

  it('F4 typing and asking who is there ask the database nothing, nor does it keep any of it', async () => {
    const peer = await binh.opensPeer();
    await watches(binh);
    await peer.asks('typing', { room: chat.id });
    const asked = parley.watchesDatabase();
    expect(await watches(binh)).toEqual([{ user: binh.id, presence: 'online' }]);
    await peer.asks('typing', { room: chat.id });
    await watcher.hears('typing', ({ user }) => user.id === binh.id);
    // What is asked for a call of REST comes after all that was asked before.
    await binh.rest.me();
    const all = [...asked.all];
    await binh.rest.me();
    expect(all.map(({ name, collection }) => [name, collection])).toEqual(
      asked.all.slice(all.length).map(({ name, collection }) => [name, collection]),
    );
    expect((await an.rest.log(chat.id)).entries).toEqual([]);
  });

  describe('typing', () => {
    it('F4 is told to every other member and to nobody else, and is no entry', async () => {
      const [cuc, dung] = (await parley.crowd(2)) as [Person, Person];
      const group = await an.rest.createGroup({ name: 'Typists', users: [binh.id, cuc.id] });
      const [typist, secondFoot, reader, stranger] = await Promise.all([
        binh.opensPeer(),
        binh.opensPeer(),
        cuc.opensPeer(),
        dung.opensPeer(),
      ]);
      expect(await typist.asks('typing', { room: group.id })).toEqual({ room: group.id });
      const told = { room: group.id, user: { id: binh.id, name: binh.name } };
      for (const each of [watcher, reader]) expect(await each.hears('typing')).toEqual(told);
      for (const each of [typist, secondFoot, stranger]) {
        await each.catchesUp();
        expect(each.heard('typing')).toEqual([]);
      }
      expect((await an.rest.log(group.id)).entries).toEqual([]);
      for (const each of [cuc, dung]) each.hangsUp();
    });

    it('F4 is not told in a room of more than 200', async () => {
      const crowd = await parley.crowd(200);
      const room = await an.rest.createRoom({ name: 'Crowded', users: crowd.slice(0, 199).map(({ id }) => id) });
      const typist = await crowd[0]!.opensPeer();
      await typist.asks('typing', { room: room.id });
      expect((await watcher.hears('typing')).room).toBe(room.id);
      await an.rest.addMembers(room.id, [crowd[199]!.id]);
      await typist.asks('typing', { room: room.id });
      await watcher.catchesUp();
      expect(watcher.heard('typing')).toHaveLength(1);
      crowd[0]!.hangsUp();
    });

    it('F4 is dropped for a reader who has to catch up, who gets all messages', async () => {
      const typist = await binh.opensPeer();
      const [slow] = parley.connectionsOf(an);
      watcher.stopsReading();
      const text = 'x'.repeat(8_000);
      let sent = 0;
      while (slow!.queuedBytes < 300_000 && sent < 400) {
        await typist.asks('postMessage', { room: chat.id, clientId: `m${++sent}`, text });
      }
      const waiting = slow!.queuedBytes;
      for (let times = 0; times < 50; times++) await typist.asks('typing', { room: chat.id });
      await nextTurn();
      expect(slow!.queuedBytes).toBe(waiting);
      watcher.readsOn();
      await watcher.hears('messagePosted', ({ seq }) => seq === sent);
      expect(watcher.heard('typing')).toEqual([]);
    });
  });

  it('F4 who shares a room only since a moment ago is told as soon as they ask', async () => {
    const cuc = (await parley.crowd(1))[0]!;
    await cuc.opensPeer();
    expect(await watches(cuc)).toEqual([]);
    const group = await an.rest.createGroup({ name: 'Later', users: [cuc.id] });
    expect(await watches(cuc)).toEqual([{ user: cuc.id, presence: 'online' }]);
    await cuc.rest.leaveRoom(group.id);
    expect(await watches(cuc)).toEqual([]);
    cuc.hangsUp();
  });

  it('F4 a crowd that comes back is told, each person once', async () => {
    const crowd = await parley.crowd(150);
    const ids: Id[] = crowd.map(({ id }) => id);
    await an.rest.createGroup({ name: 'All of us', users: ids });
    await watches(...crowd);
    await Promise.all(crowd.map((each) => each.opensPeer()));
    for (const each of crowd) await hears(each, 'online');
    expect(news()).toHaveLength(150);
    for (const each of crowd) each.hangsUp();
  });
});
