import type { ClientFrame, EventName, Events, MyRoom, Welcome } from '@parley/contract';
import { filter, firstValueFrom, type Observable } from 'rxjs';
import { ManualClock } from '../testing/manual-clock';
import { ME, message, moment, myRoom, OTHER, system, welcome } from '../testing/samples';
import { type Peer, ScriptedServer } from '../testing/scripted-server';
import { ChatClient, type ChatClientOptions } from './chat-client';
import type { ConnectionState } from './connection/line';
import type { Fault } from './fault';
import { nodeSocket } from './node';
import { head, type RoomState } from './room-state';

let server: ScriptedServer;
let clock: ManualClock;
let client: ChatClient;
let faults: Fault[];

function makeClient(options: ChatClientOptions = {}): ChatClient {
  client = new ChatClient({ clock, random: () => 0, socket: nodeSocket(), ...options });
  client.faults$.subscribe((fault) => faults.push(fault));
  return client;
}

beforeEach(async () => {
  server = await ScriptedServer.start();
  clock = new ManualClock();
  faults = [];
  makeClient();
});

afterEach(async () => {
  client.close();
  await server.stop();
});

/** Answers the next connection's `authenticate`. */
async function greet(rooms: MyRoom[] = [], more: Partial<Welcome> = {}): Promise<{ peer: Peer; hello: ClientFrame }> {
  const peer = await server.accept();
  const hello = await peer.command('authenticate');
  peer.reply(hello, welcome(rooms, more));
  return { peer, hello };
}

async function connected(rooms: MyRoom[] = []): Promise<Peer> {
  const online = client.connect(server.url, () => 'token');
  const { peer } = await greet(rooms);
  await online;
  return peer;
}

function first<T>(source: Observable<T>, fits: (value: T) => boolean): Promise<T> {
  return firstValueFrom(source.pipe(filter(fits)));
}

function status<S extends ConnectionState['status']>(wanted: S): Promise<Extract<ConnectionState, { status: S }>> {
  return first(client.state$, (state) => state.status === wanted) as Promise<Extract<ConnectionState, { status: S }>>;
}

function next<E extends EventName>(event: E): Promise<Events[E]> {
  return firstValueFrom(client.on(event));
}

function room(fits: (state: RoomState) => boolean, id = 'r1'): Promise<RoomState | undefined> {
  return first(client.room$(id), (state) => state !== undefined && fits(state));
}

/** Lets the line come back after it has dropped. */
async function reconnected(rooms: MyRoom[]): Promise<{ peer: Peer; hello: ClientFrame }> {
  await status('offline');
  clock.advance(60_000);
  const greeted = await greet(rooms);
  await status('online');
  return greeted;
}

/** Lets everything that is already settled be noticed. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

/** What the client asks for by its next command. */
async function syncAsked(peer: Peer): Promise<[Record<string, number>, ClientFrame]> {
  const frame = await peer.command('sync');
  return [frame.data.seen, frame];
}

