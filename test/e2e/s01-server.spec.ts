import { Parley } from '../support/app-harness';

describe('The server', () => {
  let parley: Parley;

  beforeAll(async () => {
    parley = await Parley.start();
  });
  afterAll(() => parley.stop());

  it.each(['/ws', '/'])('S1 any WebSocket client connects on %s and talks', async (path) => {
    const an = await parley.person('An');
    const peer = await parley.peer({}, parley.url.replace('http', 'ws') + path);
    expect((await peer.asks('ping', {})).at).toEqual(expect.any(String));
    const { user } = await peer.authenticates(an.token);
    expect(user).toEqual(an.me);
    const room = await peer.asks('createRoom', { name: `Tea ${path}` });
    const posted = await peer.asks('postMessage', { room: room.id, clientId: 'one', text: 'Hello' });
    expect(await peer.hears('messagePosted')).toMatchObject({ room: room.id, seq: posted.seq, text: 'Hello' });
  });

  it('S1 a client of the sdk talks', async () => {
    const an = await parley.person('An');
    await an.connects();
    const room = await an.chat.send('createRoom', { name: 'Sdk' });
    await an.says(room, 'Hello');
    await an.hears('messagePosted', ({ text }) => text === 'Hello');
    await parley.restart();
    await an.isOnline();
    expect((await an.rest.log(room.id)).entries).toHaveLength(1);
  });
});
