import type { MyRoom, PersonPresence, Presence } from '@parley/contract';
import type { ChatPeer } from '../support/chat-peer';
import { Cluster, type ClusterNode } from '../support/cluster';
import { soon } from '../support/deadline';
import { Person } from '../support/people';

describe('F4 presence on two nodes', () => {
  let cluster: Cluster;
  let near: ClusterNode;
  let far: ClusterNode;
  let an: Person;
  let binh: Person;
  let chat: MyRoom;
  let watcher: ChatPeer;

  beforeAll(async () => {
    cluster = await Cluster.starts(2, { OFFLINE_AFTER_MS: '1000' });
    [near, far] = cluster.nodes as [ClusterNode, ClusterNode];
  });
  afterAll(() => cluster?.ends());
  beforeEach(async () => {
    an = await Person.signsUp(near, 'An');
    binh = await Person.signsUp(far, 'Bình');
    chat = await an.rest.openPrivateRoom({ user: binh.id });
    watcher = await an.opensPeer();
  });
  afterEach(() => {
    for (const each of [an, binh]) each.hangsUp();
  });

  const at = (node: ClusterNode, { me, token }: Person): Person => Person.holds(node, { user: me, token });
  const watches = async (): Promise<PersonPresence> => {
    const { people } = await watcher.asks('watchPresence', { users: [binh.id] });
    // A node that has just started says nothing of those who may still come back.
    if (!people[0]) throw new Error('It is not known yet.');
    return people[0];
  };
  const hears = (presence: Presence): Promise<PersonPresence> =>
    watcher.hears('presenceChanged', (data) => data.user === binh.id && data.presence === presence);
  const news = (): Presence[] => watcher.heard('presenceChanged').map(({ presence }) => presence);

  it('F4 who is at one node is seen at the other, with their status, wherever they set it', async () => {
    expect(await soon(watches)).toMatchObject({ presence: 'offline' });
    const peer = await binh.opensPeer();
    await hears('online');
    await binh.rest.changeMe({ status: 'busy' });
    await hears('busy');
    await at(near, binh).rest.changeMe({ status: 'away' });
    await hears('away');
    expect((await peer.hears('meChanged', ({ status }) => status === 'away')).status).toBe('away');
    peer.cuts();
    const { since } = await watcher.hears('presenceChanged', (data) => data.since !== undefined);
    expect(Date.now() - Date.parse(since!)).toBeGreaterThan(900);
    expect((await watches()).since).toBe(since);
    // A node that has just grown up may have said before that nobody is there.
    expect(news().slice(news().indexOf('online'))).toEqual(['online', 'busy', 'away', 'offline']);
  });

  it('F4 who moves from one node to the other is online all the time', async () => {
    let peer = await binh.opensPeer();
    await soon(async () => expect((await watches()).presence).toBe('online'));
    for (const node of [near, far, near]) {
      peer.cuts();
      peer = await at(node, binh).opensPeer();
    }
    await at(near, binh).rest.changeMe({ status: 'busy' });
    await hears('busy');
    expect(news().filter((presence) => presence === 'offline')).toEqual([]);
    peer.cuts();
  });

  it('F4 typing is told at the other node, and not to the typist’s own connections there', async () => {
    const typist = await binh.opensPeer();
    const own = await at(near, binh).opensPeer();
    await soon(async () => expect((await watches()).presence).toBe('online'));
    await soon(async () => {
      await typist.asks('typing', { room: chat.id });
      await watcher.catchesUp();
      expect(watcher.heard('typing').at(-1)).toEqual({ room: chat.id, user: { id: binh.id, name: 'Bình' } });
    });
    await own.catchesUp();
    expect(own.heard('typing')).toEqual([]);
    own.cuts();
  });

  it('F4 the people of a node that dies are offline some seconds later, and online again with it', async () => {
    const peer = await binh.opensPeer();
    await soon(async () => expect((await watches()).presence).toBe('online'));
    await far.isKilled();
    expect((await hears('offline')).since).toBeDefined();
    await peer.closes();
    await far.starts();
    await binh.opensPeer();
    await hears('online');
  });

  it('F4 what a node did while Redis was away is known when it is back', async () => {
    await soon(watches);
    cluster.redis.pauses();
    await binh.opensPeer();
    cluster.redis.goesOn();
    await hears('online');
    await cluster.redis.stops();
    const second = await Person.signsUp(far, 'Cúc');
    await second.opensPeer();
    await cluster.redis.starts();
    await an.rest.openPrivateRoom({ user: second.id });
    await soon(async () => {
      const { people } = await watcher.asks('watchPresence', { users: [second.id] });
      expect(people).toEqual([{ user: second.id, presence: 'online' }]);
    });
    second.hangsUp();
  });

  it('F4 who left while Redis was away is gone at the other node when it is back', async () => {
    await soon(watches);
    const peer = await binh.opensPeer();
    await soon(async () => expect((await watches()).presence).toBe('online'));
    const nearby = await at(far, an).opensPeer();
    await soon(async () => {
      const { people } = await nearby.asks('watchPresence', { users: [binh.id] });
      expect(people).toEqual([{ user: binh.id, presence: 'online' }]);
    });
    await cluster.redis.stops();
    peer.cuts();
    await nearby.hears('presenceChanged', ({ presence }) => presence === 'offline');
    expect((await watches()).presence).toBe('online');
    await cluster.redis.starts();
    await hears('offline');
    nearby.cuts();
  });
});
