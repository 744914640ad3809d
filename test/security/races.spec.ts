import { ParleyError } from '@parley/sdk';
import { SessionsService } from '../../apps/api/src/auth/sessions.service';
import { Parley } from '../support/app-harness';
import { type ChatPeer, Refused } from '../support/chat-peer';
import type { Person } from '../support/people';

const refusal = (error: unknown): string => {
  if (error instanceof Refused || error instanceof ParleyError) return error.code;
  throw error;
};

describe('races', () => {
  let parley: Parley;
  let people: Person[];

  beforeAll(async () => {
    parley = await Parley.start({ CONNECTIONS_PER_USER: '100' });
    people = await parley.crowd(4);
  });
  afterAll(() => parley.stop());

  it('S6 a session that is revoked while its sockets authenticate keeps none of them', async () => {
    const an = people[0]!;
    const sessions = parley.part(SessionsService);
    for (let round = 0; round < 10; round++) {
      const { token, session } = await sessions.open(an.id, 'racer');
      const peers = await Promise.all(Array.from({ length: 4 }, () => parley.peer()));
      for (const peer of peers) peer.sends('authenticate', { token }, 'in');
      const revoked = an.rest.revokeSession(session.id);
      if (round % 2) await peers[0]!.answerTo('in');
      await revoked;
      for (const peer of peers) expect(await peer.closes()).toMatchObject({ code: 4401 });
    }
  });

  it('S10 law 7: posts that were queued when their author left are before the leave, or nowhere', async () => {
    const [owner, leaver] = people as [Person, Person];
    const elsewhere = await leaver.opensPeer();
    const posting = await leaver.opensPeer();
    for (let round = 0; round < 5; round++) {
      const room = await owner.rest.createRoom({ name: `leave ${round}`, users: [leaver.id] });
      const post = (index: number): Promise<number | string> =>
        posting
          .asks('postMessage', { room: room.id, clientId: `leave-${round}-${index}`, text: 'hm' })
          .then(({ seq }) => seq, refusal);
      const first = Array.from({ length: 30 }, (_, index) => post(index));
      const leaving = elsewhere.asks('leaveRoom', { room: room.id });
      const rest = Array.from({ length: 30 }, (_, index) => post(30 + index));
      await leaving;
      const outcomes = await Promise.all([...first, ...rest]);
      const { entries } = await owner.rest.log(room.id, { limit: 100 });
      const left = entries.find((entry) => entry.type === 'system' && entry.event === 'leave')!.seq;
      expect(entries.at(-1)!.seq).toBe(left);
      const seqs = outcomes.filter((outcome) => typeof outcome === 'number');
      expect(seqs).toEqual(entries.filter(({ type }) => type === 'message').map(({ seq }) => seq));
      expect(new Set(outcomes.filter((outcome) => typeof outcome === 'string'))).toEqual(
        new Set(seqs.length === 60 ? [] : ['NOT_A_MEMBER']),
      );
    }
    for (const peer of [elsewhere, posting]) peer.cuts();
  });

  it('S9 S11 rooms that are deleted while people join keep no member, no entry and no listener', async () => {
    const [owner, ...others] = people as [Person, ...Person[]];
    const peers = await Promise.all(others.map((person) => person.opensPeer()));
    const deleted: string[] = [];
    for (let round = 0; round < 8; round++) {
      const room = await owner.rest.createRoom({ name: `delete ${round}` });
      const joins = peers.map((peer) => peer.asks('joinRoom', { room: room.id }).then(() => 'in', refusal));
      const posts = peers.map((peer) =>
        peer
          .asks('postMessage', { room: room.id, clientId: crypto.randomUUID(), text: 'hm' })
          .then(() => 'in', refusal),
      );
      await owner.rest.deleteRoom(room.id);
      const allowed = ['in', 'ROOM_NOT_FOUND', 'NOT_A_MEMBER'];
      for (const outcome of await Promise.all([...joins, ...posts])) expect(allowed).toContain(outcome);
      deleted.push(room.id);
    }
    await Promise.all(peers.map((peer) => peer.catchesUp()));
    for (const person of people) {
      const mine = (await person.rest.myRooms({ limit: 100 })).items.map(({ id }) => id);
      expect(mine.filter((id) => deleted.includes(id))).toEqual([]);
    }
    const stored = await parley.database.collection('memberships').find().toArray();
    expect(stored.map(({ room }) => String(room)).filter((id) => deleted.includes(id))).toEqual([]);
    for (const peer of peers) expectOrderly(peer, deleted);
    for (const peer of peers) peer.cuts();
  });

  /** Of a room nothing comes before it was added nor after it was removed. */
  function expectOrderly(peer: ChatPeer, rooms: readonly string[]): void {
    for (const room of rooms) {
      const events = peer.envelopes.all.flatMap(({ event, id, data }) => {
        const { id: added, room: of } = data as { id?: string; room?: string };
        return id === undefined && (event === 'roomAdded' ? added === room : of === room) ? [event] : [];
      });
      const added = events.indexOf('roomAdded');
      expect(added).toBeLessThanOrEqual(0);
      if (added === 0) expect(events.lastIndexOf('roomRemoved')).toBe(events.length - 1);
      else expect(events).toEqual([]);
    }
  }

  it('S8 a room’s place is given once, though everybody comes for it at the same time', async () => {
    const crowd = await parley.crowd(30);
    const room = await people[0]!.rest.createRoom({ name: 'small', metadata: { settings: { max_participants: 6 } } });
    const outcomes = await Promise.all(crowd.map((person) => person.rest.joinRoom(room.id).then(() => 'in', refusal)));
    expect(outcomes.filter((outcome) => outcome === 'in')).toHaveLength(5);
    expect(new Set(outcomes)).toEqual(new Set(['in', 'ROOM_FULL']));
    expect((await people[0]!.rest.room(room.id)).user_count).toBe(6);
  });

  it('law 3 one clientId that is sent by REST and by several sockets at once is one message', async () => {
    const [an] = people as [Person];
    const room = await an.rest.createRoom({ name: 'once' });
    const peers = await Promise.all([an.opensPeer(), an.opensPeer()]);
    const message = { room: room.id, clientId: 'the-one', text: 'hm' };
    const byRest = Array.from({ length: 10 }, () => an.rest.postMessage(message));
    const bySocket = peers.flatMap((peer) => Array.from({ length: 10 }, () => peer.asks('postMessage', message)));
    const replies = await Promise.all([...byRest, ...bySocket]);
    expect(new Set(replies.map(({ id, seq }) => `${seq} ${id}`)).size).toBe(1);
    expect((await an.rest.log(room.id)).entries).toHaveLength(1);
    for (const peer of peers) peer.cuts();
  });
});
