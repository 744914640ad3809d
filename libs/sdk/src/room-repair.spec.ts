import type { MyRoom, Room, Seen, Synced } from '@parley/contract';
import { ManualClock } from '../testing/manual-clock';
import { ME, message, myRoom, system } from '../testing/samples';
import { ConnectionLost } from './errors';
import type { Fault } from './fault';
import { isMyRoom, RoomRepair } from './room-repair';
import { RoomStore } from './room-store';

let clock: ManualClock;
let store: RoomStore;
let asked: { seen: Seen; answer: (synced: Synced) => void; fail: (error: Error) => void }[];
let faults: Fault[];

beforeEach(() => {
  clock = new ManualClock();
  store = new RoomStore({ keepEntries: 10, pendingOf: () => [] });
  asked = [];
  faults = [];
});

function repair(fetchRoom?: (id: string) => Promise<Room | MyRoom>): RoomRepair {
  const mending = new RoomRepair({
    store,
    clock,
    random: () => 1,
    backoff: { firstMs: 100 },
    patienceMs: 5_000,
    sync: (seen) => new Promise((done, fail) => asked.push({ seen, answer: (synced) => done(take(synced)), fail })),
    fetchRoom,
    report: (fault) => faults.push(fault),
  });
  mending.start([], {});
  return mending;
}

/** As the keeper does, within the frame of the answer. */
function take(synced: Synced): void {
  store.synced(synced);
  store.flush();
}

/** Rooms that have only their first entry where the server has three. */
function behind(...ids: string[]): void {
  const all = (seq: number): MyRoom[] => ids.map((id) => myRoom(seq, { id }));
  store.welcomed(ME.id, all(1));
  store.welcomed(ME.id, all(3));
  store.flush();
}

/** A room of twelve: one of those who are shown leaves. */
function crowded(): void {
  store.welcomed(ME.id, [myRoom(1, { user_count: 12 })]);
  store.entry(system(2, 'leave'));
  store.flush();
}

function rest(id: string): Synced {
  return { rooms: { [id]: { reset: false, entries: [message(2, { room: id }), message(3, { room: id })] } } };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

describe('RoomRepair', () => {
  it('asks nothing when nothing is missing', () => {
    store.welcomed(ME.id, [myRoom(1)]);
    store.flush();
    repair().check();
    expect(asked).toEqual([]);
  });

  it('asks for all rooms in one sync, and for more only when that is answered', async () => {
    behind('a', 'b');
    const mending = repair();
    mending.check();
    mending.check();
    expect(asked.map(({ seen }) => seen)).toEqual([{ a: 1, b: 1 }]);
    asked[0]!.answer(rest('a'));
    await settle();
    expect(asked.map(({ seen }) => seen)).toEqual([{ a: 1, b: 1 }, { b: 1 }]);
    asked[1]!.answer(rest('b'));
    await settle();
    expect(store.missing.size).toBe(0);
    expect(asked).toHaveLength(2);
  });

  it('asks for a thousand rooms at a time', async () => {
    behind(...Array.from({ length: 1_001 }, (_, at) => `room${at}`));
    repair().check();
    expect(Object.keys(asked[0]!.seen)).toHaveLength(1_000);
  });

  it('waits, longer each time, when an answer does not help', async () => {
    behind('a');
    repair().check();
    for (const wait of [100, 200, 400]) {
      asked.at(-1)!.answer({ rooms: {} });
      await settle();
      expect(clock.nextIn).toBe(wait);
      clock.advance(wait);
    }
    expect(asked).toHaveLength(4);
    expect(faults).toEqual([]);
  });

  it('reports a failure, unless it is the line: then the next connection begins anew', async () => {
    behind('a');
    const mending = repair();
    mending.check();
    asked[0]!.fail(new Error('Out of luck.'));
    await settle();
    expect(faults.map(({ kind }) => kind)).toEqual(['syncFailed']);
    clock.advance(100);
    mending.stop();
    asked[1]!.fail(new ConnectionLost());
    await settle();
    expect(faults).toHaveLength(1);
    expect(clock.pending).toBe(0);
    mending.check();
    expect(asked).toHaveLength(2);
    mending.start([], {});
    mending.check();
    expect(asked).toHaveLength(3);
  });

  it('leaves to the server what it is about to tell, for as long as it has patience', () => {
    behind('a', 'b');
    const mending = repair();
    mending.start(['a', 'b'], {});
    mending.check();
    expect(asked).toEqual([]);
    mending.told({ rooms: { a: { gone: true } } });
    mending.check();
    expect(asked.map(({ seen }) => seen)).toEqual([{ a: 1 }]);
    mending.stop();
    mending.start(['a', 'b'], {});
    clock.advance(5_000);
    expect(asked.at(-1)!.seen).toEqual({ a: 1, b: 1 });
  });

  it('asks whether a room that the server did not name is still there', async () => {
    store.welcomed(ME.id, [myRoom(1)]);
    store.flush();
    const mending = repair();
    mending.start([], { r1: 1 });
    mending.check();
    asked[0]!.answer({ rooms: { r1: { gone: true } } });
    await settle();
    expect(store.list()).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it('fetches a room that a reset left behind', async () => {
    store.welcomed(ME.id, [myRoom(1)]);
    store.synced({ rooms: { r1: { reset: true, entries: [message(80)] } } });
    store.flush();
    repair(async (id) => myRoom(80, { id, user_count: 9 })).check();
    await settle();
    expect(store.get('r1')?.room.user_count).toBe(9);
  });

  it('fetches a room of which one of the shown members left', async () => {
    crowded();
    const users = myRoom(2).users.slice(0, 1);
    repair(async (id) => myRoom(2, { id, users, user_count: 11 })).check();
    await settle();
    expect(store.outdated.size).toBe(0);
    expect(store.get('r1')?.room).toMatchObject({ user_count: 11, users });
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['has ended meanwhile', () => store.removed('r1', 'left')],
    ['was shown anew meanwhile', () => store.added(myRoom(2, { name: 'New' }))],
  ])('does not take a fetched room that %s', async (_, happens) => {
    crowded();
    const fetched = Promise.withResolvers<MyRoom>();
    repair(() => fetched.promise).check();
    happens();
    store.flush();
    const before = store.get('r1');
    fetched.resolve(myRoom(2, { name: 'Fetched' }));
    await settle();
    expect(store.get('r1')).toBe(before);
    expect(clock.pending).toBe(0);
  });

  it('does not take a room that was fetched for an earlier connection', async () => {
    crowded();
    const fetched = Promise.withResolvers<MyRoom>();
    const mending = repair(() => fetched.promise);
    mending.check();
    mending.stop();
    const before = store.get('r1');
    fetched.resolve(myRoom(2, { name: 'Fetched' }));
    await settle();
    expect(store.get('r1')).toBe(before);
  });

  it('cannot fetch without a source: it does not try, and goes on to ask for what is missing', async () => {
    crowded();
    const mending = repair();
    mending.check();
    await settle();
    expect(clock.pending).toBe(0);
    store.entry(message(4));
    store.flush();
    mending.check();
    expect(asked.map(({ seen }) => seen)).toEqual([{ r1: 2 }]);
  });
});

it.each([null, 7, {}, { id: 'r1', seq: 1 }])('%j is no room of mine', (value) => {
  expect(isMyRoom(value)).toBe(false);
});
