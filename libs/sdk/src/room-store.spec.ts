import { ME, message, moment, myRoom, system } from '../testing/samples';
import { openRoom, type RoomState } from './room-state';
import { RoomStore } from './room-store';

let store: RoomStore;

beforeEach(() => {
  store = new RoomStore({ keepEntries: 10, pendingOf: () => [] });
});

function welcomed(...rooms: Parameters<typeof myRoom>[]): void {
  store.welcomed(
    ME.id,
    rooms.map((room) => myRoom(...room)),
  );
  store.flush();
}

function live(room: string, from: number, to: number): void {
  for (let seq = from; seq <= to; seq += 1) store.entry(message(seq, { room }));
  store.flush();
}

function ids(rooms: readonly RoomState[]): string[] {
  return rooms.map(({ room }) => room.id);
}

describe('the list of rooms', () => {
  it('has the latest entry first; an empty room counts from its creation', () => {
    welcomed([1, { id: 'a' }], [5, { id: 'b' }], [0, { id: 'c', created_at: moment(3) }]);
    expect(ids(store.list())).toEqual(['b', 'c', 'a']);
    live('a', 2, 9);
    expect(ids(store.list())).toEqual(['a', 'b', 'c']);
  });

  it('is told on subscription and with each flush that changed something', () => {
    const told: string[][] = [];
    store.rooms$.subscribe((rooms) => told.push(ids(rooms)));
    welcomed([1]);
    store.flush();
    store.removed('r1', 'left');
    store.flush();
    expect(told).toEqual([[], ['r1'], []]);
  });

  it('gives heads for as many rooms as are asked for', () => {
    welcomed([1, { id: 'a' }], [5, { id: 'b' }]);
    expect(store.heads()).toEqual({ a: 1, b: 5 });
    expect(store.heads(1)).toEqual({ b: 5 });
  });
});

describe('one room', () => {
  it('is told once for all that a frame brought', () => {
    welcomed([1], [1, { id: 'other' }]);
    const told: (number | undefined)[] = [];
    store.room$('r1').subscribe((state) => told.push(state?.entries.length));
    live('r1', 2, 5);
    live('other', 2, 5);
    expect(told).toEqual([1, 5]);
  });

  it('that nobody watches is trimmed now and then', () => {
    welcomed([1]);
    live('r1', 2, 19);
    expect(store.get('r1')?.entries).toHaveLength(19);
    live('r1', 20, 20);
    expect(store.get('r1')?.entries).toHaveLength(10);
  });

  it('is not trimmed of the pages that were asked for', () => {
    welcomed([100]);
    for (let base = 99; base > 0; base -= 3) {
      store.older('r1', { entries: [message(base - 2), message(base - 1), message(base)], more: base > 3 });
      store.flush();
    }
    expect(store.get('r1')).toMatchObject({ base: 0, hasOlder: false });
  });

  it('that somebody watches is kept whole until the last one turns away', () => {
    welcomed([1]);
    const first = store.room$('r1').subscribe();
    const second = store.room$('r1').subscribe();
    live('r1', 2, 50);
    first.unsubscribe();
    expect(store.get('r1')?.entries).toHaveLength(50);
    second.unsubscribe();
    expect(store.get('r1')?.entries).toHaveLength(10);
  });

  it('that somebody watches is trimmed where they ask for it', () => {
    welcomed([1]);
    const seen: (RoomState | undefined)[] = [];
    store.room$('r1').subscribe((state) => seen.push(state));
    live('r1', 2, 30);
    store.trim('r1', 5);
    store.flush();
    expect(seen.at(-1)).toMatchObject({ base: 25, hasOlder: true });
    expect(seen.at(-1)?.entries).toHaveLength(5);
  });

  it('that is gone stays only for those who watch it', () => {
    welcomed([1], [1, { id: 'other' }]);
    const watching = store.room$('r1').subscribe();
    store.removed('r1', 'deleted');
    store.removed('other', 'deleted');
    store.flush();
    expect(store.get('other')).toBeUndefined();
    expect(store.get('r1')?.gone).toBe('deleted');
    expect(store.list()).toEqual([]);
    watching.unsubscribe();
    expect(store.get('r1')).toBeUndefined();
  });

  it('takes the entries that came before it was known', () => {
    welcomed();
    live('r1', 5, 6);
    store.added(myRoom(4));
    store.flush();
    expect(store.get('r1')?.entries.map(({ seq }) => seq)).toEqual([4, 5, 6]);
  });

  it('that a person comes back to is told anew', () => {
    welcomed([1]);
    store.entry(system(2, 'leave', { user: ME }));
    store.flush();
    store.added(myRoom(3));
    store.flush();
    expect(store.get('r1')).toMatchObject({ gone: null, base: 2 });
  });
});

