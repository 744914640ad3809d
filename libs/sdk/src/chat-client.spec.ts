import { firstValueFrom } from 'rxjs';
import { useClientBench } from '../testing/client-bench';
import { message, moment, myRoom, OTHER, system } from '../testing/samples';

const bench = useClientBench();
const { connected, next, reconnected, room, status } = bench;

describe('commands', () => {
  it('match replies to their commands by id, whatever their order', async () => {
    const peer = await connected();
    const pong = bench.client.send('ping', {});
    const joined = bench.client.send('joinRoom', { room: 'r1' });
    const ping = await peer.command('ping');
    peer.reply(await peer.command('joinRoom'), myRoom(1));
    peer.reply(ping, { at: moment(1) });
    expect(await pong).toEqual({ at: moment(1) });
    expect((await joined).id).toBe('r1');
  });

  it('reject with what the server refuses', async () => {
    const peer = await connected();
    const made = bench.client.send('createRoom', { name: '' });
    const error = { code: 'VALIDATION_FAILED' as const, message: 'No.', fields: { name: 'Say a name.' } };
    peer.refuse(await peer.command('createRoom'), error);
    await expect(made).rejects.toMatchObject(error);
  });

  it('time out', async () => {
    const peer = await connected();
    const made = bench.client.send('createRoom', { name: 'Slow' }, 5_000);
    await peer.command('createRoom');
    bench.clock.advance(5_000);
    await expect(made).rejects.toMatchObject({ code: 'TIMED_OUT' });
  });

  it('that are too large are not sent', async () => {
    const peer = await connected();
    const text = 'ế'.repeat(30_000);
    await expect(bench.client.send('postMessage', { room: 'r1', clientId: 'c', text })).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
    });
    const pong = bench.client.send('ping', {});
    peer.reply(await peer.command('ping'), { at: moment(1) });
    await pong;
  });

  it('that cannot be repeated reject with ConnectionLost, in flight and offline', async () => {
    const peer = await connected();
    const inFlight = bench.client.send('createRoom', { name: 'New' });
    await peer.command('createRoom');
    peer.cut();
    await expect(inFlight).rejects.toMatchObject({ name: 'ConnectionLost', code: 'CONNECTION_LOST' });
    await expect(bench.client.send('createRoom', { name: 'New' })).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  it('that can be repeated are sent again on the next connection', async () => {
    const peer = await connected();
    const joined = bench.client.send('joinRoom', { name: 'Kitchen' }, 120_000);
    await peer.command('joinRoom');
    peer.cut();
    const again = await reconnected([]);
    again.peer.reply(await again.peer.command('joinRoom'), myRoom(1));
    expect((await joined).id).toBe('r1');
  });

  it('that can be repeated wait for the line no longer than they may', async () => {
    const peer = await connected();
    peer.cut();
    await status('offline');
    const read = bench.client.send('markRead', { room: 'r1', seq: 1 }, 100);
    bench.clock.advance(100);
    await expect(read).rejects.toMatchObject({ code: 'TIMED_OUT' });
    bench.client.close();
    await expect(bench.client.markRead('r1', 1)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });
});

describe('events', () => {
  it('are told after the states of the rooms know them', async () => {
    const peer = await connected([myRoom(1)]);
    const told = next('messagePosted');
    peer.send({ event: 'messagePosted', data: message(2) }, { event: 'messagePosted', data: message(3) });
    expect((await told).seq).toBe(2);
    expect(bench.client.room('r1')?.entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('that are not of the wire are reported, and the line goes on', async () => {
    const peer = await connected([myRoom(1)]);
    peer.sendRaw('{"event":');
    peer.sendRaw(new Uint8Array(3));
    peer.sendRaw('{"event":"messagePosted","data":{"type":"message","room":"r1","seq":"2"}}');
    peer.sendRaw('{"event":"synced","data":{}}');
    peer.sendRaw('{"event":"synced","data":{"rooms":{"r1":{"reset":false,"entries":[{}]}}}}');
    peer.sendRaw('{"event":"somethingNew","data":{}}');
    const told = next('messagePosted');
    peer.event({ event: 'messagePosted', data: message(2) });
    await told;
    expect(bench.faults.map(({ kind }) => kind)).toEqual(['badFrame', 'badFrame', 'badEntry', 'badFrame', 'badEntry']);
    expect(bench.client.room('r1')?.entries).toHaveLength(2);
  });

  it('about the connection are faults too', async () => {
    const peer = await connected();
    const told = next('error');
    peer.event({ event: 'error', data: { code: 'BAD_JSON', message: 'That was no JSON.' } });
    expect((await told).code).toBe('BAD_JSON');
    expect(bench.faults).toEqual([{ kind: 'serverError', message: 'BAD_JSON: That was no JSON.' }]);
  });

  it('of memberships change the rooms', async () => {
    const peer = await connected([myRoom(1)]);
    const added = room(() => true, 'r2');
    peer.event({ event: 'roomAdded', data: myRoom(0, { id: 'r2' }) });
    expect(await added).toMatchObject({ gone: null });
    const removed = room(({ gone }) => gone !== null);
    peer.event({ event: 'roomRemoved', data: { room: 'r1', reason: 'deleted' } });
    expect(await removed).toMatchObject({ gone: 'deleted' });
    expect((await firstValueFrom(bench.client.rooms$)).map((state) => state.room.id)).toEqual(['r2']);
  });

  it('of another session move the mark', async () => {
    const peer = await connected([myRoom(5, { read: 1, unread: 4 })]);
    const moved = room((state) => state.room.read === 4);
    peer.event({ event: 'roomRead', data: { room: 'r1', read: 4, unread: 1 } });
    expect((await moved)?.room.unread).toBe(1);
  });
});

describe('replies change the rooms', () => {
  it('that were made, joined, left, deleted and read', async () => {
    const peer = await connected([myRoom(3), myRoom(3, { id: 'r2' }), myRoom(5, { id: 'r3', read: 0, unread: 5 })]);
    const made = bench.client.send('createGroup', { name: 'New', users: [] });
    peer.reply(await peer.command('createGroup'), myRoom(1, { id: 'r4' }));
    await made;
    const left = bench.client.send('leaveRoom', { room: 'r1' });
    peer.reply(await peer.command('leaveRoom'), { room: 'r1' });
    await left;
    const deleted = bench.client.send('deleteRoom', { room: 'r2' });
    peer.reply(await peer.command('deleteRoom'), { room: 'r2' });
    await deleted;
    const read = bench.client.markRead('r3', 5);
    peer.reply(await peer.command('markRead'), { room: 'r3', read: 5, unread: 0 });
    await read;
    const rooms = await firstValueFrom(bench.client.rooms$);
    expect(rooms.map((state) => [state.room.id, state.room.unread])).toEqual([
      ['r3', 0],
      ['r4', 0],
    ]);
  });

  it('show at once what was read here, before the server knows', async () => {
    const peer = await connected([myRoom(1, { read: 0, unread: 1 })]);
    const read = bench.client.markRead('r1', 1);
    expect(bench.client.room('r1')?.room).toMatchObject({ read: 1, unread: 0 });
    peer.reply(await peer.command('markRead'), { room: 'r1', read: 1, unread: 0 });
    await read;
  });
});

it('tells once more, on the next connection, what was read and the server has not heard of', async () => {
  const peer = await connected([myRoom(1, { read: 0, unread: 1 }), myRoom(2, { id: 'r2' })]);
  const unheard = expect(bench.client.markRead('r1', 1)).rejects.toMatchObject({ code: 'TIMED_OUT' });
  await peer.command('markRead');
  bench.clock.advance(15_000);
  await unheard;
  peer.cut();
  const again = await reconnected([myRoom(1, { read: 0, unread: 1 }), myRoom(2, { id: 'r2' })]);
  const mark = await again.peer.command('markRead');
  expect(mark.data).toEqual({ room: 'r1', seq: 1 });
  expect(again.peer.unread).toEqual([]);
  expect(bench.client.room('r1')?.room).toMatchObject({ read: 1, unread: 0 });
});

it('every timer ends with the client', async () => {
  const peer = await connected([myRoom(1)]);
  void bench.client.postMessage({ room: 'r1', text: 'Hi' });
  await peer.command('postMessage');
  peer.event({ event: 'system', data: system(5, 'join', { user: OTHER }) });
  await peer.command('sync');
  bench.client.close();
  expect(bench.clock.pending).toBe(0);
});
