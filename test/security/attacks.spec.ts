import { LIMITS } from '@parley/contract';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Connections } from '../../apps/api/src/realtime/connections';
import { Parley } from '../support/app-harness';
import { ChatPeer } from '../support/chat-peer';
import { within } from '../support/deadline';
import { ServerSockets } from './server-sockets';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** A TCP connection on which anything can be said. */
async function dial(parley: Parley, allowHalfOpen = false): Promise<Socket> {
  const port = Number(new URL(parley.url).port);
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

function upgradeRequest(headers: readonly string[] = []): string {
  const lines = ['GET /ws HTTP/1.1', 'Host: parley', 'Upgrade: websocket', 'Connection: Upgrade'];
  return [...lines, `Sec-WebSocket-Key: ${KEY}`, 'Sec-WebSocket-Version: 13', ...headers, '', ''].join('\r\n');
}

describe('sockets that mean no good', () => {
  let parley: Parley;

  beforeAll(async () => {
    parley = await Parley.start({
      CONNECTIONS_PER_USER: '3',
      CONNECTIONS_PER_ADDRESS: '40',
      AUTHENTICATE_WITHIN_MS: '300',
      RATE_LIMITS: 'on',
      TRUST_PROXY: '1',
    });
  });
  afterAll(() => parley.stop());

  it('S6 S15 that hang up while they are signed in leave nothing behind that counts against the account', async () => {
    const [victim] = await parley.crowd(1);
    const sockets = new ServerSockets(parley);
    const peers = await Promise.all(Array.from({ length: 12 }, () => parley.peer()));
    for (const peer of peers) peer.sends('authenticate', { token: victim!.token });
    await Promise.all(peers.map((peer) => new Promise((sent) => peer.wire.write('', sent))));
    for (const peer of peers) peer.cuts();
    await sockets.areGone();
    const witness = await parley.founder.opensPeer();
    await witness.catchesUp();

    const own = await victim!.opensPeer();
    await own.catchesUp();
    expect(parley.part(Connections).of(victim!.id).size).toBe(1);
  });

  it('that are refused and do not hang up are let go of all the same', async () => {
    const sockets = new ServerSockets(parley);
    const dialed = await Promise.all(Array.from({ length: 20 }, () => dial(parley, true)));
    for (const socket of dialed) socket.write(upgradeRequest(['Origin: https://evil.example']));
    const answers = await Promise.all(dialed.map((socket) => once(socket, 'data')));
    for (const [answer] of answers) expect(String(answer)).toMatch(/^HTTP\/1\.1 403 /);
    await sockets.areGone();
    for (const socket of dialed) socket.destroy();
  });

  it('S15 that ping and do not read the pongs cannot fill the memory', async () => {
    const sockets = new ServerSockets(parley);
    const [one] = await parley.crowd(1);
    const peer = await one!.opensPeer();
    const server = sockets.all.at(-1)!;
    peer.stopsReading();
    const ping = Buffer.concat([Buffer.from([0x89, 0x80 | 125, 0, 0, 0, 0]), Buffer.alloc(125)]);
    const burst = Buffer.concat(Array.from({ length: 8_000 }, () => ping));
    const wanted = server.bytesRead + 12 * burst.length;
    const piled: number[] = [];
    const read = new Promise<void>((resolve) => {
      server.on('data', () => {
        piled.push(server.writableLength);
        if (server.bytesRead >= wanted) resolve();
      });
      server.once('close', () => resolve());
    });
    for (let count = 0; count < 12; count++) peer.wire.write(burst);
    await within('12 MB of pings', read);
    expect(Math.max(...piled)).toBeLessThan(512 * 1024);
    peer.cuts();
  });

  it('that never sign in are closed with 4408, whatever they say meanwhile', async () => {
    const silent = await parley.peer();
    const chatty = await parley.peer();
    await chatty.catchesUp();
    expect(await silent.closes()).toMatchObject({ code: 4408 });
    expect(await chatty.closes()).toMatchObject({ code: 4408 });
  });

  it('are no more than CONNECTIONS_PER_ADDRESS, and one household has one address, with IPv6 too', async () => {
    const from = (address: string) => ({ headers: { 'X-Forwarded-For': address } });
    const fromV6 = (index: number) => from(`2001:db8:1:2::${index.toString(16)}`);
    await Promise.all(Array.from({ length: 40 }, (_, index) => parley.peer(fromV6(index + 1))));
    expect(await ChatPeer.isTurnedAway(parley.gatewayUrl, fromV6(99))).toMatchObject({ status: 429 });
    const elsewhere = await parley.peer(from('2001:db8:1:3::1'));
    await elsewhere.catchesUp();
  });

  it('that ask for what does not exist are slowed down as others are', async () => {
    const peer = await parley.peer({ headers: { 'X-Forwarded-For': '203.0.113.99' } });
    for (let count = 0; count < 320; count++) peer.sends('nothing', {}, count);
    const refusal = await peer.envelopes.first(
      'a refusal',
      ({ data }) => (data as { code?: string }).code === 'RATE_LIMITED',
    );
    expect(refusal.data).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
  });

  it('that go on after a hundred refusals are closed with 4429', async () => {
    const peer = await parley.peer({ headers: { 'X-Forwarded-For': '203.0.113.98' } });
    for (let count = 0; count < 450; count++) peer.sends('ping', {}, count);
    expect(await peer.closes()).toMatchObject({ code: 4429 });
  });

  it('a giant `seen` is refused before anything is looked up', async () => {
    const [one] = await parley.crowd(1);
    const peer = await one!.opensSocket();
    const room = (index: number) => index.toString(16).padStart(24, '0');
    const seen = Object.fromEntries(Array.from({ length: LIMITS.roomsPerSync + 1 }, (_, index) => [room(index), 0]));
    expect(await peer.isRefused('authenticate', { token: one!.token, seen })).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: { seen: expect.any(String) },
    });
    delete seen[room(0)];
    const { rooms } = await peer.authenticates(one!.token, seen);
    expect(rooms).toEqual([]);
    const synced = await peer.hears('synced');
    expect(Object.values(synced.rooms)).toEqual(Array.from({ length: LIMITS.roomsPerSync }, () => ({ gone: true })));
  });
});