describe('entries', () => {
  function heard(): number[] {
    const seqs: number[] = [];
    store.entries$.subscribe(({ seq }) => seqs.push(seq));
    return seqs;
  }

  it('are told once and in their order, live or missed, and not those that were known', () => {
    welcomed([3]);
    const told = heard();
    live('r1', 5, 6);
    live('r1', 6, 6);
    expect(told).toEqual([]);
    store.synced({ rooms: { r1: { reset: false, entries: [message(4), message(5)] } } });
    store.older('r1', { entries: [message(1), message(2)], more: false });
    store.flush();
    expect(told).toEqual([4, 5, 6]);
  });

  it('are told whole where the room is trimmed at once', () => {
    welcomed([1]);
    const told = heard();
    live('r1', 2, 41);
    expect(told).toEqual(Array.from({ length: 40 }, (_, at) => at + 2));
    expect(store.get('r1')!.entries.length).toBeLessThan(20);
  });

  it('go on with the newest page after a reset', () => {
    welcomed([3]);
    const told = heard();
    store.synced({ rooms: { r1: { reset: true, entries: [message(80), message(81)] } } });
    store.flush();
    expect(told).toEqual([80, 81]);
  });

  it('are told after the rooms know them', () => {
    welcomed([1]);
    const known: (number | undefined)[] = [];
    store.entries$.subscribe(() => known.push(store.get('r1')?.room.seq));
    live('r1', 2, 3);
    expect(known).toEqual([3, 3]);
  });
});

describe('troubles', () => {
  it('are rooms that lack entries, until they have them', () => {
    welcomed([1]);
    live('r1', 3, 3);
    expect([...store.missing]).toEqual([['r1', 1]]);
    live('r1', 2, 2);
    expect(store.missing.size).toBe(0);
  });

  it('are rooms whose summary a reset has left behind', () => {
    welcomed([1]);
    store.synced({ rooms: { r1: { reset: true, entries: [message(80)] }, unknown: { gone: true } } });
    store.flush();
    expect([...store.outdated]).toEqual(['r1']);
    store.added(myRoom(80));
    store.flush();
    expect(store.outdated.size).toBe(0);
  });

  it('end with the room', () => {
    welcomed([1]);
    live('r1', 3, 3);
    store.removed('r1', 'left');
    store.flush();
    expect(store.missing.size).toBe(0);
  });
});

describe('another person', () => {
  it('has none of the states of the first, and nothing of their troubles', () => {
    welcomed([1]);
    live('r1', 3, 3);
    const told: unknown[] = [];
    store.room$('r1').subscribe((state) => told.push(state?.me));
    store.welcomed('somebody', []);
    store.flush();
    expect(store.list()).toEqual([]);
    expect(store.missing.size).toBe(0);
    expect(told).toEqual([ME.id, undefined]);
  });

  it('gets nothing that was kept for the first', () => {
    store.restore([openRoom(ME.id, myRoom(1)), openRoom('somebody', myRoom(1, { id: 'r2' }))]);
    store.flush();
    expect(ids(store.list())).toEqual(['r1']);
  });
});