describe('connecting', () => {
  it('authenticates first and resolves with the welcome', async () => {
    const online = client.connect(server.url, async () => 'my token');
    const peer = await server.accept();
    const hello = await peer.command('authenticate');
    expect(hello.data).toEqual({ token: 'my token' });
    peer.reply(hello, welcome([myRoom(3)]));
    expect((await online).user.id).toBe(ME.id);
    expect(client.state).toEqual({ status: 'online', since: clock.now() });
    expect(client.welcome?.user.id).toBe(ME.id);
    expect(client.room('r1')?.room.seq).toBe(3);
  });

  it('stops when there is no token', async () => {
    await expect(client.connect(server.url, () => null)).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect(client.state).toEqual({ status: 'closed', reason: 'signedOut' });
  });

  it('stops when the server does not know the token', async () => {
    const online = client.connect(server.url, () => 'forged');
    const peer = await server.accept();
    peer.refuse(await peer.command('authenticate'), { code: 'NOT_SIGNED_IN', message: 'Sign in.' });
    await expect(online).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect(clock.pending).toBe(0);
  });

  it('tries again when the token cannot be had just now', async () => {
    const tokens = [() => Promise.reject(new Error('offline')), () => 'token'];
    const online = client.connect(server.url, () => tokens.shift()!());
    expect(await status('offline')).toEqual({ status: 'offline', reason: 'noToken', retryAt: clock.now() + 250 });
    expect(faults.map(({ kind }) => kind)).toEqual(['tokenFailed']);
    clock.advance(250);
    await greet();
    await online;
  });

  it('tries again, ever more slowly, when nobody is there', async () => {
    const { url } = server;
    await server.stop();
    void client.connect(url, () => 'token');
    for (const wait of [250, 500, 1_000]) {
      const { reason, retryAt } = await status('offline');
      expect([reason, retryAt - clock.now()]).toEqual(['unreachable', wait]);
      clock.advance(wait);
    }
  });

  it('waits as long as a server asks that refuses for now', async () => {
    void client.connect(server.url, () => 'token');
    const peer = await server.accept();
    peer.refuse(await peer.command('authenticate'), { code: 'RATE_LIMITED', message: 'Slowly.', retryAfter: 60 });
    const { reason, retryAt, error } = await status('offline');
    expect([reason, retryAt - clock.now(), error?.code]).toEqual(['refused', 60_000, 'RATE_LIMITED']);
  });

  it('takes an answer that is no welcome for a refusal', async () => {
    void client.connect(server.url, () => 'token');
    const peer = await server.accept();
    peer.reply(await peer.command('authenticate'), { hello: 'world' });
    expect(await status('offline')).toMatchObject({ reason: 'refused', error: { code: 'BAD_ANSWER' } });
  });

  it('gives up on a socket that does not open', async () => {
    const closes: number[] = [];
    makeClient({ socket: () => ({ send: () => {}, close: (code) => closes.push(code) }) });
    void client.connect('ws://silent', () => 'token');
    await settle();
    clock.advance(10_000);
    expect(await status('offline')).toMatchObject({ reason: 'unreachable' });
    expect(closes).toEqual([1000]);
  });

  it('takes a factory that throws for a server that is not there', async () => {
    makeClient({
      socket: () => {
        throw new Error('The page forbids it.');
      },
    });
    void client.connect(server.url, () => 'token');
    expect(await status('offline')).toMatchObject({ reason: 'unreachable' });
  });

  it('refuses what is no URL', () => {
    expect(() => client.connect('nowhere', () => 'token')).toThrow('Invalid URL');
  });

  it('ends when the client is closed, also while it waits for the token', async () => {
    const token = Promise.withResolvers<string>();
    const online = client.connect(server.url, () => token.promise);
    client.close();
    await expect(online).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    token.resolve('token');
    await token.promise;
    expect(client.state).toEqual({ status: 'closed', reason: 'byClient' });
    expect(clock.pending).toBe(0);
  });

  it('replaces the connection that there is', async () => {
    const before = await connected();
    const online = client.connect(server.url, () => 'other');
    await greet();
    await online;
    expect(await before.closed).toBe(1000);
    expect(client.state.status).toBe('online');
  });
});

describe('a line that drops', () => {
  it('comes back at retryAt, with what the client has seen', async () => {
    const peer = await connected([myRoom(4)]);
    peer.cut();
    const { reason, retryAt } = await status('offline');
    expect([reason, retryAt - clock.now()]).toEqual(['lost', 250]);
    clock.advance(250);
    const { hello } = await greet([myRoom(4)]);
    await status('online');
    expect(hello.data).toEqual({ token: 'token', seen: { r1: 4 } });
  });

  it('comes back at once when it is told to', async () => {
    const peer = await connected();
    client.retryNow();
    peer.cut();
    await status('offline');
    client.retryNow();
    await greet();
    expect(await status('online')).toBeDefined();
    expect(clock.pending).toBe(1);
  });

  it('waits longer each time it drops at once, and shortly again after it has held', async () => {
    let peer = await connected();
    for (const wait of [250, 500, 1_000]) {
      peer.cut();
      const { retryAt } = await status('offline');
      expect(retryAt - clock.now()).toBe(wait);
      clock.advance(wait);
      ({ peer } = await greet());
      await status('online');
    }
    clock.advance(10_000);
    peer.cut();
    expect((await status('offline')).retryAt - clock.now()).toBe(250);
  });

  it.each([
    [1012, 'restart'],
    [4408, 'authenticateTimeout'],
    [4409, 'tooManyConnections'],
    [4429, 'tooSlowOrFast'],
  ] as const)('with %i is offline by %s and comes back', async (code, reason) => {
    const peer = await connected();
    peer.close(code);
    expect(await status('offline')).toMatchObject({ reason });
    expect(faults).toEqual([]);
    await reconnected([]);
  });

  it.each([
    [4400, 'badFrame'],
    [4413, 'frameTooLarge'],
  ] as const)('with %i is reported too', async (code, reason) => {
    const peer = await connected();
    peer.close(code, 'What was that?');
    expect(await status('offline')).toMatchObject({ reason });
    expect(faults).toEqual([{ kind: 'frameRefused', message: `The server closed with ${code}: What was that?` }]);
  });

  it('with 4401 stays closed: signed out', async () => {
    const peer = await connected();
    peer.close(4401);
    expect(await status('closed')).toEqual({ status: 'closed', reason: 'signedOut' });
    expect(clock.pending).toBe(0);
  });

  it('spreads the clients of a server that restarts', async () => {
    makeClient({ random: () => 0.5 });
    const peer = await connected();
    peer.close(1012);
    expect((await status('offline')).retryAt - clock.now()).toBe(1_375);
  });
});

