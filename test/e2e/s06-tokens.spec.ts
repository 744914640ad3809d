import type { CommandName } from '@parley/contract';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Parley } from '../support/app-harness';
import { Person } from '../support/people';

/** Something that each command would take. A new command does not compile without its line. */
const COMMANDS: Readonly<Record<Exclude<CommandName, 'authenticate' | 'ping'>, (room: string) => object>> = {
  createRoom: () => ({ name: 'By a stranger' }),
  createGroup: () => ({ name: 'By a stranger', users: ['0912345678'] }),
  openPrivateRoom: () => ({ phone: '0912345678' }),
  joinRoom: (room) => ({ room }),
  addMembers: (room) => ({ room, users: ['0912345678'] }),
  leaveRoom: (room) => ({ room }),
  deleteRoom: (room) => ({ room }),
  postMessage: (room) => ({ room, clientId: 'c', text: 'By a stranger' }),
  react: (room) => ({ room, to: 1, emoji: '👍', on: true }),
  markRead: (room) => ({ room, seq: 1 }),
  sync: (room) => ({ seen: { [room]: 0 } }),
  watchPresence: () => ({ users: [] }),
  typing: (room) => ({ room }),
};

const OPEN_TO_ALL = new Set([
  'POST /api/signup',
  'POST /api/signin',
  'GET /api/server',
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
]);

describe('A token', () => {
  let parley: Parley;
  let an: Person;

  beforeAll(async () => {
    parley = await Parley.start();
  });
  afterAll(() => parley.stop());

  beforeEach(async () => {
    an = await parley.person('An');
  });

  it('S6 names its own person, however many others ask at the same moment', async () => {
    const people = await parley.crowd(10);
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const asking = people[index % people.length]!;
        return { asked: asking.me, answered: await asking.rest.me() };
      }),
    );
    for (const { asked, answered } of answers) expect(answered).toEqual(asked);
  });

  it('S6 every endpoint but sign-up and sign-in is closed without one', async () => {
    const document = (await (await fetch(`${parley.url}/api/openapi.json`)).json()) as OpenAPIObject;
    const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const closed = calls.filter((call) => !OPEN_TO_ALL.has(call));
    expect(closed.length).toBeGreaterThan(15);
    for (const call of closed) {
      const [method, path = ''] = call.split(' ');
      const answer = await fetch(parley.url + path.replace(/\{\w+\}/g, an.id), { method: method! });
      const { code } = (await answer.json()) as { code: string };
      expect({ call, status: answer.status, code }).toEqual({ call, status: 401, code: 'NOT_SIGNED_IN' });
    }
  });

  it.each(Object.entries(COMMANDS))(
    'S6 %s is refused without one, and the socket closed with 4401',
    async (name, data) => {
      const room = await an.rest.createRoom({ name: `Not for ${name}` });
      const stranger = await parley.peer();
      expect(await stranger.isRefused(name, data(room.id))).toMatchObject({ code: 'NOT_SIGNED_IN' });
      expect(await stranger.closes()).toMatchObject({ code: 4401 });
      expect(await an.rest.room(room.id)).toMatchObject({ seq: 0, user_count: 1 });
    },
  );

  it.each(['not.a.token', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.x'])(
    'S6 authenticate refuses %s and closes with 4401',
    async (token) => {
      const peer = await parley.peer();
      expect(await peer.isRefused('authenticate', { token })).toMatchObject({ code: 'NOT_SIGNED_IN' });
      expect(await peer.closes()).toMatchObject({ code: 4401 });
    },
  );

  it('S6 sign-out closes all sockets of that session with 4401 at once, and none of another', async () => {
    const elsewhere = await an.onAnotherDevice();
    const [first, second, other] = [await an.opensPeer(), await an.opensPeer(), await elsewhere.opensPeer()];
    await an.rest.signOut();
    expect(await first.closes()).toMatchObject({ code: 4401 });
    expect(await second.closes()).toMatchObject({ code: 4401 });
    await other.catchesUp();

    await expect(an.rest.me()).rejects.toMatchObject({ code: 'NOT_SIGNED_IN', status: 401 });
    const again = await parley.peer();
    expect(await again.isRefused('authenticate', { token: an.token })).toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect((await elsewhere.rest.sessions()).items).toMatchObject([{ current: true }]);
  });

  it('S6 a session is revoked from another one: its sockets close with 4401 at once', async () => {
    const elsewhere = await an.onAnotherDevice();
    await elsewhere.connects();
    const [own, theirs] = [await an.opensPeer(), await elsewhere.opensPeer()];
    const { items } = await an.rest.sessions();
    expect(items.map(({ current }) => current)).toEqual([true, false]);

    await an.rest.revokeSession(items[1]!.id);
    expect(await theirs.closes()).toMatchObject({ code: 4401 });
    await own.catchesUp();
    await expect(elsewhere.rest.me()).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect(await elsewhere.isClosed()).toBe('signedOut');
  });

  it('S5 S6 a change of the password closes the sockets of all other sessions with 4401 at once, and keeps its own', async () => {
    const [phone, tablet] = [await an.onAnotherDevice(), await an.onAnotherDevice()];
    const [own, ...others] = [await an.opensPeer(), await phone.opensPeer(), await tablet.opensPeer()];
    const body = { current: an.password, new: 'battery staple' };
    await expect(an.rest.changePassword({ ...body, current: 'not hers' })).rejects.toMatchObject({
      code: 'WRONG_PASSWORD',
      status: 403,
      fields: { current: expect.any(String) },
    });
    for (const peer of others) await peer.catchesUp();

    await an.rest.changePassword(body);
    for (const peer of others) expect(await peer.closes()).toMatchObject({ code: 4401 });
    await own.catchesUp();
    expect((await an.rest.sessions()).items).toMatchObject([{ current: true }]);
    await expect(phone.rest.me()).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' });
    await expect(an.onAnotherDevice()).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' });
    expect((await Person.signsIn(parley, an.phone, body.new)).id).toBe(an.id);
  });

  it('S6 nobody revokes a session of somebody else', async () => {
    const binh = await parley.person('Bình');
    const peer = await binh.opensPeer();
    const [session] = (await binh.rest.sessions()).items;
    await expect(an.rest.revokeSession(session!.id)).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND', status: 404 });
    await peer.catchesUp();
    expect(await binh.rest.me()).toEqual(binh.me);
  });

  it('S6 what a revoked session has sent last is not carried out after the revocation', async () => {
    const room = await an.rest.createRoom({ name: 'Last words' });
    const elsewhere = await an.onAnotherDevice();
    const peer = await elsewhere.opensPeer();
    await elsewhere.rest.signOut();
    peer.sends('postMessage', { room: room.id, clientId: 'late', text: 'Too late' });
    await peer.closes();
    expect((await an.rest.log(room.id)).entries).toEqual([]);
  });
});
