import type { Id, LogEntry } from '@parley/contract';
import { ChatPeer } from '../support/chat-peer';
import { Cluster, type ClusterNode } from '../support/cluster';
import { soon } from '../support/deadline';
import { freshPhone, Person } from '../support/people';

describe('two nodes and a Redis', () => {
  let cluster: Cluster;
  let near: ClusterNode;
  let far: ClusterNode;
  /** An is at the near node, Bình at the far one; each has a second foot at the other. */
  let an: Person;
  let binh: Person;
  let anAtFar: Person;
  let binhAtNear: Person;
  const peers: ChatPeer[] = [];

  beforeAll(async () => {
    cluster = await Cluster.starts(2);
    [near, far] = cluster.nodes as [ClusterNode, ClusterNode];
    an = await Person.signsUp(near, 'An');
    binh = await Person.signsUp(far, 'Bình');
    anAtFar = at(far, an);
    binhAtNear = at(near, binh);
  });
  afterEach(() => {
    for (const peer of peers.splice(0)) peer.cuts();
  });
  afterAll(() => cluster?.ends());

  const at = (node: ClusterNode, { me, token }: Person): Person => Person.holds(node, { user: me, token });
  const opens = async (person: Person): Promise<ChatPeer> => {
    const peer = await person.opensPeer();
    peers.push(peer);
    return peer;
  };
  const posts = (peer: ChatPeer, room: Id, text: string, clientId: string = crypto.randomUUID()) =>
    peer.asks('postMessage', { room, clientId, text });
  const hears = (peer: ChatPeer, room: Id, seq: number): Promise<unknown> =>
    peer.envelopes.first(`entry ${seq}`, ({ data }) => isEntry(data) && data.room === room && data.seq === seq);
  const isEntry = (data: unknown): data is LogEntry => typeof data === 'object' && data !== null && 'seq' in data;
  const makesRoom = async (users: Id[] = [binh.id], places = 100): Promise<Id> => {
    const metadata = { settings: { max_participants: places } };
    const { id } = await an.rest.createRoom({ name: crypto.randomUUID(), users, metadata });
    await soon(() => binh.rest.room(id));
    return id;
  };

  it('S14 laws 1 and 5: what is posted at one is heard at the other, numbered in one order, whoever posts', async () => {
    const room = await makesRoom();
    const [a, b, other] = (await Promise.all([an, binh, anAtFar].map(opens))) as [ChatPeer, ChatPeer, ChatPeer];
    for (let turn = 1; turn <= 10; turn++) {
      const { seq } = await posts(turn % 2 ? a : b, room, `turn ${turn}`);
      expect(seq).toBe(turn);
      for (const peer of [a, b, other]) await hears(peer, room, seq);
    }
    const own = other.heard('messagePosted').filter(({ sender }) => sender.id === an.id);
    expect(own).toHaveLength(5);
    expect(own.every(({ clientId }) => clientId !== undefined)).toBe(true);
    expect(a.entriesOf(room)).toEqual(other.entriesOf(room));
  });

  it('laws 1, 3 and 5: 600 posts from both nodes into one room at once, each message also at the other node', async () => {
    const room = await makesRoom();
    const ends = await Promise.all([an, anAtFar, binh, binhAtNear].map(opens));
    const replies = await Promise.all(
      Array.from({ length: 600 }, (_, index) => {
        const clientId = crypto.randomUUID();
        const [one, other] = index % 2 ? [ends[0]!, ends[1]!] : [ends[2]!, ends[3]!];
        return Promise.all([one, other].map((peer) => posts(peer, room, `text ${index}`, clientId)));
      }),
    );
    for (const [one, other] of replies) expect(other).toEqual(one);
    const seqs = replies.map(([reply]) => reply!.seq).sort((a, b) => a - b);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    for (const peer of ends) {
      await hears(peer, room, 600);
      expect(peer.entriesOf(room).map(({ seq }) => seq)).toEqual(seqs);
    }
  });

  it('S8 S12 a room made at one is there at the other when the call returns, and its members hear it', async () => {
    const b = await opens(binh);
    const made = await an.rest.createGroup({ name: 'Tea', users: [binh.id] });
    expect(await soon(() => binh.rest.room(made.id))).toMatchObject({ id: made.id, user_count: 2, seq: 0 });
    await b.hears('roomAdded', ({ id }) => id === made.id);
    await posts(await opens(an), made.id, 'hello');
    await hears(b, made.id, 1);
    const name = crypto.randomUUID();
    await an.rest.createRoom({ name });
    await expect(binh.rest.createRoom({ name })).rejects.toMatchObject({ code: 'ROOM_NAME_TAKEN' });
    await soon(async () => expect((await binh.rest.searchRooms(name)).items).toHaveLength(1));
  });

  it('S7 a private chat opened from both sides at once, at different nodes, is one room', async () => {
    const others = await Promise.all([0, 1, 2, 3].map((index) => Person.signsUp(index % 2 ? near : far, 'Other')));
    for (const other of others) {
      const opened = await Promise.all([
        an.rest.openPrivateRoom({ user: other.id }),
        other.rest.openPrivateRoom({ user: an.id }),
        anAtFar.rest.openPrivateRoom({ phone: other.phone }),
      ]);
      expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    }
  });

  it('S9 S10 law 7: who joins or leaves at one node hears the room, or hears it no more, at the other', async () => {
    const room = await makesRoom([]);
    const [a, b, elsewhere] = (await Promise.all([an, binh, binhAtNear].map(opens))) as [ChatPeer, ChatPeer, ChatPeer];
    await b.asks('joinRoom', { room });
    await soon(async () => expect(await an.rest.room(room)).toMatchObject({ user_count: 2 }));
    expect(await a.hears('system', (entry) => entry.room === room)).toMatchObject({
      event: 'join',
      seq: 1,
      user: { id: binh.id },
    });
    await elsewhere.hears('roomAdded', ({ id }) => id === room);
    await posts(a, room, 'for both');
    await Promise.all([b, elsewhere].map((peer) => hears(peer, room, 2)));
    await elsewhere.asks('leaveRoom', { room });
    await b.hears('roomRemoved', (data) => data.room === room && data.reason === 'left');
    await posts(a, room, 'not for you');
    expect(await b.isRefused('postMessage', { room, clientId: 'x', text: 'hm' })).toMatchObject({
      code: 'NOT_A_MEMBER',
    });
    await b.catchesUp();
    expect(b.entriesOf(room).map(({ seq }) => seq)).toEqual([2]);
    await b.asks('joinRoom', { room });
    await hears(a, room, 5);
    expect(a.entriesOf(room).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it('S9 a room for three takes two of ten who join at both nodes at once', async () => {
    const room = await makesRoom([], 3);
    const people = await Promise.all(
      Array.from({ length: 10 }, (_, index) => Person.signsUp(index % 2 ? near : far, 'One')),
    );
    const joined = await Promise.allSettled(people.map((person) => person.rest.joinRoom(room)));
    const refusals = joined.flatMap((each) =>
      each.status === 'rejected' ? [(each.reason as { code: string }).code] : [],
    );
    expect(refusals).toEqual(Array.from({ length: 8 }, () => 'ROOM_FULL'));
    for (const { rest } of [an, anAtFar]) {
      await soon(async () => expect(await rest.room(room)).toMatchObject({ user_count: 3 }));
    }
  });

  it('F5 laws 1 and 3: reactions made at both nodes at once are numbered in one order, and each is there once', async () => {
    const room = await makesRoom();
    const feet = await Promise.all([an, anAtFar, binh, binhAtNear].map(opens));
    const { seq: to } = await posts(feet[0]!, room, 'Tea?');
    await Promise.all(feet.map((peer) => hears(peer, room, to)));
    const react = (peer: ChatPeer, emoji: string, on: boolean): Promise<unknown> =>
      peer.asks('react', { room, to, emoji, on });
    await Promise.all(feet.flatMap((peer) => ['👍', '🎉'].map((emoji) => react(peer, emoji, true))));
    await Promise.all(feet.slice(0, 2).map((peer) => react(peer, '🎉', false)));
    await Promise.all(feet.map((peer) => hears(peer, room, to + 5)));
    const { entries } = await an.rest.log(room, { after: to });
    expect(entries.map(({ seq }) => seq - to)).toEqual([1, 2, 3, 4, 5]);
    const told = entries.map((entry) => entry.type === 'reaction' && `${entry.user.name} ${entry.emoji} ${entry.on}`);
    expect(told.slice(0, 4).sort()).toEqual(['An 🎉 true', 'An 👍 true', 'Bình 🎉 true', 'Bình 👍 true']);
    expect(told[4]).toBe('An 🎉 false');
    for (const peer of feet) expect(peer.entriesOf(room).slice(1)).toEqual(entries);
  });

  it('S11 a room deleted at one is gone at the other; its members there are told', async () => {
    const room = await makesRoom();
    const b = await opens(binh);
    await posts(b, room, 'soon gone');
    await an.rest.deleteRoom(room);
    await soon(() => expect(binh.rest.room(room)).rejects.toMatchObject({ code: 'ROOM_NOT_FOUND' }));
    await b.hears('system', (entry) => entry.room === room && entry.event === 'delete');
    await b.hears('roomRemoved', (data) => data.room === room && data.reason === 'deleted');
  });

  it('S6 a session ended at one closes its sockets at the other with 4401 at once', async () => {
    const phone = (await Person.signsIn(near, an.phone)) as Person;
    const socket = await at(far, phone).opensPeer();
    const { items } = await an.rest.sessions({ limit: 100 });
    await phone.rest.signOut();
    expect(await socket.closes()).toMatchObject({ code: 4401 });
    await expect(at(far, phone).rest.me()).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect(items.length).toBeGreaterThan(1);
  });

  it('S6 a password changed at one closes the sockets of all other sessions at the other with 4401 at once', async () => {
    const cuc = await Person.signsUp(near, 'Cúc');
    const phone = await Person.signsIn(far, cuc.phone);
    const [own, socket] = [await opens(at(far, cuc)), await opens(phone)];
    await cuc.rest.changePassword({ current: cuc.password, new: 'battery staple' });
    expect(await socket.closes()).toMatchObject({ code: 4401 });
    await own.catchesUp();
    await expect(phone.rest.me()).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
  });

  it('S4 a new name, given at one, is on what is written at the other, and in its lists of members', async () => {
    const room = await makesRoom();
    const b = await opens(binh);
    await anAtFar.rest.members(room);
    await binhAtNear.rest.changeMe({ name: 'Bình An' });
    await soon(async () => {
      const { seq } = await posts(b, room, 'it is me');
      const { entries } = await an.rest.log(room, { after: seq - 1, limit: 1 });
      expect(entries[0]).toMatchObject({ sender: { name: 'Bình An' } });
      expect((await anAtFar.rest.members(room)).items.map(({ name }) => name)).toContain('Bình An');
    });
  });

  it('a read mark made at one is told at the other', async () => {
    const room = await makesRoom();
    const b = await opens(binh);
    await posts(await opens(an), room, 'read me');
    await hears(b, room, 1);
    await binhAtNear.rest.markRead(room, 1);
    expect(await b.hears('roomRead', (mark) => mark.room === room)).toEqual({ room, read: 1, unread: 0 });
  });

  it('S5 counts wrong passwords at all nodes together', async () => {
    const strict = await Cluster.starts(2, { RATE_LIMITS: 'on' });
    try {
      await soon(async () => {
        const nobody = freshPhone();
        const tries = (node: number) => Person.signsIn(strict.nodes[node]!, nobody, 'wrong password');
        for (let count = 0; count < 10; count++) {
          await expect(tries(0)).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' });
        }
        await expect(tries(1)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
      });
    } finally {
      await strict.ends();
    }
  });

  it('counts the connections of a person at all nodes together', async () => {
    const strict = await Cluster.starts(2, { CONNECTIONS_PER_USER: '3' });
    try {
      const [one, other] = strict.nodes as [ClusterNode, ClusterNode];
      const person = await Person.signsUp(one, 'One');
      const open = [await opens(person), await opens(person), await opens(at(other, person))];
      await turnedAway(one, person);
      await turnedAway(other, person);
      open[0]!.cuts();
      await letIn(at(other, person));
    } finally {
      await strict.ends();
    }
  });

  /** A person with too many connections is refused one more, as soon as the node has heard of the others. */
  async function turnedAway(node: ClusterNode, person: Person): Promise<void> {
    for (;;) {
      const peer = await ChatPeer.opens(node.gatewayUrl);
      const answer = await peer.authenticates(person.token).catch((error: { code: string }) => error);
      peer.cuts();
      if ('code' in answer) return expect(answer.code).toBe('TOO_MANY_CONNECTIONS');
    }
  }

  /** A place becomes free as soon as the node has heard that another connection is gone. */
  async function letIn(person: Person): Promise<void> {
    while (!(await opens(person).catch(() => undefined)));
  }

  it('is not told by Redis of rooms that nobody there listens to, until somebody does, who misses nothing', async () => {
    const room = await makesRoom([]);
    const a = await opens(an);
    const published = async (): Promise<string> =>
      /^parley_published_total (\d+)$/m.exec(await (await fetch(`${near.url}/metrics`)).text())![1]!;
    await soon(async () => {
      const before = await published();
      await posts(a, room, 'to nobody there');
      expect(await published()).toBe(before);
    });
    for (let turn = 0; turn < 10; turn++) {
      const writing = Array.from({ length: 20 }, (_, index) => posts(a, room, `text ${index}`));
      const other = await opens(anAtFar);
      await Promise.all(writing);
      await hears(other, room, (await posts(a, room, 'the next one')).seq);
      const seqs = other.entriesOf(room).map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_, index) => seqs[0]! + index));
      other.cuts();
    }
  });

  it('says at /readyz and /metrics how Redis is', async () => {
    await soon(async () => {
      expect(await (await fetch(`${near.url}/readyz`)).json()).toEqual({ status: 'ok', redis: 'up' });
      const figures = await (await fetch(`${near.url}/metrics`)).text();
      expect(figures).toMatch(/^parley_redis_up 1$/m);
      expect(figures).toMatch(/^parley_nodes 2$/m);
    });
  });

  it('goes on when one node stops, and greets it when it is back', async () => {
    const room = await makesRoom();
    const a = await opens(an);
    await far.stops();
    const { seq } = await posts(a, room, 'all alone');
    await far.starts();
    const b = await opens(at(far, binh));
    await posts(a, room, 'no longer');
    await hears(b, room, seq + 1);
    await posts(b, room, 'here I am');
    await hears(a, room, seq + 2);
  });
});
