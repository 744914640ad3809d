import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { once } from 'node:events';
import WebSocket, { WebSocketServer } from 'ws';
import { Connection } from './connection';
import { SharedFrame } from './shared-frame';

let http: Server;
let client: WebSocket;
let connection: Connection;
let transport: Socket;
const frames: unknown[] = [];

const frame = async (): Promise<unknown> => {
  if (frames.length === 0) await once(client, 'message');
  return frames.shift();
};

async function connect(queueBytes: number, options: WebSocket.ClientOptions = {}): Promise<void> {
  const wss = new WebSocketServer({ noServer: true });
  http = createServer();
  const opened = new Promise<Connection>((resolve) => {
    http.on('upgrade', (request, upgraded: Duplex, head: Buffer) =>
      wss.handleUpgrade(request, upgraded, head, (socket) =>
        resolve(new Connection(socket, (transport = upgraded as Socket), '::1', { queueBytes })),
      ),
    );
  });
  await once(http.listen(0, '127.0.0.1'), 'listening');
  client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`, options);
  frames.length = 0;
  client.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString())));
  connection = await opened;
  connection.socket.on('pong', (data) => connection.heard(data));
  if (client.readyState !== WebSocket.OPEN) await once(client, 'open');
}

afterEach(async () => {
  client.terminate();
  connection.socket.terminate();
  await new Promise((resolve) => http.close(resolve));
});

const left = (room: string) => ({ event: 'roomRemoved', data: { room, reason: 'left' } });
const shared = (room: string): SharedFrame => new SharedFrame([JSON.stringify(left(room))]);

describe('Connection', () => {
  it('joins what one turn tells into one frame', async () => {
    await connect(10_000);
    connection.tell('roomRemoved', { room: 'a', reason: 'left' });
    connection.tell('roomRemoved', { room: 'b', reason: 'left' });
    expect(await frame()).toEqual([left('a'), left('b')]);
  });

  it('keeps the order of shared frames and told events', async () => {
    await connect(10_000);
    connection.share([shared('a')]);
    connection.tell('roomRemoved', { room: 'b', reason: 'left' });
    connection.share([shared('c')]);
    expect(await frame()).toEqual(left('a'));
    expect(await frame()).toEqual([left('b'), left('c')]);
  });

  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])(
    'shares a frame of %i bytes whole, accents included',
    async (bytes) => {
      await connect(1_000_000);
      const texts = ['x'.repeat(Math.max(0, bytes - 2)), 'ế'.repeat(Math.max(0, Math.floor((bytes - 2) / 3)))];
      for (const text of texts) connection.share([new SharedFrame([JSON.stringify(text)])]);
      for (const text of texts) expect(await frame()).toBe(text);
    },
  );

  it('lets nothing pass a reserved place until it is filled', async () => {
    await connect(10_000);
    const place = connection.reserve();
    connection.share([shared('late')]);
    connection.tell('roomRemoved', { room: 'later', reason: 'left' });
    await new Promise((resolve) => setImmediate(resolve));
    place.fill([JSON.stringify(left('first'))]);
    place.fill([JSON.stringify(left('never'))]);
    expect(await frame()).toEqual([left('first'), left('late'), left('later')]);
  });

  it('sends what comes before an empty place at once, and fills places in any order', async () => {
    await connect(10_000);
    connection.tell('roomRemoved', { room: 'before', reason: 'left' });
    const [first, second] = [connection.reserve(), connection.reserve()];
    second.fill([JSON.stringify(left('second'))]);
    expect(await frame()).toEqual(left('before'));
    first.fill([]);
    expect(await frame()).toEqual(left('second'));
  });

  it('takes nothing away with a place that is left empty, alone or after it was dropped', async () => {
    await connect(10_000);
    connection.reserve().fill([]);
    connection.share([shared('at once')]);
    expect(await frame()).toEqual(left('at once'));
    const last = connection.reserve();
    const dropped = connection.reserve();
    last.fillLast([JSON.stringify(left('last'))]);
    dropped.fill([]);
    expect(await frame()).toEqual(left('last'));
  });

  it('drops the queue of a slow reader past its bound, closes with 4429, and sends nothing any more', async () => {
    await connect(100_000);
    client.pause();
    const big = 'x'.repeat(10_000);
    for (let i = 0; i < 5_000 && !connection.closed; i++) connection.tell('roomRemoved', { room: big, reason: 'left' });
    expect(connection.closed).toBe(true);
    const closed = once(client, 'close');
    client.resume();
    expect((await closed)[0]).toBe(4429);
  });

  it('drops what was told behind its last words', async () => {
    await connect(10_000);
    connection.tell('roomRemoved', { room: 'before', reason: 'left' });
    const place = connection.reserve();
    connection.tell('roomRemoved', { room: 'behind', reason: 'left' });
    connection.reserve().fill([JSON.stringify(left('behind'))]);
    place.fillLast([JSON.stringify(left('last'))]);
    const closed = once(client, 'close');
    connection.closeAfterFlush(1012, 'The end.');
    expect((await closed)[0]).toBe(1012);
    expect(frames.flat()).toEqual([left('before'), left('last')]);
  });

  it('S15 sends its last words also behind more than the client is sent at once, as it reads', async () => {
    await connect(10_000_000);
    client.pause();
    for (let count = 0; count < 200; count++) connection.share([shared(`${count}:${'x'.repeat(5_000)}`)]);
    connection.reserve().fillLast([JSON.stringify(left('last'))]);
    connection.closeAfterFlush(1012, 'The end.');
    connection.tell('roomRemoved', { room: 'too late', reason: 'left' });
    expect([connection.closed, transport.bytesWritten < 300_000]).toEqual([true, true]);
    const closed = once(client, 'close');
    client.resume();
    expect((await closed)[0]).toBe(1012);
    const rooms = (frames.flat() as { data: { room: string } }[]).map(({ data }) => data.room.split(':')[0]);
    expect(rooms).toEqual([...Array(200).keys(), 'last'].map(String));
  });

  it('S15 closes without what the client does not read in time', async () => {
    await connect(10_000_000, { autoPong: false });
    for (let count = 0; count < 200; count++) connection.share([shared(`${count}:${'x'.repeat(5_000)}`)]);
    const closed = once(client, 'close');
    connection.closeAfterFlush(1012, 'The end.');
    expect((await closed)[0]).toBe(1012);
    expect(frames.flat().length).toBeLessThan(200);
  });

  it('S6 drops what is waiting where a session ends while its last is sent', async () => {
    await connect(10_000_000, { autoPong: false });
    for (let count = 0; count < 200; count++) connection.share([shared(`${count}:${'x'.repeat(5_000)}`)]);
    const closed = once(client, 'close');
    connection.closeAfterFlush(1012, 'The end.');
    connection.close(4401, 'Over.');
    expect([(await closed)[0], connection.queuedBytes]).toEqual([4401, 0]);
  });

  it('waits for the places that are kept before it closes', async () => {
    await connect(10_000);
    const [first, empty] = [connection.reserve(), connection.reserve()];
    const closed = once(client, 'close');
    connection.closeAfterFlush(1012, 'The end.');
    first.fill([JSON.stringify(left('first'))]);
    empty.fill([]);
    expect((await closed)[0]).toBe(1012);
    expect(frames.flat()).toEqual([left('first')]);
  });

  it('counts what is filled into kept places against the bound of a slow reader', async () => {
    await connect(100_000);
    client.pause();
    const big = JSON.stringify(left('x'.repeat(50_000)));
    for (let count = 0; count < 1_000 && !connection.closed; count++) {
      connection.reserve().fill([big]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(connection.closed).toBe(true);
    const closed = once(client, 'close');
    client.resume();
    expect((await closed)[0]).toBe(4429);
  });

  it('lets one answer beyond the bound pass to a reader that keeps up', async () => {
    await connect(100_000);
    connection.reserve().fill([JSON.stringify(left('x'.repeat(500_000)))]);
    expect(await frame()).toMatchObject({ event: 'roomRemoved' });
    expect(connection.closed).toBe(false);
  });

  it('sends little beyond what the client has read, whatever its kernel would take', async () => {
    await connect(10_000_000);
    client.pause();
    for (let count = 0; count < 400; count++) connection.share([shared(`${count}:${'x'.repeat(5_000)}`)]);
    connection.tell('roomRemoved', { room: 'last:', reason: 'left' });
    expect(transport.bytesWritten).toBeLessThan(300_000);
    expect(connection.queuedBytes).toBeGreaterThan(1_700_000);
    client.resume();
    const rooms: string[] = [];
    while (rooms.at(-1) !== 'last') {
      const got = [(await frame()) as never].flat() as { data: { room: string } }[];
      rooms.push(...got.map(({ data }) => data.room.split(':')[0]!));
    }
    expect(rooms).toEqual([...Array(400).keys(), 'last'].map(String));
    expect(connection.queuedBytes).toBe(0);
  });

  it('S15 sends what has waited little by little, as the client says that it has read', async () => {
    await connect(10_000_000, { autoPong: false });
    const pings: Buffer[] = [];
    client.on('ping', (data) => pings.push(data));
    const sent: number[] = [];
    for (let count = 0; count < 600; count++) connection.share([shared(`${count}:${'x'.repeat(5_000)}`)]);
    connection.tell('roomRemoved', { room: 'last:', reason: 'left' });
    for (let got: unknown = []; !JSON.stringify(got).includes('last'); got = await frame()) {
      const ping = pings.pop();
      if (!ping) continue;
      const before = transport.bytesWritten + transport.writableLength;
      client.pong(ping);
      await once(connection.socket, 'pong');
      sent.push(transport.bytesWritten + transport.writableLength - before);
    }
    expect(Math.max(...sent)).toBeLessThan(400_000);
    expect(connection.queuedBytes).toBe(0);
  });

  it('goes on for a client that answers the newest of several pings only, as RFC 6455 lets it', async () => {
    await connect(10_000_000, { autoPong: false });
    let pings = 0;
    client.on('ping', (data) => {
      if (++pings === 2) client.pong(data);
    });
    for (let count = 0; count < 100; count++) connection.share([shared(`${count}:${'x'.repeat(5_000)}`)]);
    connection.ping();
    connection.tell('roomRemoved', { room: 'last', reason: 'left' });
    for (let got: unknown = []; !JSON.stringify(got).includes('last');) got = await frame();
  });

  it('takes no word of having read what was not asked about, nor the same one twice', async () => {
    await connect(10_000_000, { autoPong: false });
    const asked = once(client, 'ping');
    for (let count = 0; count < 60; count++) connection.share([shared(`${count}:${'x'.repeat(5_000)}`)]);
    const [ping] = (await asked) as [Buffer];
    const waits = connection.queuedBytes;
    for (const pong of ['read', '', '-1', 'Infinity', '9000000']) connection.heard(Buffer.from(pong));
    expect(connection.queuedBytes).toBe(waits);
    connection.heard(ping);
    expect(connection.queuedBytes).toBeLessThan(waits);
    for (let count = 0; count < 60; count++) connection.share([shared(`${count}:${'x'.repeat(5_000)}`)]);
    const waitsAgain = connection.queuedBytes;
    connection.heard(ping);
    expect(connection.queuedBytes).toBe(waitsAgain);
  });

  it('holds back frames beyond the socket buffer of a reader that pauses, and gives them all when it goes on', async () => {
    await connect(10_000_000);
    client.pause();
    for (let i = 0; i < 600; i++) {
      connection.share([shared(`${i}:${'x'.repeat(5_000)}`)]);
      if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(connection.closed).toBe(false);
    client.resume();
    const seen: number[] = [];
    while (seen.length < 600) {
      const got = [(await frame()) as never].flat() as { data: { room: string } }[];
      seen.push(...got.map(({ data }) => Number(data.room.split(':')[0])));
    }
    expect(seen).toEqual([...Array(600).keys()]);
  });
});