describe('a line that falls silent', () => {
  it('is pinged after heartbeatMs and dropped when there is no answer', async () => {
    const peer = await connected();
    clock.advance(30_000);
    await peer.command('ping');
    clock.advance(9_999);
    expect(client.state.status).toBe('online');
    clock.advance(1);
    expect(client.state).toMatchObject({ status: 'offline', reason: 'silent' });
    await reconnected([]);
  });

  it('is kept when it answers', async () => {
    const peer = await connected([myRoom(1)]);
    clock.advance(30_000);
    const answered = next('messagePosted');
    peer.event({ event: 'messagePosted', data: message(2) });
    await answered;
    clock.advance(29_999);
    expect(client.state.status).toBe('online');
  });
});

describe('commands', () => {
  it('match replies to their commands by id, whatever their order', async () => {
    const peer = await connected();
    const pong = client.send('ping', {});
    const joined = client.send('joinRoom', { room: 'r1' });
    const ping = await peer.command('ping');
    peer.reply(await peer.command('joinRoom'), myRoom(1));
    peer.reply(ping, { at: moment(1) });
    expect(await pong).toEqual({ at: moment(1) });
    expect((await joined).id).toBe('r1');
  });

  it('reject with what the server refuses', async () => {
    const peer = await connected();
    const made = client.send('createRoom', { name: '' });
    const error = { code: 'VALIDATION_FAILED' as const, message: 'No.', fields: { name: 'Say a name.' } };
    peer.refuse(await peer.command('createRoom'), error);
    await expect(made).rejects.toMatchObject(error);
  });

  it('time out', async () => {
    const peer = await connected();
    const made = client.send('createRoom', { name: 'Slow' }, 5_000);
    await peer.command('createRoom');
    clock.advance(5_000);
    await expect(made).rejects.toMatchObject({ code: 'TIMED_OUT' });
  });

  it('that are too large are not sent', async () => {
    const peer = await connected();
    const text = 'ế'.repeat(30_000);
    await expect(client.send('postMessage', { room: 'r1', clientId: 'c', text })).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
    });
    const pong = client.send('ping', {});
    peer.reply(await peer.command('ping'), { at: moment(1) });
    await pong;
  });

  it('that cannot be repeated reject with ConnectionLost, in flight and offline', async () => {
    const peer = await connected();
    const inFlight = client.send('createRoom', { name: 'New' });
    await peer.command('createRoom');
    peer.cut();
    await expect(inFlight).rejects.toMatchObject({ name: 'ConnectionLost', code: 'CONNECTION_LOST' });
    await expect(client.send('createRoom', { name: 'New' })).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  it('that can be repeated are sent again on the next connection', async () => {
    const peer = await connected();
    const joined = client.send('joinRoom', { name: 'Kitchen' }, 120_000);
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
    const read = client.send('markRead', { room: 'r1', seq: 1 }, 100);
    clock.advance(100);
    await expect(read).rejects.toMatchObject({ code: 'TIMED_OUT' });
    client.close();
    await expect(client.markRead('r1', 1)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });
});

describe('events', () => {
  it('are told after the states of the rooms know them', async () => {
    const peer = await connected([myRoom(1)]);
    const told = next('messagePosted');
    peer.send({ event: 'messagePosted', data: message(2) }, { event: 'messagePosted', data: message(3) });
    expect((await told).seq).toBe(2);
    expect(client.room('r1')?.entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
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
    expect(faults.map(({ kind }) => kind)).toEqual(['badFrame', 'badFrame', 'badEntry', 'badFrame', 'badEntry']);
    expect(client.room('r1')?.entries).toHaveLength(2);
  });

  it('about the connection are faults too', async () => {
    const peer = await connected();
    const told = next('error');
    peer.event({ event: 'error', data: { code: 'BAD_JSON', message: 'That was no JSON.' } });
    expect((await told).code).toBe('BAD_JSON');
    expect(faults).toEqual([{ kind: 'serverError', message: 'BAD_JSON: That was no JSON.' }]);
  });

  it('of memberships change the rooms', async () => {
    const peer = await connected([myRoom(1)]);
    const added = room(() => true, 'r2');
    peer.event({ event: 'roomAdded', data: myRoom(0, { id: 'r2' }) });
    expect(await added).toMatchObject({ gone: null });
    const removed = room(({ gone }) => gone !== null);
    peer.event({ event: 'roomRemoved', data: { room: 'r1', reason: 'deleted' } });
    expect(await removed).toMatchObject({ gone: 'deleted' });
    expect((await firstValueFrom(client.rooms$)).map((state) => state.room.id)).toEqual(['r2']);
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
    const made = client.send('createGroup', { name: 'New', users: [] });
    peer.reply(await peer.command('createGroup'), myRoom(1, { id: 'r4' }));
    await made;
    const left = client.send('leaveRoom', { room: 'r1' });
    peer.reply(await peer.command('leaveRoom'), { room: 'r1' });
    await left;
    const deleted = client.send('deleteRoom', { room: 'r2' });
    peer.reply(await peer.command('deleteRoom'), { room: 'r2' });
    await deleted;
    const read = client.markRead('r3', 5);
    peer.reply(await peer.command('markRead'), { room: 'r3', read: 5, unread: 0 });
    await read;
    const rooms = await firstValueFrom(client.rooms$);
    expect(rooms.map((state) => [state.room.id, state.room.unread])).toEqual([
      ['r3', 0],
      ['r4', 0],
    ]);
  });

  it('show at once what was read here, before the server knows', async () => {
    const peer = await connected([myRoom(1, { read: 0, unread: 1 })]);
    const read = client.markRead('r1', 1);
    expect(client.room('r1')?.room).toMatchObject({ read: 1, unread: 0 });
    peer.reply(await peer.command('markRead'), { room: 'r1', read: 1, unread: 0 });
    await read;
  });
});

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
    clock.advance(15_000);
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
    await first(client.faults$, ({ kind }) => kind === 'syncFailed');
    await settle();
    clock.advance(6_999);
    expect(peer.unread).toEqual([]);
    clock.advance(1);
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
    expect(await firstValueFrom(client.rooms$)).toEqual([]);
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
    const kept = JSON.parse(JSON.stringify(await firstValueFrom(client.rooms$))) as RoomState[];
    client.close();
    makeClient();
    client.restoreRooms(kept);
    expect(client.room('r1')?.entries).toHaveLength(1);
    void client.connect(server.url, () => 'token');
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
    expect(await client.loadOlder('r1', 2)).toBe(true);
    expect(await client.loadOlder('r1')).toBe(false);
    expect(await client.loadOlder('r1')).toBe(false);
    expect(asked).toEqual([
      ['r1', { before: 5, limit: 2 }],
      ['r1', { before: 3, limit: 50 }],
    ]);
    expect(client.room('r1')?.entries).toHaveLength(5);
    await expect(client.loadOlder('unknown')).rejects.toMatchObject({ code: 'ROOM_NOT_FOUND' });
  });

  it('need a source', async () => {
    await connected([myRoom(5)]);
    await expect(client.loadOlder('r1')).rejects.toThrow('source');
  });
});

