import { LIMITS, type LogEntry, type MyRoom } from '@parley/contract';
import fc from 'fast-check';
import { crowd, member } from '../testing/room-states';
import { ME, message, myRoom, OTHER, reaction, system } from '../testing/samples';
import {
  applyEntries,
  applyOlder,
  applyReadMark,
  applyRoom,
  applySynced,
  head,
  isOutdated,
  openRoom,
  trimEntries,
  type RoomState,
} from './room-state';
import type { RoomMember } from './room-summary';

describe('law 4: what was fetched, with what came since, is what a fresh fetch gives', () => {
  /** More than a fetch shows. */
  const PEOPLE = [ME, OTHER, ...crowd(LIMITS.membersShown + 5)];

  type Deed = 'says' | 'reacts' | 'goes';

  /** The server's side of a room, as simple as can be: everything is counted anew from the whole log. */
  class Room {
    readonly log: LogEntry[] = [];
    readonly #founders: readonly { id: string; name: string }[];
    pageSize: number = LIMITS.membersShown;

    /** A room begins with some people in it; no entry tells of them. */
    constructor(founders: number) {
      this.#founders = PEOPLE.slice(1, 1 + founders);
    }

    at(seq: number, read: number): MyRoom {
      const log = this.log.slice(0, seq);
      const members = this.members(seq);
      const unread = log.filter((entry) => entry.type === 'message' && entry.seq > read && entry.sender.id !== ME.id);
      return myRoom(seq, {
        users: members.slice(0, this.pageSize),
        user_count: members.length,
        role: members.find(({ id }) => id === ME.id)!.role,
        last: log.at(-1) ?? null,
        read,
        unread: Math.min(unread.length, 100),
      });
    }

    members(seq: number): (RoomMember & { phone: string })[] {
      let members = [member(ME, 'owner'), ...this.#founders.map((person) => member(person, 'member'))];
      for (const entry of this.log.slice(0, seq)) {
        if (entry.type !== 'system') continue;
        if (entry.event === 'join') members.push(member(entry.user, entry.role ?? 'member', entry.seq));
        if (entry.event === 'leave') members = members.filter(({ id }) => id !== entry.user.id);
        if (entry.heir) members.find(({ id }) => id === entry.heir?.id)!.role = 'owner';
      }
      return members;
    }

    /** Lets a person do what is possible: who is in speaks, reacts or leaves, who is out joins. */
    act(who: number, deed: Deed, what: number): void {
      const user = PEOPLE[who]!;
      const seq = this.log.length + 1;
      const isIn = this.members(seq).some(({ id }) => id === user.id);
      if (isIn && deed === 'reacts' && seq > 1) this.log.push(this.reactionOf(user, seq, what));
      else if (isIn && (deed !== 'goes' || user === ME)) this.log.push(message(seq, { sender: user }));
      else if (isIn) this.log.push(system(seq, 'leave', { user, ...(who === 3 && { heir: ME }) }));
      else this.log.push(system(seq, 'join', { user, role: who === 2 ? 'owner' : 'member' }));
    }

    /** To the newest few: what one person says of one message is said again and again. */
    private reactionOf(user: { id: string; name: string }, seq: number, what: number): LogEntry {
      const to = Math.max(1, seq - 1 - (what % 5));
      return reaction(seq, to, { user, emoji: what % 2 ? '👍' : '❤️', on: what % 3 > 0 });
    }
  }

  const act = fc.tuple(fc.nat(PEOPLE.length - 1), fc.constantFrom<Deed>('says', 'says', 'reacts', 'goes'), fc.nat());
  const room = fc
    .tuple(fc.nat(PEOPLE.length - 1), fc.array(act, { minLength: 1, maxLength: 40 }))
    .map(([founders, acts]) => acts.reduce((made, deed) => (made.act(...deed), made), new Room(founders)));

  /** What reaches the client, in any order: parts of the log, fetched rooms, older pages, marks. */
  const delivery = fc.oneof(
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('tooMuch' as const) }) },
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('live' as const), seq: fc.nat(), many: fc.integer({ min: 1, max: 4 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('room' as const), seq: fc.nat() }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('older' as const), limit: fc.integer({ min: 1, max: 10 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('mark' as const), seq: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('sync' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('trim' as const), keep: fc.integer({ min: 1, max: 5 }) }) },
  );

  /** Longer gaps than this are answered with a reset; it is also the size of a page of the log. */
  const SYNC_MAX = 12;

  function sync(state: RoomState, server: Room): RoomState {
    const after = head(state);
    const missed = server.log.slice(after);
    if (missed.length <= SYNC_MAX) return applySynced(state, { reset: false, entries: missed });
    return applySynced(state, { reset: true, entries: server.log.slice(-SYNC_MAX) });
  }

  function older(state: RoomState, server: Room, limit: number): RoomState {
    const entries = server.log.slice(0, state.base).slice(-limit);
    return applyOlder(state, { entries, more: state.base > entries.length });
  }

  function withoutPhones(state: RoomState): RoomState {
    const users = state.room.users.map(({ phone: _phone, ...rest }) => rest);
    return { ...state, room: { ...state.room, users } };
  }

  function complete(state: RoomState, server: Room): RoomState {
    let whole = state;
    while (whole.hasOlder) whole = older(whole, server, 7);
    return whole;
  }

  type Delivery = typeof delivery extends fc.Arbitrary<infer D> ? D : never;

  /** Plays the deliveries, and then what ends every interruption; the answer is the state and the mark. */
  function play(server: Room, start: number, deliveries: readonly Delivery[]): [RoomState, number] {
    const size = server.log.length;
    let read = 0;
    let state = openRoom(ME.id, server.at(start % (size + 1), read));
    for (const one of deliveries) {
      if (one.kind === 'live')
        state = applyEntries(state, server.log.slice(one.seq % size, (one.seq % size) + one.many));
      if (one.kind === 'room') state = applyRoom(state, server.at(one.seq % (size + 1), read));
      if (one.kind === 'older' && state.hasOlder) state = older(state, server, one.limit);
      if (one.kind === 'trim') state = trimEntries(state, one.keep);
      if (one.kind === 'sync') state = sync(state, server);
      if (one.kind === 'tooMuch') state = applySynced(state, { reset: true, entries: [] });
      if (one.kind === 'mark') {
        read = Math.max(read, one.seq % (state.room.seq + 1));
        state = applyReadMark(state, { room: 'r1', read, unread: server.at(state.room.seq, read).unread });
      }
    }
    state = sync(state, server);
    if (isOutdated(state)) state = applyRoom(state, server.at(size, read));
    return [complete(state, server), read];
  }

  it('for every log, in whatever parts and order it comes', () => {
    fc.assert(
      fc.property(room, fc.nat(), fc.array(delivery, { maxLength: 25 }), (server, start, deliveries) => {
        const [state, read] = play(server, start, deliveries);
        const fresh = complete(openRoom(ME.id, server.at(server.log.length, read)), server);
        expect(withoutPhones(state)).toEqual(withoutPhones(fresh));
      }),
      { numRuns: 500 },
    );
  });

  it('for a server that shows fewer members than this client expects: those that are known are the first, and all are counted', () => {
    fc.assert(
      fc.property(
        room,
        fc.nat(),
        fc.array(delivery, { maxLength: 25 }),
        fc.integer({ min: 1, max: 3 }),
        (server, start, deliveries, page) => {
          server.pageSize = page;
          const [state] = play(server, start, deliveries);
          const members = server.members(server.log.length).map(({ id, role }) => ({ id, role }));
          expect(state.room.user_count).toBe(members.length);
          expect(members).toMatchObject(
            state.room.users.map(({ id, role }) => ({ id, role })).concat(members.slice(state.room.users.length)),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
