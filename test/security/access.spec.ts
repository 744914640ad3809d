import type { CommandName, Commands, ErrorCode } from '@parley/contract';
import { SessionsService } from '../../apps/api/src/auth/sessions.service';
import { Parley } from '../support/app-harness';
import type { ChatPeer } from '../support/chat-peer';
import type { Person } from '../support/people';
import { contentsOf } from './contents';
import { ForgedTokens } from './forged-tokens';
import { call, codeOf, type RawAnswer } from './raw-call';
import { routesOf } from './routes';

const NOBODY = '0123456789abcdef01234567';
const REACTION = '/api/rooms/:id/messages/:to/reactions/:emoji';
const TREASURE = 'the treasure is under the pear tree';
const WHISPER = 'do not tell anybody about the well';

/** What an outsider says about a room that is none of theirs, and how the server refuses it; `fine` where it may be. */
interface Attempt {
  /** What stands for `:id`. */
  id?: 'room' | 'person' | 'session';
  query?: string;
  body?: object;
  /** About a room that the outsider may not know of. */
  hidden: ErrorCode | 'fine';
  /** About an open room that the outsider is not in. */
  open: ErrorCode | 'fine';
}

const about = (hidden: Attempt['hidden'], open: Attempt['open'], rest: Partial<Attempt> = {}): Attempt => ({
  hidden,
  open,
  ...rest,
});
const always = (outcome: Attempt['hidden'], rest: Partial<Attempt> = {}): Attempt => about(outcome, outcome, rest);
const ofRoom = (open: Attempt['open'], body?: object): Attempt =>
  about('ROOM_NOT_FOUND', open, { id: 'room', ...(body && { body }) });

