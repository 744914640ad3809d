import { once } from 'node:events';
import { Parley } from '../support/app-harness';
import { ChatPeer } from '../support/chat-peer';
import { within } from '../support/deadline';

describe('The gateway’s door', () => {
  let parley: Parley;

  afterEach(() => parley.stop());

  it('refuses upgrades from pages of other origins, and takes its own and those on the list', async () => {
    parley = await Parley.start({ ALLOWED_ORIGINS: 'https://chat.example.org' });
    const foreign = await ChatPeer.isTurnedAway(parley.gatewayUrl, { origin: 'https://evil.example.org' });
    expect(foreign.status).toBe(403);
    expect(JSON.parse(foreign.body)).toEqual({ message: expect.stringContaining('ALLOWED_ORIGINS') });
    expect(await ChatPeer.isTurnedAway(parley.gatewayUrl, { origin: 'null' })).toMatchObject({ status: 403 });

    for (const origin of [parley.url, 'https://chat.example.org']) {
      await (await parley.peer({ origin })).catchesUp();
    }
  });

  it('refuses upgrades on any other path', async () => {
    parley = await Parley.start();
    expect(await ChatPeer.isTurnedAway(`${parley.gatewayUrl}/more`)).toMatchObject({ status: 404 });
    await (await parley.peer({}, `${parley.gatewayUrl}?v=1`)).catchesUp();
  });

  it('refuses upgrades past a number per address, until one of them has gone', async () => {
    parley = await Parley.start({ RATE_LIMITS: 'on', CONNECTIONS_PER_ADDRESS: '2' });
    const [first] = [await parley.founder.opensPeer(), await parley.founder.opensPeer()];
    expect(await ChatPeer.isTurnedAway(parley.gatewayUrl)).toMatchObject({ status: 429 });

    const [end] = parley.connectionsOf(parley.founder);
    const gone = once(end!.socket, 'close');
    first.cuts();
    await within('the server’s notice of the end', gone);
    await (await parley.peer()).catchesUp();
  });

  it('closes with 4409 past a number per user, and leaves the others alone', async () => {
    parley = await Parley.start({ CONNECTIONS_PER_USER: '2' });
    const peers = [await parley.founder.opensPeer(), await parley.founder.opensPeer()];
    const third = await parley.founder.opensSocket();
    const refusal = await third.isRefused('authenticate', { token: parley.founder.token });
    expect(refusal.code).toBe('TOO_MANY_CONNECTIONS');
    expect(await third.closes()).toMatchObject({ code: 4409 });

    for (const peer of peers) await peer.catchesUp();
    await (await parley.person('Somebody else')).opensPeer();
  });

  it('closes with 4408 whoever does not authenticate in time, and nobody else', async () => {
    parley = await Parley.start({ AUTHENTICATE_WITHIN_MS: '150' });
    const inTime = await parley.founder.opensPeer();
    const late = await parley.peer();
    expect(await late.closes()).toMatchObject({ code: 4408 });
    await inTime.catchesUp();
  });

  it('cuts a connection that answers no ping, and keeps one that only answers pings', async () => {
    parley = await Parley.start({ HEARTBEAT_MS: '60' });
    const quiet = await parley.founder.opensPeer();
    const [quietEnd] = parley.connectionsOf(parley.founder);
    const an = await parley.person('An');
    const dead = await an.opensPeer();
    const [deadEnd] = parley.connectionsOf(an);

    const cut = once(deadEnd!.socket, 'close');
    dead.stopsReading();
    expect(await within('the cut', cut)).toEqual([1006, expect.anything()]);
    expect(parley.connectionsOf(an)).toEqual([]);

    await within('two more beats', Promise.all([once(quietEnd!.socket, 'pong'), once(quiet.socket, 'ping')]));
    await quiet.catchesUp();
  });

  it('closes with 4413 on a frame that is too large, and with 4400 on a binary one', async () => {
    parley = await Parley.start();
    const large = await parley.founder.opensPeer();
    large.sendsRaw(JSON.stringify({ event: 'ping', data: {}, filler: 'x'.repeat(65_536) }));
    expect(await large.closes()).toMatchObject({ code: 4413 });
    const binary = await parley.founder.opensPeer();
    binary.sendsRaw(Buffer.from('{"event":"ping","data":{}}'));
    expect(await binary.closes()).toMatchObject({ code: 4400 });
  });

  it('closes with 4400 whoever sends nothing but bad frames', async () => {
    parley = await Parley.start();
    const peer = await parley.founder.opensPeer();
    for (let count = 0; count < 20; count++) peer.sendsRaw('?');
    expect(await peer.closes()).toMatchObject({ code: 4400 });
    expect(peer.heard('error')).toHaveLength(20);
  });

  it('refuses commands past the limit with the time to wait, and closes with 4429 whoever does not stop', async () => {
    parley = await Parley.start({ RATE_LIMITS: 'on' });
    const peer = await parley.founder.opensPeer();
    for (let count = 0; count < 500; count++) peer.sends('ping', {}, count);
    expect(await peer.closes()).toMatchObject({ code: 4429 });
    const refusals = peer.envelopes.all.filter(({ event }) => event === 'error');
    expect(refusals).toHaveLength(100);
    expect(refusals[0]!.data).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
  });

  it('refuses a second authenticate on a connection', async () => {
    parley = await Parley.start();
    const peer = await parley.founder.opensPeer();
    expect(await peer.isRefused('authenticate', { token: parley.founder.token })).toMatchObject({
      code: 'ALREADY_SIGNED_IN',
    });
    await peer.catchesUp();
  });
});
