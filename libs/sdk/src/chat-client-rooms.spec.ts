import { firstValueFrom } from 'rxjs';
import { first, settle, syncAsked, useClientBench } from '../testing/client-bench';
import { ME, message, moment, myRoom, system } from '../testing/samples';
import { head, type RoomState } from './room-state';

const bench = useClientBench();
const { connected, greet, makeClient, reconnected, room, status } = bench;

describe('what was missed', () => {
  it('comes with synced, and is not asked for', async () => {
    const peer = await connected([myRoom(1)]);
    peer.cut();
    const again = await reconnected([myRoom(3)]);
    const whole = room((state) => head(state) === 4);
    again.peer.event({ event: 'messagePosted', data: message(4) });
    again.peer.event({
      event: 'synced',
      data: { rooms: { r1: { reset: false, entries: [message(2), message(3)] } } },
    });
    expect((await whole)?.entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(again.peer.unread).toEqual([]);
  });

  it('is asked for when synced does not come', async () => {
    const peer = await connected([myRoom(1)]);
    peer.cut();
    const again = await reconnected([myRoom(3)]);
    bench.clock.advance(15_000);
    const [seen, frame] = await syncAsked(again.peer);
    expect(seen).toEqual({ r1: 1 });
    const whole = room((state) => head(state) === 3);
    again.peer.reply(frame, { rooms: { r1: { reset: false, entries: [message(2), message(3)] } } });
    await whole;
  });

  it('is asked for at once when a live entry shows a gap', async () => {
    const peer = await connected([myRoom(1)]);
    peer.event({ event: 'messagePosted', data: message(4) });
    const [seen, frame] = await syncAsked(peer);
    expect(seen).toEqual({ r1: 1 });
    const whole = room((state) => head(state) === 4);
    peer.reply(frame, { rooms: { r1: { reset: false, entries: [message(2), message(3), message(4)] } } });
    expect((await whole)?.held).toEqual([]);
    expect(peer.unread).toEqual([]);
  });

  it('is asked for again, later, when the answer does not help', async () => {
    const peer = await connected([myRoom(1)]);
    peer.event({ event: 'messagePosted', data: message(3) });
    const [, frame] = await syncAsked(peer);
    peer.refuse(frame, { code: 'RATE_LIMITED', message: 'Slowly.', retryAfter: 7 });
    await first(bench.client.faults$, ({ kind }) => kind === 'syncFailed');
    await settle();
    bench.clock.advance(6_999);
    expect(peer.unread).toEqual([]);
    bench.clock.advance(1);
    const [, again] = await syncAsked(peer);
    const whole = room((state) => head(state) === 3);
    peer.reply(again, { rooms: { r1: { reset: false, entries: [message(2)] } } });
    await whole;
  });

  it('tells that a room is gone', async () => {
    const peer = await connected([myRoom(1)]);
    const gone = room((state) => state.gone === 'left');
    peer.cut();
    const again = await reconnected([]);
    again.peer.event({ event: 'synced', data: { rooms: { r1: { gone: true } } } });
    expect(await gone).toBeDefined();
    expect(await firstValueFrom(bench.client.rooms$)).toEqual([]);
  });

  it('may be a reset: the room is fetched anew if its summary was left behind', async () => {
    makeClient({
      source: {
        room: async () => myRoom(900, { user_count: 77 }),
        log: async () => ({ entries: [message(888)], more: true }),
      },
    });
    const peer = await connected([myRoom(1)]);
    peer.event({ event: 'messagePosted', data: message(900) });
    const [, frame] = await syncAsked(peer);
    const fetched = room((state) => state.room.user_count === 77);
    peer.reply(frame, { rooms: { r1: { reset: true, entries: [message(899)] } } });
    expect((await fetched)?.entries.map(({ seq }) => seq)).toEqual([899, 900]);
  });

  it('may be who moves up among the members that are shown: the room is fetched anew', async () => {
    const users = [...myRoom(2).users.slice(0, 1), { ...myRoom(2).users[1]!, id: 'next', name: 'Next' }];
    makeClient({
      source: {
        room: async () => myRoom(2, { users, user_count: 11 }),
        log: async () => ({ entries: [], more: false }),
      },
    });
    const peer = await connected([myRoom(1, { user_count: 12 })]);
    const fetched = room((state) => state.room.users.length === 2 && state.room.seq === 2);
    peer.event({ event: 'system', data: system(2, 'leave') });
    expect((await fetched)?.room).toMatchObject({ users, user_count: 11 });
  });

  it('is what came since a state was kept', async () => {
    const peer = await connected([myRoom(2)]);
    peer.close(1000);
    const kept = JSON.parse(JSON.stringify(await firstValueFrom(bench.client.rooms$))) as RoomState[];
    bench.client.close();
    makeClient();
    bench.client.restoreRooms(kept);
    expect(bench.client.room('r1')?.entries).toHaveLength(1);
    void bench.client.connect(bench.server.url, () => 'token');
    const { hello } = await greet([myRoom(2)]);
    expect(hello.data).toMatchObject({ seen: { r1: 2 } });
  });
});

describe('older entries', () => {
  it('are fetched from the source, page after page', async () => {
    const asked: unknown[] = [];
    makeClient({
      source: {
        room: async () => myRoom(5),
        log: async (id, range) => {
          asked.push([id, range]);
          return asked.length === 1
            ? { entries: [message(3), message(4)], more: true }
            : { entries: [message(1), message(2)], more: false };
        },
      },
    });
    await connected([myRoom(5)]);
    expect(await bench.client.loadOlder('r1', 2)).toBe(true);
    expect(await bench.client.loadOlder('r1')).toBe(false);
    expect(await bench.client.loadOlder('r1')).toBe(false);
    expect(asked).toEqual([
      ['r1', { before: 5, limit: 2 }],
      ['r1', { before: 3, limit: 50 }],
    ]);
    expect(bench.client.room('r1')?.entries).toHaveLength(5);
    await expect(bench.client.loadOlder('unknown')).rejects.toMatchObject({ code: 'ROOM_NOT_FOUND' });
  });

  it('need a source', async () => {
    await connected([myRoom(5)]);
    await expect(bench.client.loadOlder('r1')).rejects.toThrow('source');
  });
});

describe('messages', () => {
  it('show at once, and are posted once the line is up', async () => {
    const peer = await connected([myRoom(1)]);
    peer.cut();
    await status('offline');
    const posted = bench.client.postMessage({ room: 'r1', text: 'Hi' });
    expect(bench.client.room('r1')?.pending).toMatchObject([{ message: { text: 'Hi' } }]);
    const again = await reconnected([myRoom(1)]);
    const post = await again.peer.command('postMessage');
    const { clientId } = post.data;
    const shown = room((state) => state.entries.length === 2);
    again.peer.sendRaw(
      JSON.stringify([
        { event: 'reply', id: post.id, data: { room: 'r1', seq: 2, id: 'e2', at: moment(2) } },
        { event: 'messagePosted', data: message(2, { sender: ME, clientId }) },
      ]),
    );
    expect(await posted).toEqual({ room: 'r1', seq: 2, id: 'e2', at: moment(2) });
    expect((await shown)?.pending).toEqual([]);
    expect(bench.client.outbox.items).toEqual([]);
  });

  it('whose reply was lost are sent again under the same name', async () => {
    const peer = await connected([myRoom(1)]);
    const posted = bench.client.postMessage({ room: 'r1', text: 'Hi' });
    const first = await peer.command('postMessage');
    peer.cut();
    const again = await reconnected([myRoom(1)]);
    const second = await again.peer.command('postMessage');
    expect(second.data).toEqual(first.data);
    again.peer.reply(second, { room: 'r1', seq: 2, id: 'e2', at: moment(2) });
    expect((await posted).seq).toBe(2);
  });

  it('whose entry was missed are settled by synced', async () => {
    const peer = await connected([myRoom(1)]);
    const posted = bench.client.postMessage({ room: 'r1', text: 'Hi' });
    const { clientId } = (await peer.command('postMessage')).data;
    peer.cut();
    const again = await reconnected([myRoom(2)]);
    const own = message(2, { sender: ME, clientId });
    again.peer.event({ event: 'synced', data: { rooms: { r1: { reset: false, entries: [own] } } } });
    expect(await posted).toMatchObject({ seq: 2, id: 'e2' });
  });

  it('that wait for a room which is not known yet show when it is', async () => {
    void bench.client.postMessage({ room: 'r1', text: 'Early' });
    await connected([myRoom(1)]);
    expect(bench.client.room('r1')?.pending).toMatchObject([{ message: { text: 'Early' } }]);
  });
});
