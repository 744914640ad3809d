import { settle, useClientBench } from '../testing/client-bench';
import { ME, message, myRoom, welcome } from '../testing/samples';

const bench = useClientBench();
const { connected, greet, makeClient, next, reconnected, status } = bench;

describe('connecting', () => {
  it('authenticates first and resolves with the welcome', async () => {
    const online = bench.client.connect(bench.server.url, async () => 'my token');
    const peer = await bench.server.accept();
    const hello = await peer.command('authenticate');
    expect(hello.data).toEqual({ token: 'my token' });
    peer.reply(hello, welcome([myRoom(3)]));
    expect((await online).user.id).toBe(ME.id);
    expect(bench.client.state).toEqual({ status: 'online', since: bench.clock.now() });
    expect(bench.client.welcome?.user.id).toBe(ME.id);
    expect(bench.client.room('r1')?.room.seq).toBe(3);
  });

  it('stops when there is no token', async () => {
    await expect(bench.client.connect(bench.server.url, () => null)).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect(bench.client.state).toEqual({ status: 'closed', reason: 'signedOut' });
  });

  it('stops when the server does not know the token', async () => {
    const online = bench.client.connect(bench.server.url, () => 'forged');
    const peer = await bench.server.accept();
    peer.refuse(await peer.command('authenticate'), { code: 'NOT_SIGNED_IN', message: 'Sign in.' });
    await expect(online).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect(bench.clock.pending).toBe(0);
  });

  it('tries again when the token cannot be had just now', async () => {
    const tokens = [() => Promise.reject(new Error('offline')), () => 'token'];
    const online = bench.client.connect(bench.server.url, () => tokens.shift()!());
    expect(await status('offline')).toEqual({ status: 'offline', reason: 'noToken', retryAt: bench.clock.now() + 250 });
    expect(bench.faults.map(({ kind }) => kind)).toEqual(['tokenFailed']);
    bench.clock.advance(250);
    await greet();
    await online;
  });

  it('tries again, ever more slowly, when nobody is there', async () => {
    const { url } = bench.server;
    await bench.server.stop();
    void bench.client.connect(url, () => 'token');
    for (const wait of [250, 500, 1_000]) {
      const { reason, retryAt } = await status('offline');
      expect([reason, retryAt - bench.clock.now()]).toEqual(['unreachable', wait]);
      bench.clock.advance(wait);
    }
  });

  it('waits as long as a server asks that refuses for now', async () => {
    void bench.client.connect(bench.server.url, () => 'token');
    const peer = await bench.server.accept();
    peer.refuse(await peer.command('authenticate'), { code: 'RATE_LIMITED', message: 'Slowly.', retryAfter: 60 });
    const { reason, retryAt, error } = await status('offline');
    expect([reason, retryAt - bench.clock.now(), error?.code]).toEqual(['refused', 60_000, 'RATE_LIMITED']);
  });

  it('takes an answer that is no welcome for a refusal', async () => {
    void bench.client.connect(bench.server.url, () => 'token');
    const peer = await bench.server.accept();
    peer.reply(await peer.command('authenticate'), { hello: 'world' });
    expect(await status('offline')).toMatchObject({ reason: 'refused', error: { code: 'BAD_ANSWER' } });
  });

  it('gives up on a socket that does not open', async () => {
    const closes: number[] = [];
    makeClient({ socket: () => ({ send: () => {}, close: (code) => closes.push(code) }) });
    void bench.client.connect('ws://silent', () => 'token');
    await settle();
    bench.clock.advance(10_000);
    expect(await status('offline')).toMatchObject({ reason: 'unreachable' });
    expect(closes).toEqual([1000]);
  });

  it('takes a factory that throws for a server that is not there', async () => {
    makeClient({
      socket: () => {
        throw new Error('The page forbids it.');
      },
    });
    void bench.client.connect(bench.server.url, () => 'token');
    expect(await status('offline')).toMatchObject({ reason: 'unreachable' });
  });

  it('refuses what is no URL', () => {
    expect(() => bench.client.connect('nowhere', () => 'token')).toThrow('Invalid URL');
  });

  it('ends when the client is closed, also while it waits for the token', async () => {
    const token = Promise.withResolvers<string>();
    const online = bench.client.connect(bench.server.url, () => token.promise);
    bench.client.close();
    await expect(online).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    token.resolve('token');
    await token.promise;
    expect(bench.client.state).toEqual({ status: 'closed', reason: 'byClient' });
    expect(bench.clock.pending).toBe(0);
  });

  it('replaces the connection that there is', async () => {
    const before = await connected();
    const online = bench.client.connect(bench.server.url, () => 'other');
    await greet();
    await online;
    expect(await before.closed).toBe(1000);
    expect(bench.client.state.status).toBe('online');
  });
});

