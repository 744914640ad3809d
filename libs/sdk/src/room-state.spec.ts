import { LIMITS, type LogEntry, type MyRoom } from '@parley/contract';
import fc from 'fast-check';
import { ME, message, moment, myRoom, OTHER, system } from '../testing/samples';
import {
  applyEntries,
  applyOlder,
  applyOutbox,
  applyReading,
  applyReadMark,
  applyRoom,
  applySynced,
  head,
  isOutdated,
  missingAfter,
  openRoom,
  removeRoom,
  resumeRoom,
  trimEntries,
  type PendingMessage,
  type RoomState,
} from './room-state';
import type { RoomMember } from './room-summary';

function opened(seq: number, more: Partial<MyRoom> = {}): RoomState {
  return openRoom(ME.id, myRoom(seq, more));
}

function seqs(entries: readonly LogEntry[]): number[] {
  return entries.map(({ seq }) => seq);
}

/** The entries `from` to `to`, both included. */
function messages(from: number, to: number): LogEntry[] {
  return Array.from({ length: to - from + 1 }, (_, at) => message(from + at));
}

describe('entries', () => {
  it('start with the newest one of the room', () => {
    expect(opened(7)).toMatchObject({ base: 6, hasOlder: true, entries: [{ seq: 7 }], held: [] });
    expect(opened(1)).toMatchObject({ base: 0, hasOlder: false });
    expect(opened(0)).toMatchObject({ base: 0, hasOlder: false, entries: [] });
  });

  it('are appended in their order', () => {
    const state = applyEntries(opened(1), [message(3), message(2)]);
    expect(seqs(state.entries)).toEqual([1, 2, 3]);
    expect(state.room).toMatchObject({ seq: 3, last: { seq: 3 } });
  });

  it('are ignored when they are known: the state is the same object', () => {
    const state = applyEntries(opened(1), [message(2)]);
    expect(applyEntries(state, [message(1), message(2)])).toBe(state);
  });

  it('are held behind a gap, until it is filled', () => {
    const gap = applyEntries(opened(1), [message(4), message(3), message(6)]);
    expect(seqs(gap.entries)).toEqual([1]);
    expect(missingAfter(gap)).toBe(1);
    const half = applyEntries(gap, [message(2)]);
    expect(seqs(half.entries)).toEqual([1, 2, 3, 4]);
    expect(missingAfter(half)).toBe(4);
    const whole = applyEntries(half, [message(5)]);
    expect(seqs(whole.entries)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(missingAfter(whole)).toBeNull();
  });

  it('older ones are put before, and only where they fit', () => {
    const state = opened(10);
    const page = applyOlder(state, { entries: messages(6, 9), more: true });
    expect(seqs(page.entries)).toEqual([6, 7, 8, 9, 10]);
    expect(page.hasOlder).toBe(true);
    expect(applyOlder(page, { entries: messages(1, 3), more: false })).toBe(page);
    expect(applyOlder(page, { entries: [message(2), message(5)], more: false })).toBe(page);
    expect(applyOlder(page, { entries: messages(1, 5), more: false })).toMatchObject({ base: 0, hasOlder: false });
    expect(applyOlder(page, { entries: [], more: false }).hasOlder).toBe(false);
  });

  it('can be forgotten but for the newest', () => {
    const state = trimEntries(applyEntries(opened(0), messages(1, 10)), 3);
    expect(state).toMatchObject({ base: 7, hasOlder: true });
    expect(seqs(state.entries)).toEqual([8, 9, 10]);
    expect(applyEntries(state, [message(11)]).room.unread).toBe(11);
    expect(trimEntries(state, 3)).toBe(state);
  });
});

describe('what was missed', () => {
  it('is told by a room that is ahead', () => {
    const state = applyRoom(opened(3), myRoom(8));
    expect(missingAfter(state)).toBe(3);
    expect(missingAfter(applySynced(state, { reset: false, entries: messages(4, 8) }))).toBeNull();
  });

  it('starts over with a reset, and keeps what came after it', () => {
    const held = applyEntries(opened(3), [message(31), message(40)]);
    const state = applySynced(held, { reset: true, entries: messages(21, 30) });
    expect(seqs(state.entries)).toEqual(seqs(messages(21, 31)));
    expect(seqs(state.held)).toEqual([40]);
    expect(state.hasOlder).toBe(true);
    expect(isOutdated(state)).toBe(true);
    expect(applyRoom(state, myRoom(31, { user_count: 9 })).room).toMatchObject({ seq: 31, user_count: 9 });
  });

  it('is nothing when the log of the server is behind: no gap stays open for ever', () => {
    const state = applySynced(opened(50), { reset: true, entries: messages(1, 5) });
    expect(head(state)).toBe(5);
    expect(missingAfter(state)).toBeNull();
  });

  it('may be too much to tell: the newest entry is left', () => {
    const state = applySynced(applyEntries(opened(3), [message(4), message(6)]), { reset: true, entries: [] });
    expect(state).toMatchObject({ base: 3, entries: [{ seq: 4 }], held: [{ seq: 6 }], hasOlder: true });
    expect(applySynced(opened(0), { reset: true, entries: [] })).toMatchObject({
      base: 0,
      entries: [],
      hasOlder: false,
    });
  });

  it('is everything where the server has forgotten', () => {
    const pending = { message: { room: 'r1', clientId: 'c1', text: 'Hi' }, queuedAt: moment(1) };
    const ahead = applyOutbox(opened(50), { type: 'queued', room: 'r1', clientId: 'c1', pending });
    expect(resumeRoom(ahead, myRoom(7))).toEqual({ ...opened(7), pending: [pending] });
    expect(resumeRoom(opened(50), myRoom(50, { name: 'New' })).room.name).toBe('New');
  });

  it('can be that the membership is over', () => {
    const state = applySynced(applyEntries(opened(1), [message(5)]), { gone: true });
    expect(state).toMatchObject({ gone: 'left', held: [] });
    expect(missingAfter(state)).toBeNull();
    expect(applyEntries(state, [message(2)])).toBe(state);
  });
});

describe('members', () => {
  const carol = { id: 'carol', name: 'Carol' };

  it('join with the role that their entry tells, behind those who are there', () => {
    const state = applyEntries(opened(1), [system(2, 'join', { user: carol, role: 'owner' })]);
    expect(state.room.user_count).toBe(3);
    expect(state.room.users.at(-1)).toEqual({ ...carol, role: 'owner', joined_at: moment(2) });
  });

  it('leave, and the heir becomes the owner', () => {
    const mine = { role: 'member' as const, users: [member(OTHER, 'owner'), member(ME, 'member')] };
    const state = applyEntries(opened(1, mine), [system(2, 'leave', { user: OTHER, heir: ME })]);
    expect(state.room).toMatchObject({ role: 'owner', user_count: 1, users: [{ id: ME.id, role: 'owner' }] });
  });

  it('stay a true beginning of the list when the room has more than are known', () => {
    const many = opened(1, { user_count: 500 });
    const joined = applyEntries(many, [system(2, 'join', { user: carol })]);
    expect(joined.room).toMatchObject({ user_count: 501, users: [{ id: ME.id }, { id: OTHER.id }] });
    const left = applyEntries(joined, [system(3, 'leave', { user: carol })]);
    expect(left.room.user_count).toBe(500);
  });

  it('are shown up to as many as a fetch shows: the next one is counted only', () => {
    const users = [ME, ...crowd(LIMITS.membersShown - 2)].map((person) => member(person, 'member'));
    const ten = applyEntries(opened(1, { users, user_count: 9 }), [system(2, 'join', { user: OTHER })]);
    expect(ten.room.users).toHaveLength(10);
    const eleven = applyEntries(ten, [system(3, 'join', { user: carol })]);
    expect(eleven.room).toMatchObject({ user_count: 11, users: ten.room.users });
    const again = applyEntries(eleven, [system(4, 'leave', { user: carol })]);
    expect(again.room).toMatchObject({ user_count: 10, users: ten.room.users });
    expect([ten, eleven, again].map(isOutdated)).toEqual([false, false, false]);
  });

  it('that are shown and leave make room for one who is not known: the room has to be fetched', () => {
    const all = [ME, OTHER, ...crowd(10)].map((person) => member(person, 'member'));
    const twelve = opened(1, { users: all.slice(0, 10), user_count: 12 });
    expect(isOutdated(twelve)).toBe(false);
    const left = applyEntries(twelve, [system(2, 'leave', { user: OTHER }), message(3)]);
    expect(left.room).toMatchObject({ user_count: 11, users: [{ id: ME.id }, ...all.slice(2, 10)] });
    expect(isOutdated(left)).toBe(true);
    expect(isOutdated(applyRoom(left, myRoom(1, { users: all.slice(0, 10), user_count: 12 })))).toBe(true);
    const users = all.filter(({ id }) => id !== OTHER.id).slice(0, 10);
    const fetched = applyRoom(left, myRoom(3, { users, user_count: 11 }));
    expect(isOutdated(fetched)).toBe(false);
    expect(fetched.room).toEqual(myRoom(3, { users, user_count: 11 }));
    expect(isOutdated(removeRoom(left, 'left'))).toBe(false);
  });

  it('are not counted twice or below what is there', () => {
    const twice = applyEntries(opened(1), [system(2, 'join', { user: OTHER })]);
    expect(twice.room.user_count).toBe(2);
    expect(applyEntries(twice, [system(3, 'leave', { user: carol })]).room.user_count).toBe(2);
  });

  it('end with my own leave or with the room, and begin again when I am added', () => {
    const left = applyEntries(opened(1), [system(2, 'leave', { user: ME })]);
    expect(left.gone).toBe('left');
    expect(applyEntries(opened(1), [system(2, 'delete')]).gone).toBe('deleted');
    const back = applyRoom(left, myRoom(5));
    expect(back.gone).toBeNull();
    expect(missingAfter(back)).toBe(2);
    const history = [system(2, 'leave', { user: ME }), system(3, 'join', { user: ME, role: 'member' })];
    expect(applyEntries(opened(1), history)).toMatchObject({ gone: null, room: { role: 'member' } });
  });

  it('do not change by an event that this client does not know', () => {
    const state = opened(1);
    const strange = applyEntries(state, [system(2, 'renamed' as 'join')]);
    expect(strange.room).toEqual({ ...state.room, seq: 2, last: strange.entries.at(-1) });
  });
});

describe('unread', () => {
  it('counts the messages of others, up to what the server counts', () => {
    const own = message(2, { sender: ME });
    const state = applyEntries(opened(1), [own, system(3, 'join'), message(4)]);
    expect(state.room.unread).toBe(1);
    expect(applyEntries(state, messages(5, 300)).room.unread).toBe(100);
  });

  it('is counted anew when the mark moves on, and the mark never moves back', () => {
    const state = applyEntries(opened(1), messages(2, 9));
    const read = applyReadMark(state, { room: 'r1', read: 7, unread: 99 });
    expect(read.room).toMatchObject({ read: 7, unread: 2 });
    expect(applyReadMark(read, { room: 'r1', read: 3, unread: 6 })).toBe(read);
  });

  it('is what the server says where the entries do not reach', () => {
    const state = opened(50, { read: 1, unread: 49 });
    expect(applyReadMark(state, { room: 'r1', read: 20, unread: 30 }).room.unread).toBe(30);
  });

  it('is known at once of what was read here, where the entries tell', () => {
    const state = applyEntries(opened(1), messages(2, 9));
    expect(applyReading(state, 7).room).toMatchObject({ read: 7, unread: 2 });
    expect(applyReading(applyReading(state, 7), 3).room).toMatchObject({ read: 7, unread: 2 });
    const partly = opened(50, { read: 1, unread: 49 });
    expect(applyReading(partly, 20)).toBe(partly);
  });

  it('said before a break and only heard of after it, is counted from what has come since', () => {
    const read = applyReading(opened(1, { read: 0, unread: 1 }), 1);
    const back = resumeRoom(read, myRoom(5, { read: 0, unread: 5 }));
    const whole = applySynced(back, { reset: false, entries: messages(2, 5) });
    const marked = applyReadMark(whole, { room: 'r1', read: 1, unread: 4 });
    expect(marked.room).toMatchObject({ read: 1, unread: 4 });
    expect(applyReadMark(marked, { room: 'r1', read: 1, unread: 4 })).toBe(marked);
  });

  it('keeps the further mark when a room is fetched', () => {
    const state = applyReadMark(applyEntries(opened(1), messages(2, 9)), { room: 'r1', read: 9, unread: 0 });
    expect(applyRoom(state, myRoom(9, { read: 5, unread: 4 })).room).toMatchObject({ read: 9, unread: 0 });
    expect(applyRoom(state, myRoom(8, { name: 'Old' }))).toBe(state);
  });
});

describe('messages in the outbox', () => {
  const pending: PendingMessage = { message: { room: 'r1', clientId: 'c1', text: 'Hi' }, queuedAt: moment(1) };
  const about = { room: 'r1', clientId: 'c1' };
  const posted = { room: 'r1', seq: 2, id: 'e2', at: moment(2) };
  const queued = applyOutbox(opened(1), { type: 'queued', ...about, pending });
  const own = message(2, { sender: ME, clientId: 'c1' });

  it('are pending until their entry comes', () => {
    expect(queued.pending).toEqual([pending]);
    expect(applyEntries(queued, [message(2)]).pending).toEqual([pending]);
    expect(applyEntries(queued, [own]).pending).toEqual([]);
  });

  it('stay shown between the reply and the entry', () => {
    const state = applyOutbox(queued, { type: 'posted', ...about, posted });
    expect(state.pending).toEqual([{ ...pending, posted }]);
    expect(applyEntries(state, [own]).pending).toEqual([]);
    expect(applyOutbox(applyEntries(queued, [message(2)]), { type: 'posted', ...about, posted }).pending).toEqual([]);
  });

  it('fail, are tried again, and are discarded', () => {
    const error = { code: 'NOT_A_MEMBER' as const, message: 'Join first.' };
    const failed = applyOutbox(queued, { type: 'failed', ...about, error });
    expect(failed.pending).toEqual([{ ...pending, error }]);
    expect(applyOutbox(failed, { type: 'queued', ...about, pending }).pending).toEqual([pending]);
    expect(applyOutbox(failed, { type: 'discarded', ...about }).pending).toEqual([]);
  });

  it('are not pending when their entry is there already', () => {
    const state = applyEntries(opened(1), [own]);
    expect(applyOutbox(state, { type: 'queued', ...about, pending })).toBe(state);
  });

  it('of another person with the same name stay apart', () => {
    expect(applyEntries(queued, [message(2, { clientId: 'c1' })]).pending).toEqual([pending]);
  });
});

it('a room that is gone keeps what was known', () => {
  const gone = removeRoom(applyEntries(opened(1), [message(2)]), 'deleted');
  expect(gone).toMatchObject({ gone: 'deleted', entries: [{ seq: 1 }, { seq: 2 }] });
  expect(removeRoom(gone, 'left')).toBe(gone);
});

/** People who are in no other way special. */
function crowd(size: number): { id: string; name: string }[] {
  return Array.from({ length: size }, (_, at) => ({ id: `p${at + 2}`, name: `Person ${at + 2}` }));
}

function member(
  person: { id: string; name: string },
  role: RoomMember['role'],
  at = 0,
): RoomMember & { phone: string } {
  return { ...person, role, joined_at: moment(at), phone: '' };
}

describe('law 4: what was fetched, with what came since, is what a fresh fetch gives', () => {
  /** More than a fetch shows. */
  const PEOPLE = [ME, OTHER, ...crowd(LIMITS.membersShown + 5)];

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

    /** Lets a person do what is possible: who is in speaks or leaves, who is out joins. */
    act(who: number, talks: boolean): void {
      const user = PEOPLE[who]!;
      const seq = this.log.length + 1;
      const isIn = this.members(seq).some(({ id }) => id === user.id);
      if (isIn && (talks || user === ME)) this.log.push(message(seq, { sender: user }));
      else if (isIn) this.log.push(system(seq, 'leave', { user, ...(who === 3 && { heir: ME }) }));
      else this.log.push(system(seq, 'join', { user, role: who === 2 ? 'owner' : 'member' }));
    }
  }

  const room = fc
    .tuple(
      fc.nat(PEOPLE.length - 1),
      fc.array(fc.tuple(fc.nat(PEOPLE.length - 1), fc.boolean()), { minLength: 1, maxLength: 40 }),
    )
    .map(([founders, acts]) => acts.reduce((made, [who, talks]) => (made.act(who, talks), made), new Room(founders)));

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
