import type { LogEntry, MyRoom, SyncedRoom } from '@parley/contract';
import type { RoomState } from '@parley/sdk';
import { nodeSocket } from '@parley/sdk/node';
import fc from 'fast-check';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { filter, firstValueFrom } from 'rxjs';
import { Parley } from '../support/app-harness';
import type { ChatPeer } from '../support/chat-peer';
import { within } from '../support/deadline';
import type { Person } from '../support/people';

type Whole = Extract<SyncedRoom, { reset: boolean }>;

describe('The wire’s laws', () => {
  let parley: Parley;
  let an: Person;
  let binh: Person;
  let cuc: Person;
  let room: MyRoom;
  let rooms = 0;

  beforeAll(async () => {
    parley = await Parley.start({ CONNECTIONS_PER_USER: '1000' });
  });
  afterAll(() => parley.stop());

  beforeEach(async () => {
    [an, binh, cuc] = (await parley.crowd(3)) as [Person, Person, Person];
    room = await an.rest.createRoom({ name: `Room ${++rooms}`, users: [binh.id] });
  });

  const upTo = (seq: number) => Array.from({ length: seq }, (_, index) => index + 1);
  const seqs = (entries: readonly LogEntry[]) => entries.map(({ seq }) => seq);
  const anonymous = (entries: readonly LogEntry[]) =>
    entries.map((entry) => (entry.type === 'message' ? { ...entry, clientId: undefined } : entry));

  /** The whole log, page after page. */
  async function logOf(person: Person): Promise<LogEntry[]> {
    const entries: LogEntry[] = [];
    for (let more = true; more;) {
      const page = await person.rest.log(room.id, { after: entries.at(-1)?.seq ?? 0, limit: 100 });
      entries.push(...page.entries);
      more = page.more;
    }
    return entries;
  }

  /** Sends posts without waiting for their replies. */
  function streams(peer: ChatPeer, from: number, to: number, name = 's'): void {
    for (let count = from; count <= to; count++) {
      const clientId = `${name}${count}`;
      peer.sends('postMessage', { room: room.id, clientId, text: `message ${count}` }, clientId);
    }
  }

  /** Posts one after the other, each when the one before has been answered. */
  async function talks(peer: ChatPeer, count: number): Promise<void> {
    for (const each of upTo(count)) {
      await peer.asks('postMessage', { room: room.id, clientId: `t${each}`, text: `message ${each}` });
    }
  }

  it('Law 1 entries are numbered 1, 2, 3, … for every reader, whoever posts, joins and leaves at the same time', async () => {
    const readers = [await an.opensPeer(), await binh.opensPeer(), await binh.opensPeer()];
    const crowd = await parley.crowd(6);
    streams(readers[0]!, 1, 60, 'an');
    streams(readers[1]!, 1, 60, 'binh');
    const comings = crowd.map(async ({ rest }) => {
      await rest.joinRoom(room.id);
      await rest.postMessage({ room: room.id, clientId: 'hi', text: 'Hi' });
      await rest.leaveRoom(room.id);
    });
    await Promise.all([...comings, readers[0]!.answerTo('an60'), readers[1]!.answerTo('binh60')]);

    const log = await logOf(an);
    expect(seqs(log)).toEqual(upTo(120 + 3 * 6));
    for (const reader of readers) {
      await reader.catchesUp();
      expect(anonymous(reader.entriesOf(room.id))).toEqual(anonymous(log));
    }
    expect(anonymous(await logOf(binh))).toEqual(anonymous(log));
  });

  it('Law 2 a reply comes when the entry is in the database, and the database was asked to have it on disk', async () => {
    const commands = parley.watchesDatabase();
    const peer = await an.opensPeer();
    for (const text of ['one', 'two', 'three']) {
      const { seq } = await peer.asks('postMessage', { room: room.id, clientId: text, text });
      expect(await parley.database.collection('entries').findOne({ clientId: text, seq, text })).not.toBeNull();
    }
    await binh.rest.leaveRoom(room.id);
    const writes = commands.all.filter(({ name, collection }) => name === 'insert' && collection === 'entries');
    expect(writes).toHaveLength(4);
    for (const { command } of writes.slice(0, 3))
      expect(command['writeConcern']).toMatchObject({ w: 'majority', j: true });
    const commit = commands.all.find(({ name }) => name === 'commitTransaction');
    expect(commit!.command['writeConcern']).toMatchObject({ w: 'majority', j: true });
  });

  describe('Law 3', () => {
    const message = () => ({ room: room.id, clientId: 'same', text: 'Once' });
    const expectOnce = async () => {
      expect((await logOf(an)).filter((entry) => entry.type === 'message')).toMatchObject([{ text: 'Once' }]);
    };

    it('Law 3 a repeat returns the first one’s reply: in one breath, on another connection, by REST, with another text', async () => {
      const [first, second, watcher] = [await an.opensPeer(), await an.opensPeer(), await binh.opensPeer()];
      for (const id of ['r1', 'r2', 'r3']) first.sends('postMessage', message(), id);
      const { data: posted } = await first.answerTo('r1');
      for (const id of ['r2', 'r3']) expect((await first.answerTo(id)).data).toEqual(posted);
      expect(await second.asks('postMessage', message())).toEqual(posted);
      expect(await second.asks('postMessage', { ...message(), text: 'Changed' })).toEqual(posted);
      expect(await an.rest.postMessage(message())).toEqual(posted);
      await expectOnce();
      await watcher.catchesUp();
      expect(watcher.heard('messagePosted')).toHaveLength(1);
    });

    it('Law 3 a repeat among others takes no number away from them', async () => {
      const peer = await an.opensPeer();
      for (const clientId of ['a', 'b', 'a', 'c', 'b', 'd', 'a']) peer.sends('postMessage', { ...message(), clientId });
      await peer.catchesUp();
      await peer.hears('messagePosted', ({ clientId }) => clientId === 'd');
      expect(peer.heard('messagePosted').map(({ seq, clientId }) => [seq, clientId])).toEqual([
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
        [4, 'd'],
      ]);
    });

    it('Law 3 the same message on 20 connections and by REST at once is posted once', async () => {
      const peers = await Promise.all(upTo(20).map(() => an.opensPeer()));
      const replies = await Promise.all([
        ...peers.map((peer) => peer.asks('postMessage', message())),
        ...upTo(20).map(() => an.rest.postMessage(message())),
      ]);
      for (const reply of replies) expect(reply).toEqual(replies[0]);
      await expectOnce();
    });

    it('Law 3 holds after a restart', async () => {
      const posted = await an.rest.postMessage(message());
      await parley.restart();
      expect(await an.rest.postMessage(message())).toEqual(posted);
      await expectOnce();
    });

    it('Law 3 holds for who has left the room since, and posts nothing into another room', async () => {
      const posted = await binh.rest.postMessage(message());
      const other = await binh.rest.createRoom({ name: `Other ${rooms}` });
      expect(await binh.rest.postMessage({ ...message(), room: other.id })).toEqual(posted);
      await binh.rest.leaveRoom(room.id);
      expect(await binh.rest.postMessage(message())).toEqual(posted);
      await expect(binh.rest.postMessage({ ...message(), clientId: 'new' })).rejects.toMatchObject({
        code: 'NOT_A_MEMBER',
      });
      expect((await binh.rest.log(other.id)).entries).toEqual([]);
    });

    it('Law 3 two people may choose the same clientId', async () => {
      const [first, second] = await Promise.all([an, binh].map(({ rest }) => rest.postMessage(message())));
      expect(new Set([first!.seq, second!.seq])).toEqual(new Set([1, 2]));
    });
  });

  describe('Law 4', () => {
    const act = fc.record({
      what: fc.constantFrom('post', 'post', 'post', 'own', 'join', 'leave', 'add', 'read', 'cut', 'retire', 'away'),
      who: fc.nat(5),
      pause: fc.boolean(),
    });

    it('Law 4 whoever has the history and hears what follows has what a fresh fetch gives, whatever happens', async () => {
      const others = [an, ...(await parley.crowd(5))];
      await fc.assert(
        fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), async (acts) => {
          room = await an.rest.createRoom({ name: `Property ${++rooms}`, users: [binh.id] });
          const { client, wires } = await connectsBreakably(binh);
          const state$ = client.room$(room.id);
          const keeping = state$.subscribe();
          const underWay: Promise<unknown>[] = [];
          for (const { what, who, pause } of acts) {
            const doing = doSomething(what, others[who]!, wires).catch(() => undefined);
            underWay.push(doing);
            if (pause) await doing;
          }
          await Promise.all(underWay);
          const { seq } = await an.rest.postMessage({ room: room.id, clientId: crypto.randomUUID(), text: 'The end' });
          const inStep = state$.pipe(filter((state) => state?.entries.at(-1)?.seq === seq && !state.gone));
          const state = (await within('the client in step', firstValueFrom(inStep)))!;
          await expectFresh(state);
          keeping.unsubscribe();
          client.close();
        }),
        { numRuns: 15 },
      );
    });

    async function connectsBreakably(person: Person) {
      const wires: Socket[] = [];
      const createConnection = (options: NetConnectOpts): Socket => {
        const wire = connect(options);
        wires.push(wire);
        return wire;
      };
      const socket = nodeSocket({ createConnection: createConnection as never });
      return { client: await person.connects({ socket }), wires };
    }

    async function doSomething(what: string, who: Person, wires: Socket[]): Promise<unknown> {
      const message = { room: room.id, clientId: crypto.randomUUID(), text: `Something of ${who.name}` };
      switch (what) {
        case 'post':
          return who.rest.postMessage(message);
        case 'own':
          return binh.chat.postMessage({ room: room.id, text: 'Mine' });
        case 'join':
          return who === an ? undefined : who.rest.joinRoom(room.id);
        case 'leave':
          return who === an ? undefined : who.rest.leaveRoom(room.id);
        case 'add':
          return an.rest.addMembers(room.id, [who.id]);
        case 'read':
          return binh.chat.markRead(room.id, binh.chat.room(room.id)?.room.seq ?? 0);
        case 'cut':
          return wires.at(-1)?.destroy();
        case 'away':
          await binh.rest.leaveRoom(room.id);
          return binh.rest.joinRoom(room.id);
        default:
          // The owner goes and comes back: somebody inherits.
          await an.rest.leaveRoom(room.id);
          return an.rest.joinRoom(room.id);
      }
    }

    async function expectFresh({ room: summary, entries, base }: RoomState): Promise<void> {
      const fresh = (await binh.rest.room(room.id)) as MyRoom;
      const withoutPhones = { ...fresh, users: fresh.users.map(({ phone: _phone, ...user }) => user) };
      expect({ ...summary, users: summary.users.map(({ phone: _phone, ...user }) => user) }).toEqual(withoutPhones);
      expect(entries).toEqual((await logOf(binh)).slice(base));
    }
  });

  it('Law 5 all sessions of the author receive their own entries, in the order in which everyone does', async () => {
    const elsewhere = await an.onAnotherDevice();
    const peers = [await an.opensPeer(), await an.opensPeer(), await elsewhere.opensPeer(), await binh.opensPeer()];
    streams(peers[0]!, 1, 40, 'a');
    streams(peers[2]!, 1, 40, 'b');
    streams(peers[3]!, 1, 40, 'c');
    await Promise.all(peers.map((peer) => peer.hears('messagePosted', ({ seq }) => seq === 120)));
    const [first, ...others] = peers.map((peer) => anonymous(peer.entriesOf(room.id)));
    expect(seqs(first as LogEntry[])).toEqual(upTo(120));
    for (const other of others) expect(other).toEqual(first);
  });

  it('Law 7 a member gets every entry on all of their connections from the moment of joining, without asking', async () => {
    const speaker = await an.opensPeer();
    const [joining, elsewhere] = [await cuc.opensPeer(), await cuc.opensPeer()];
    const talking = talks(speaker, 150);
    await speaker.hears('messagePosted', ({ seq }) => seq === 50);
    const { seq: joined } = await joining.asks('joinRoom', { room: room.id });
    const added = await elsewhere.hears('roomAdded');
    await talking;
    await Promise.all([joining, elsewhere].map((peer) => peer.hears('messagePosted', ({ seq }) => seq === 151)));
    expect(added.last).toMatchObject({ event: 'join', user: { id: cuc.id } });
    expect(added.seq).toBeLessThan(151);
    expect(joined).toBeGreaterThanOrEqual(added.seq);
    for (const peer of [joining, elsewhere]) {
      expect(seqs(peer.entriesOf(room.id))).toEqual(upTo(151).slice(added.seq));
    }
  });

  it('Law 7 who has left gets nothing of the room from that moment, on any connection', async () => {
    const speaker = await an.opensPeer();
    const leaving = [await binh.opensPeer(), await binh.opensPeer(), await binh.opensPeer()];
    const stranger = await cuc.opensPeer();
    const talking = talks(speaker, 150);
    await speaker.hears('messagePosted', ({ seq }) => seq === 50);
    await leaving[0]!.asks('leaveRoom', { room: room.id });
    await talking;

    const { seq: left } = (await logOf(an)).find((entry) => entry.type === 'system')!;
    expect(left).toBeLessThan(151);
    for (const peer of leaving) {
      await peer.catchesUp();
      expect(seqs(peer.entriesOf(room.id))).toEqual(upTo(left - 1));
      expect(peer.heard('roomRemoved')).toEqual([{ room: room.id, reason: 'left' }]);
    }
    expect(await leaving[1]!.asks('sync', { seen: { [room.id]: 0 } })).toEqual({
      rooms: { [room.id]: { gone: true } },
    });
    await stranger.catchesUp();
    expect(stranger.envelopes.all.filter(({ id }) => id === undefined)).toEqual([]);
  });

  it('Law 7 of a deleted room nothing comes after its deletion', async () => {
    const [speaker, listener] = [await an.opensPeer(), await binh.opensPeer()];
    streams(speaker, 1, 100);
    await speaker.answerTo('s50');
    speaker.sends('deleteRoom', { room: room.id }, 'delete');
    streams(speaker, 101, 120);
    expect((await speaker.answerTo('delete')).event).toBe('reply');
    for (const id of ['s101', 's120'])
      expect((await speaker.answerTo(id)).data).toMatchObject({ code: 'ROOM_NOT_FOUND' });
    await listener.hears('roomRemoved');
    await listener.catchesUp();
    const entries = listener.entriesOf(room.id);
    expect(seqs(entries)).toEqual(upTo(101));
    expect(entries.at(-1)).toMatchObject({ type: 'system', event: 'delete' });
  });

  describe('authenticate and sync', () => {
    it('the reply comes first, then what was missed, then what happens: under a stream nothing is lost or doubled', async () => {
      const speaker = await an.opensPeer();
      const talking = talks(speaker, 400);
      let had = 0;
      let live = 0;
      for (let rounds = 0; rounds < 25; rounds++) {
        const peer = await binh.opensSocket();
        const welcome = await peer.authenticates(binh.token, { [room.id]: had });
        const { rooms: synced } = await peer.hears('synced');
        const missed = (synced[room.id] as Whole).entries;
        await peer.catchesUp();
        const [first, second] = peer.envelopes.all;
        expect([first!.event, second!.event]).toEqual(['reply', 'synced']);
        const { seq, last } = welcome.rooms.find(({ id }) => id === room.id)!;
        expect([had + missed.length, last?.seq ?? 0]).toEqual([seq, seq]);
        const got = [...missed, ...peer.entriesOf(room.id)];
        expect(seqs(got)).toEqual(upTo(had + got.length).slice(had));
        had += got.length;
        live += peer.entriesOf(room.id).length;
        peer.cuts();
      }
      await talking;
      expect(live).toBeGreaterThan(0);
      const { rooms: rest } = await (await binh.opensPeer()).asks('sync', { seen: { [room.id]: had } });
      expect(seqs((rest[room.id] as Whole).entries)).toEqual(upTo(400).slice(had));
    });

    it('hands over what was missed whole up to 1,000 entries, and past that resets to the newest page', async () => {
      const peer = await an.opensPeer();
      streams(peer, 1, 1_100);
      await peer.answerTo('s1100');
      const missed = async (seen: number) =>
        (await peer.asks('sync', { seen: { [room.id]: seen } })).rooms[room.id] as Whole;
      const newest = upTo(1_100).slice(-50);
      expect(seqs((await missed(100)).entries)).toEqual(upTo(1_100).slice(100));
      expect(await missed(1_100)).toEqual({ reset: false, entries: [] });
      for (const seen of [99, 0, 2_000]) {
        const { reset, entries } = await missed(seen);
        expect([reset, seqs(entries)]).toEqual([true, newest]);
      }
    });

    it('tells of rooms that one is not in, or that are none, that they are gone', async () => {
      const peer = await cuc.opensPeer();
      const nowhere = '0123456789abcdef01234567';
      expect(await peer.asks('sync', { seen: { [room.id]: 0, [nowhere]: 3 } })).toEqual({
        rooms: { [room.id]: { gone: true }, [nowhere]: { gone: true } },
      });
    });

    it('says without seen how every room is, and sends nothing that was missed', async () => {
      await an.says(room, 'Hello');
      const peer = await binh.opensPeer();
      const { rooms: mine, session, heartbeatMs, limits } = await (await binh.opensSocket()).authenticates(binh.token);
      expect(mine).toEqual((await binh.rest.myRooms()).items);
      expect(session).toMatchObject({ current: true });
      expect([heartbeatMs, limits.frameBytes]).toEqual([30_000, 65_536]);
      await peer.catchesUp();
      expect(peer.heard('synced')).toEqual([]);
    });
  });
});
