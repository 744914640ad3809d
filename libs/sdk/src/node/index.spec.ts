import { type Peer, ScriptedServer } from '../../testing/scripted-server';
import { platformSocket, type Socket, type SocketFactory } from '../connection/socket';
import { nodeSocket } from '.';

let server: ScriptedServer;

beforeEach(async () => {
  server = await ScriptedServer.start();
});

afterEach(() => server.stop());

interface Opened {
  socket: Socket;
  peer: Peer;
  received: unknown[];
  closed: Promise<[number, string]>;
}

async function open(factory: SocketFactory): Promise<Opened> {
  const { promise: closed, resolve } = Promise.withResolvers<[number, string]>();
  const received: unknown[] = [];
  const socket = await new Promise<Socket>((opened) => {
    const made = factory(server.url, {
      opened: () => opened(made),
      received: (frame) => received.push(frame),
      closed: (code, reason) => resolve([code, reason]),
    });
  });
  return { socket, peer: await server.accept(), received, closed };
}

/** What a `SocketFactory` promises, kept by each that the sdk brings. */
describe.each([
  ['nodeSocket', nodeSocket({ headers: { 'user-agent': 'test' } })],
  ['platformSocket', platformSocket],
])('%s', (_, factory) => {
  it('carries text both ways, and tells bytes from text', async () => {
    const { socket, peer, received, closed } = await open(factory);
    socket.send('{"event":"ping","data":{}}');
    await peer.command('ping');
    peer.sendRaw('tiếng Việt');
    peer.sendRaw(new Uint8Array(2));
    peer.close(4401, 'Signed out.');
    expect(await closed).toEqual([4401, 'Signed out.']);
    expect(received.map((frame) => typeof frame)).toEqual(['string', 'object']);
    expect(received[0]).toBe('tiếng Việt');
  });

  it('closes with a code', async () => {
    const { socket, peer } = await open(factory);
    socket.close(1000, 'bye');
    expect(await peer.closed).toBe(1000);
  });

  it('tells the end of a socket that never opened', async () => {
    const { url } = server;
    await server.stop();
    const code = await new Promise((closed) => factory(url, { opened: () => {}, received: () => {}, closed }));
    expect(code).toBe(1006);
  });
});
