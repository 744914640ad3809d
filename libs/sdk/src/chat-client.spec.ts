import type { ClientFrame, EventName, Events, MyRoom, Welcome } from '@parley/contract';
import { filter, firstValueFrom, type Observable } from 'rxjs';
import { ManualClock } from '../testing/manual-clock';
import { ME, message, moment, myRoom, OTHER, system, welcome } from '../testing/samples';
import { Peer, ScriptedServer } from '../testing/scripted-server';
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

describe('connecting', () => {
  it('authenticates first and resolves with the welcome', async () => {
    const online = client.connect(server.url, async () => 'my token');
    const peer = await server.accept();
    const hello = await peer.command('authenticate');
    expect(hello.data).toEqual({ token: 'my token' });
    peer.reply(hello, welcome([myRoom(3)]));
    expect((await online).user.id).toBe(ME.id);
    expect(client.state).toEqual({ status: 'online', since: clock.now() });
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
});

describe('events', () => {
  it('are told after the states of the rooms know them', async () => {
    const peer = await connected([myRoom(1)]);
    const told = next('messagePosted');
    peer.send({ event: 'messagePosted', data: message(2) }, { event: 'messagePosted', data: message(3) });
    expect((await told).seq).toBe(2);
    expect(client.room('r1')?.entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });
});