describe('nobody reads or changes what is not theirs', () => {
  let parley: Parley;
  /** Two who talk in rooms of their own. */
  let an: Person;
  let binh: Person;
  let outsiders: Record<string, Person>;
  let hidden: Record<string, string>;
  let openRoom: string;
  let sessionOfAn: string;

  beforeAll(async () => {
    parley = await Parley.start();
    [an, binh] = (await parley.crowd(2, 'Conspirator')) as [Person, Person];
    const [former, elsewhere, stranger] = (await parley.crowd(3, 'Outsider')) as [Person, Person, Person];
    outsiders = { 'a former member': former, 'a member of another room': elsewhere, 'a stranger': stranger };
    const settings = { is_private: true };
    const metadata = { description: 'about the pear tree', settings };
    const [room, group, pair, open] = await Promise.all([
      an.rest.createRoom({ name: 'Conspiracy of the pears', users: [binh.id, former.id], metadata }),
      an.rest.createGroup({ name: 'Conspiracy of the few', users: [binh.id, former.id] }),
      an.rest.openPrivateRoom({ user: binh.id }),
      an.rest.createRoom({ name: 'Market square', users: [binh.id, former.id] }),
    ]);
    hidden = { 'a private room': room.id, 'a group': group.id, 'a private chat': pair.id };
    openRoom = open.id;
    for (const each of [room, group, pair, open]) await an.says(each, TREASURE);
    for (const each of [room, group, open]) await former.rest.leaveRoom(each.id);
    for (const each of [room, group, pair, open]) await binh.says(each, WHISPER);
    await elsewhere.rest.createRoom({ name: 'Elsewhere' });
    sessionOfAn = (await an.rest.sessions()).items[0]!.id;
  });
  afterAll(() => parley.stop());

  /** A session of its own for each call: some calls end theirs. */
  async function freshToken(person: Person): Promise<string> {
    return (await parley.part(SessionsService).open(person.id, 'outside')).token;
  }

  /** What must be in no answer to an outsider. */
  function secrets(): string[] {
    const numbers = [an, binh].map(({ phone }) => phone.slice(3));
    return [TREASURE, WHISPER, 'Conspiracy', 'pear tree', 'private_room_', ...numbers, ...Object.values(hidden)];
  }

  function expectNoSecret(answer: string): void {
    expect(secrets().filter((secret) => answer.includes(secret))).toEqual([]);
  }

  /** By route, what an outsider tries. A route without a line here fails the first test. */
  function attempts(): Record<string, Attempt> {
    return {
      'GET /healthz': always('fine'),
      'GET /readyz': always('fine'),
      'GET /metrics': always('fine'),
      'GET /api/openapi.json': always('fine'),
      'GET /api/server': always('fine'),
      'POST /api/signup': always('PHONE_TAKEN', { body: { name: 'An', phone: an.phone, password: 'long enough' } }),
      'POST /api/signin': always('BAD_CREDENTIALS', { body: { phone: an.phone, password: 'not hers' } }),
      'POST /api/signout': always('fine'),
      'GET /api/sessions': always('fine'),
      'DELETE /api/sessions/:id': always('SESSION_NOT_FOUND', { id: 'session' }),
      'GET /api/me': always('fine'),
      'PATCH /api/me': always('VALIDATION_FAILED', { body: { id: an.id, name: 'Mallory' } }),
      'POST /api/me/password': always('WRONG_PASSWORD', { body: { current: 'not hers', new: 'long enough' } }),
      'GET /api/users/:id': always('fine', { id: 'person' }),
      'GET /api/search_users': always('fine', { query: '?q=conspirator' }),
      'GET /api/search_rooms': always('fine', { query: '?q=conspiracy' }),
      'GET /api/rooms': always('fine'),
      'POST /api/rooms': always('ROOM_NAME_TAKEN', { body: { name: 'conspiracy of the PEARS', users: [an.id] } }),
      'POST /api/rooms/group': always('USER_NOT_FOUND', { body: { name: 'Conspiracy', users: [an.id, NOBODY] } }),
      'POST /api/rooms/private': always('USER_NOT_FOUND', { body: { user: NOBODY } }),
      'GET /api/rooms/:id': ofRoom('fine'),
      'DELETE /api/rooms/:id': ofRoom('NOT_A_MEMBER'),
      // Anybody may join an open room: that is not tried here.
      'POST /api/rooms/:id/join': about('ROOM_NOT_FOUND', 'fine', { id: 'room' }),
      'POST /api/rooms/:id/leave': ofRoom('NOT_A_MEMBER'),
      'GET /api/rooms/:id/members': ofRoom('NOT_A_MEMBER'),
      'POST /api/rooms/:id/members': ofRoom('NOT_A_MEMBER', { users: [an.phone] }),
      'POST /api/rooms/:id/read': ofRoom('NOT_A_MEMBER', { seq: 1 }),
      'GET /api/rooms/:id/log': ofRoom('NOT_A_MEMBER'),
      [`PUT ${REACTION}`]: ofRoom('NOT_A_MEMBER'),
      [`DELETE ${REACTION}`]: ofRoom('NOT_A_MEMBER'),
      'POST /api/rooms/:id/messages': ofRoom('NOT_A_MEMBER', { clientId: 'outside', text: 'let me in' }),
    };
  }

  function tries(route: string, { id, query = '', body }: Attempt, room: string, token?: string): Promise<RawAnswer> {
    const ids = { room, person: an.id, session: sessionOfAn };
    const path = route
      .replace(':id', id ? ids[id] : '')
      .replace(':to', '1')
      .replace(':emoji', encodeURIComponent('👍'));
    const line = path + query;
    return call(parley, line, { ...(token !== undefined && { token }), ...(body && { body }) });
  }

  const isPublic = (route: string): boolean =>
    [
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
      'GET /api/openapi.json',
      'GET /api/server',
      'POST /api/signup',
      'POST /api/signin',
    ].includes(route);

  it('has an attempt for every route that there is', () => {
    expect(routesOf(parley)).toEqual(Object.keys(attempts()).sort());
  });

  it('S6 every route but those of the way in asks for a token', async () => {
    const before = await contentsOf(parley);
    for (const [route, attempt] of Object.entries(attempts())) {
      const answer = await tries(route, attempt, hidden['a private room']!);
      if (isPublic(route)) continue;
      expect([route, answer.status, codeOf(answer)]).toEqual([route, 401, 'NOT_SIGNED_IN']);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expectNoSecret(answer.text);
    }
    expect(await contentsOf(parley)).toEqual(before);
  });

  it('S6 every route refuses every token that is none, and changes nothing', async () => {
    const forged = await new ForgedTokens(parley, an.id).all();
    const before = await contentsOf(parley, { without: ['sessions'] });
    const routes = Object.entries(attempts()).filter(([route]) => !isPublic(route));
    const refused = new Set<string>();
    for (const [flaw, token] of Object.entries(forged)) {
      const answers = routes.map(async ([route, attempt]) => {
        const answer = await tries(route, attempt, hidden['a private room']!, token);
        expect([flaw, route, answer.status, codeOf(answer)]).toEqual([flaw, route, 401, 'NOT_SIGNED_IN']);
        refused.add(answer.text);
      });
      await Promise.all(answers);
    }
    // Nothing in the answer tells one flaw from another.
    expect([...refused]).toHaveLength(1);
    expect(await contentsOf(parley, { without: ['sessions'] })).toEqual(before);
  });

  it('S6 and the same hand makes a token that is taken: what is refused is the flaw', async () => {
    const token = await new ForgedTokens(parley, an.id).make({});
    expect((await call(parley, 'GET /api/me', { token })).status).toBe(200);
    const peer = await parley.peer();
    expect((await peer.authenticates(token)).user.id).toBe(an.id);
  });

  it.each([
    ['Basic', (token: string) => ({ headers: { Authorization: `Basic ${token}` } })],
    ['in the URL', (token: string) => ({ query: `?token=${token}&access_token=${token}` })],
    ['in a cookie', (token: string) => ({ headers: { Cookie: `token=${token}; jwt=${token}` } })],
    ['in the body', (token: string) => ({ body: { token, access_token: token } })],
    [
      'after another one',
      (token: string) => ({ headers: { Authorization: ['Bearer abc.def.ghi', `Bearer ${token}`] } }),
    ],
  ])('S6 a good token is not taken %s', async (_where, as) => {
    const { query = '', ...request } = as(await freshToken(an)) as { query?: string };
    const answer = await call(parley, `GET /api/rooms${query}`, request);
    expect([answer.status, codeOf(answer)]).toEqual([401, 'NOT_SIGNED_IN']);
  });

  describe.each(['a stranger', 'a former member', 'a member of another room'])('%s', (who) => {
    it.each(['a private room', 'a group', 'a private chat'])('gets nothing of %s, by any route', async (what) => {
      const before = await contentsOf(parley, { without: ['sessions'] });
      for (const [route, attempt] of Object.entries(attempts())) {
        const answer = await tries(route, attempt, hidden[what]!, await freshToken(outsiders[who]!));
        const outcome = answer.status < 300 ? 'fine' : codeOf(answer);
        expect([route, outcome]).toEqual([route, attempt.hidden]);
        expectNoSecret(answer.text);
      }
      expect(await contentsOf(parley, { without: ['sessions'] })).toEqual(before);
      expect((await an.rest.sessions()).items.map(({ id }) => id)).toContain(sessionOfAn);
    });

    it('cannot tell a room that is hidden from one that is not there', async () => {
      const token = await freshToken(outsiders[who]!);
      for (const [route, attempt] of Object.entries(attempts()).filter(([, { id }]) => id === 'room')) {
        const [real, none] = [
          await tries(route, attempt, hidden['a group']!, token),
          await tries(route, attempt, NOBODY, token),
        ];
        expect([route, real.status, real.text]).toEqual([route, none.status, none.text]);
      }
    });

    it('gets of an open room only what it shows to everybody, by any route', async () => {
      const before = await contentsOf(parley, { without: ['sessions'] });
      const routes = Object.entries(attempts()).filter(([route]) => !route.endsWith('/join'));
      for (const [route, attempt] of routes) {
        const answer = await tries(route, attempt, openRoom, await freshToken(outsiders[who]!));
        const outcome = answer.status < 300 ? 'fine' : codeOf(answer);
        expect([route, outcome]).toEqual([route, attempt.open]);
        expectNoSecret(answer.text);
        if (attempt.id === 'room') expect([an.id, an.name].filter((each) => answer.text.includes(each))).toEqual([]);
      }
      expect(await contentsOf(parley, { without: ['sessions'] })).toEqual(before);
    });

    it.each(['a private room', 'a group', 'a private chat'])('gets nothing of %s, by any command', async (what) => {
      const before = await contentsOf(parley, { without: ['sessions'] });
      const peer = await outsiders[who]!.opensPeer();
      for (const [command, { data, hidden: expected }] of Object.entries(commands(hidden[what]!))) {
        expect([command, await outcomeOf(peer, command, data)]).toEqual([command, expected]);
      }
      expectNoSecret(peer.frames.all.join('\n').replaceAll(hidden[what]!, (id, at, all) => echoOfSync(id, at, all)));
      expect(await contentsOf(parley, { without: ['sessions'] })).toEqual(before);
      peer.cuts();
    });

    it('gets nothing of an open room, by any command', async () => {
      const before = await contentsOf(parley, { without: ['sessions'] });
      const peer = await outsiders[who]!.opensPeer();
      const { joinRoom: _allowed, ...others } = commands(openRoom);
      for (const [command, { data, open: expected }] of Object.entries(others)) {
        expect([command, await outcomeOf(peer, command, data)]).toEqual([command, expected]);
      }
      expectNoSecret(peer.frames.all.join('\n'));
      expect(await contentsOf(parley, { without: ['sessions'] })).toEqual(before);
      peer.cuts();
    });
  });

  /** `sync` answers under the id that it was asked about: that is no secret, and nothing comes with it. */
  function echoOfSync(id: string, at: number, all: string): string {
    return all.slice(at - 1).startsWith(`"${id}":{"gone":true}`) ? 'asked' : id;
  }

  type CommandAttempts = { [C in CommandName]: { data: Commands[C]['data'] } & Pick<Attempt, 'hidden' | 'open'> };

  /** By command, what an outsider tries. A new command does not compile without its line. */
  function commands(room: string): CommandAttempts {
    return {
      authenticate: { data: { token: an.token }, ...always('ALREADY_SIGNED_IN') },
      createRoom: { data: { name: 'Conspiracy of the pears' }, ...always('ROOM_NAME_TAKEN') },
      createGroup: { data: { name: 'Conspiracy', users: [an.id, NOBODY] }, ...always('USER_NOT_FOUND') },
      openPrivateRoom: { data: { user: NOBODY }, ...always('USER_NOT_FOUND') },
      joinRoom: { data: { room }, ...always('ROOM_NOT_FOUND') },
      addMembers: { data: { room, users: [an.id] }, ...about('ROOM_NOT_FOUND', 'NOT_A_MEMBER') },
      leaveRoom: { data: { room }, ...about('ROOM_NOT_FOUND', 'NOT_A_MEMBER') },
      deleteRoom: { data: { room }, ...about('ROOM_NOT_FOUND', 'NOT_A_MEMBER') },
      postMessage: { data: { room, clientId: 'x', text: 'hm' }, ...about('ROOM_NOT_FOUND', 'NOT_A_MEMBER') },
      react: { data: { room, to: 1, emoji: '👍', on: true }, ...about('ROOM_NOT_FOUND', 'NOT_A_MEMBER') },
      markRead: { data: { room, seq: 1 }, ...about('ROOM_NOT_FOUND', 'NOT_A_MEMBER') },
      sync: { data: { seen: { [room]: 0 } }, ...always('fine') },
      watchPresence: { data: { users: [an.id] }, ...always('fine') },
      typing: { data: { room }, ...about('ROOM_NOT_FOUND', 'NOT_A_MEMBER') },
      ping: { data: {}, ...always('fine') },
    };
  }

  async function outcomeOf(peer: ChatPeer, command: string, data: unknown): Promise<string> {
    const id = crypto.randomUUID();
    peer.sends(command, data, id);
    const answer = await peer.answerTo(id);
    return answer.event === 'error' ? answer.data.code : 'fine';
  }

  it('S6 every command but ping and authenticate ends a connection that has not signed in', async () => {
    const before = await contentsOf(parley, { without: ['sessions'] });
    for (const [command, { data }] of Object.entries(commands(hidden['a private room']!))) {
      if (command === 'ping' || command === 'authenticate') continue;
      const peer = await parley.peer();
      expect([command, await outcomeOf(peer, command, data)]).toEqual([command, 'NOT_SIGNED_IN']);
      expect([command, (await peer.closes()).code]).toEqual([command, 4401]);
    }
    expect(await contentsOf(parley, { without: ['sessions'] })).toEqual(before);
  });

  it('S6 every token that is none ends its connection, and no command that follows at its heels is carried out', async () => {
    const forged = await new ForgedTokens(parley, an.id).all();
    const before = await contentsOf(parley, { without: ['sessions'] });
    for (const [flaw, token] of Object.entries(forged)) {
      const peer = await parley.peer();
      peer.sends('authenticate', { token, seen: { [hidden['a group']!]: 0 } }, 'first');
      const { authenticate: _good, ...rest } = commands(hidden['a group']!);
      for (const [command, { data }] of Object.entries(rest)) peer.sends(command, data, command);
      const { event, data } = await peer.answerTo('first');
      // What has not even the form of a token is told so, and may try again.
      const misshapen = event === 'error' && data.code === 'VALIDATION_FAILED' && /^[\w-]+\.[\w-]+\.$/.test(token);
      if (!misshapen) expect([flaw, event, data]).toMatchObject([flaw, 'error', { code: 'NOT_SIGNED_IN' }]);
      expect([flaw, (await peer.closes()).code]).toEqual([flaw, 4401]);
      expectNoSecret(peer.frames.all.join('\n'));
    }
    expect(await contentsOf(parley, { without: ['sessions'] })).toEqual(before);
  });

  it('S6 S7 law 7: nothing of a room arrives on an outsider’s sockets while the room talks', async () => {
    const { 'a former member': former, ...others } = outsiders;
    const [owner, member] = await Promise.all([an.opensPeer(), binh.opensPeer()]);
    const room = await an.rest.createRoom({
      name: 'Conspiracy of the plums',
      users: [binh.id, former!.id],
      metadata: { settings: { is_private: true } },
    });
    const formers = await former!.opensPeer();
    await formers.asks('leaveRoom', { room: room.id });
    const witnesses = [
      formers,
      await parley.peer(),
      ...(await Promise.all(Object.values(others).map((each) => each.opensPeer()))),
    ];
    const counts = witnesses.map(({ envelopes }) => envelopes.all.length);

    await Promise.all(
      [owner, member].map((peer) =>
        peer.asks('postMessage', { room: room.id, clientId: crypto.randomUUID(), text: TREASURE }),
      ),
    );
    await owner.asks('markRead', { room: room.id, seq: 2 });
    await member.asks('leaveRoom', { room: room.id });
    await owner.asks('addMembers', { room: room.id, users: [binh.id] });
    await binh.rest.changeMe({ name: 'Conspirator the second' });
    await owner.asks('deleteRoom', { room: room.id });
    await member.hears('roomRemoved', (data) => data.room === room.id && data.reason === 'deleted');
    expect(member.entriesOf(room.id).length).toBeGreaterThan(3);

    await Promise.all(witnesses.map((peer) => peer.catchesUp()));
    witnesses.forEach((peer, index) => {
      const arrived = peer.envelopes.all.slice(counts[index]);
      expect(arrived.map(({ event }) => event)).toEqual(['reply']);
    });
    for (const peer of [owner, member, ...witnesses]) peer.cuts();
  });

  it('S11 a member who does not own the room cannot delete it', async () => {
    const peer = await binh.opensPeer();
    for (const what of ['a private room', 'a group']) {
      expect(await peer.isRefused('deleteRoom', { room: hidden[what]! })).toMatchObject({ code: 'FORBIDDEN' });
      const answer = await call(parley, `DELETE /api/rooms/${hidden[what]!}`, { token: binh.token });
      expect([answer.status, codeOf(answer)]).toEqual([403, 'FORBIDDEN']);
    }
    peer.cuts();
  });
});