describe('messages', () => {
  it('show at once, and are posted once the line is up', async () => {
    const peer = await connected([myRoom(1)]);
    peer.cut();
    await status('offline');
    const posted = client.postMessage({ room: 'r1', text: 'Hi' });
    expect(client.room('r1')?.pending).toMatchObject([{ message: { text: 'Hi' } }]);
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
    expect(client.outbox.items).toEqual([]);
  });

  it('whose reply was lost are sent again under the same name', async () => {
    const peer = await connected([myRoom(1)]);
    const posted = client.postMessage({ room: 'r1', text: 'Hi' });
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
    const posted = client.postMessage({ room: 'r1', text: 'Hi' });
    const { clientId } = (await peer.command('postMessage')).data;
    peer.cut();
    const again = await reconnected([myRoom(2)]);
    const own = message(2, { sender: ME, clientId });
    again.peer.event({ event: 'synced', data: { rooms: { r1: { reset: false, entries: [own] } } } });
    expect(await posted).toMatchObject({ seq: 2, id: 'e2' });
  });

  it('that wait for a room which is not known yet show when it is', async () => {
    void client.postMessage({ room: 'r1', text: 'Early' });
    await connected([myRoom(1)]);
    expect(client.room('r1')?.pending).toMatchObject([{ message: { text: 'Early' } }]);
  });
});

it('every timer ends with the client', async () => {
  const peer = await connected([myRoom(1)]);
  void client.postMessage({ room: 'r1', text: 'Hi' });
  await peer.command('postMessage');
  peer.event({ event: 'system', data: system(5, 'join', { user: OTHER }) });
  await peer.command('sync');
  client.close();
  expect(clock.pending).toBe(0);
});
