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
    expect((await peer.asks('ping', {})).at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);

    const { user } = await peer.authenticates(an.token);
    expect(user).toEqual(an.me);
    const room = await peer.asks('createRoom', { name: `Tea ${path}` });
    const posted = await peer.asks('postMessage', { room: room.id, clientId: 'one', text: 'Hello' });
    expect(await peer.hears('messagePosted')).toMatchObject({ room: room.id, seq: posted.seq, text: 'Hello' });
  });

  it('S1 reads the frames of one client in turn, each by its event', async () => {
    const an = await parley.person('An');
    const peer = await parley.peer();
    peer.sends('authenticate', { token: an.token }, 1);
    peer.sends('createRoom', { name: 'In turn' }, 2);
    peer.sends('joinRoom', { name: 'In turn' }, 3);
    peer.sends('noSuchThing', {}, 4);
    peer.sends('ping', {}, 5);

    await peer.answerTo(5);
    const answers = peer.envelopes.all.filter(({ id }) => id !== undefined);
    expect(answers.map(({ event, id }) => [event, id])).toEqual([
      ['reply', 1],
      ['reply', 2],
      ['reply', 3],
      ['error', 4],
      ['reply', 5],
    ]);
  });

  it('S1 stores 200 posts that one client sends without waiting in the order in which they were sent', async () => {
    const an = await parley.person('An');
    const room = await an.rest.createRoom({ name: 'Two hundred' });
    const peer = await an.opensPeer();
    const texts = Array.from({ length: 200 }, (_, index) => `message ${index}`);
    texts.forEach((text, index) => peer.sends('postMessage', { room: room.id, clientId: `c${index}`, text }, index));

    await peer.envelopes.several('replies', 200, ({ event, id }) => event === 'reply' && typeof id === 'number');
    const heard = await peer.envelopes.several('messages', 200, ({ event }) => event === 'messagePosted');
    expect(heard.map(({ data }) => data)).toMatchObject(texts.map((text, index) => ({ text, seq: index + 1 })));
    const { entries } = await an.rest.log(room.id, { after: 0, limit: 100 });
    expect(entries).toMatchObject(texts.slice(0, 100).map((text, index) => ({ text, seq: index + 1 })));
  });

  it.each([
    ['malformed JSON', '{"event":', 'BAD_FRAME'],
    ['a list', '[{"event":"ping","data":{}}]', 'BAD_FRAME'],
    ['a frame without an event', '{"data":{}}', 'BAD_FRAME'],
    ['an event that does not exist', '{"event":"flyAway","data":{}}', 'UNKNOWN_EVENT'],
    ['a failing command without an id', '{"event":"joinRoom","data":{}}', 'VALIDATION_FAILED'],
  ])('S1 answers %s, and the connection goes on', async (_what, frame, code) => {
    const an = await parley.person('An');
    const peer = await an.opensPeer();
    peer.sendsRaw(frame);
    expect(await peer.hears('error')).toMatchObject({ code, message: expect.any(String) });
    await peer.catchesUp();
  });

  it('S1 stops by asking every client to come back, and serves them when it is there again', async () => {
    const an = await parley.person('An');
    await an.connects();
    const room = await an.chat.send('createRoom', { name: 'Through a restart' });
    const peer = await an.opensPeer();

    await parley.restart();
    expect(await peer.closes()).toMatchObject({ code: 1012 });
    await an.isOnline();
    await an.says(room, 'Still here');
    expect((await an.rest.log(room.id)).entries).toMatchObject([{ seq: 1, text: 'Still here' }]);
  });
});