describe('a line that drops', () => {
  it('comes back at retryAt, with what the client has seen', async () => {
    const peer = await connected([myRoom(4)]);
    peer.cut();
    const { reason, retryAt } = await status('offline');
    expect([reason, retryAt - bench.clock.now()]).toEqual(['lost', 250]);
    bench.clock.advance(250);
    const { hello } = await greet([myRoom(4)]);
    await status('online');
    expect(hello.data).toEqual({ token: 'token', seen: { r1: 4 } });
  });

  it('comes back at once when it is told to', async () => {
    const peer = await connected();
    bench.client.retryNow();
    peer.cut();
    await status('offline');
    bench.client.retryNow();
    await greet();
    expect(await status('online')).toBeDefined();
    expect(bench.clock.pending).toBe(1);
  });

  it('waits longer each time it drops at once, and shortly again after it has held', async () => {
    let peer = await connected();
    for (const wait of [250, 500, 1_000]) {
      peer.cut();
      const { retryAt } = await status('offline');
      expect(retryAt - bench.clock.now()).toBe(wait);
      bench.clock.advance(wait);
      ({ peer } = await greet());
      await status('online');
    }
    bench.clock.advance(10_000);
    peer.cut();
    expect((await status('offline')).retryAt - bench.clock.now()).toBe(250);
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
    expect(bench.faults).toEqual([]);
    await reconnected([]);
  });

  it.each([
    [4400, 'badFrame'],
    [4413, 'frameTooLarge'],
  ] as const)('with %i is reported too', async (code, reason) => {
    const peer = await connected();
    peer.close(code, 'What was that?');
    expect(await status('offline')).toMatchObject({ reason });
    expect(bench.faults).toEqual([{ kind: 'frameRefused', message: `The server closed with ${code}: What was that?` }]);
  });

  it('with 4401 stays closed: signed out', async () => {
    const peer = await connected();
    peer.close(4401);
    expect(await status('closed')).toEqual({ status: 'closed', reason: 'signedOut' });
    expect(bench.clock.pending).toBe(0);
  });

  it('spreads the clients of a server that restarts', async () => {
    makeClient({ random: () => 0.5 });
    const peer = await connected();
    peer.close(1012);
    expect((await status('offline')).retryAt - bench.clock.now()).toBe(1_375);
  });
});

describe('a line that falls silent', () => {
  it('is pinged after heartbeatMs and dropped when there is no answer', async () => {
    const peer = await connected();
    bench.clock.advance(30_000);
    await peer.command('ping');
    bench.clock.advance(9_999);
    expect(bench.client.state.status).toBe('online');
    bench.clock.advance(1);
    expect(bench.client.state).toMatchObject({ status: 'offline', reason: 'silent' });
    await reconnected([]);
  });

  it('S18 is pinged at once when somebody looks again, and dropped when there is no answer', async () => {
    const peer = await connected();
    bench.clock.advance(1_000);
    bench.client.retryNow();
    await peer.command('ping');
    bench.clock.advance(10_000);
    expect(bench.client.state).toMatchObject({ status: 'offline', reason: 'silent' });
  });

  it('is kept when it answers', async () => {
    const peer = await connected([myRoom(1)]);
    bench.clock.advance(30_000);
    const answered = next('messagePosted');
    peer.event({ event: 'messagePosted', data: message(2) });
    await answered;
    bench.clock.advance(29_999);
    expect(bench.client.state.status).toBe('online');
  });
});
