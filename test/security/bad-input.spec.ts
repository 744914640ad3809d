import { LIMITS, type CommandName } from '@parley/contract';
import * as fc from 'fast-check';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { Parley } from '../support/app-harness';
import type { ChatPeer } from '../support/chat-peer';
import { freshPhone, type Person } from '../support/people';
import { contentsOf } from './contents';
import { call, codeOf, type RawAnswer } from './raw-call';

/** Stands in what is sent, and must not stand in what comes back. */
const MARK = 'echo7c1f';
const NOBODY = '0123456789abcdef01234567';

/** By the type that a field has, what it is not. */
const WRONG = {
  text: [null, 0, 1.5, true, [], [MARK], {}, { $gt: '' }, { $ne: null }, { $regex: MARK }, { toString: MARK }],
  list: [null, 1, MARK, true, {}, { $in: [] }, { 0: MARK, length: 1 }, [1], [null], [{}], [[MARK]], [{ $gt: '' }]],
  object: [null, 1, MARK, true, [], [{}], [[]]],
  flag: [null, 0, 1, 'true', MARK, [], {}, [true], { $ne: false }],
  number: [null, '1', MARK, -1, 1.5, 2 ** 53, -(2 ** 53), 1e300, true, [], [1], {}, { $gt: 0 }],
  seen: [
    null,
    1,
    MARK,
    [],
    { [MARK]: 1 },
    { [NOBODY]: -1 },
    { [NOBODY]: 1.5 },
    { [NOBODY]: '1' },
    { [NOBODY]: null },
    { [NOBODY]: 2 ** 53 },
  ],
} as const;

type Fields = Readonly<Record<string, keyof typeof WRONG>>;

interface Door {
  /** What would be accepted, or refused for another reason than its form. */
  good: object;
  fields: Fields;
}

const ROOM: Door = {
  good: { name: 'Tea', users: [], metadata: { description: '', settings: { is_private: true, max_participants: 5 } } },
  fields: {
    name: 'text',
    users: 'list',
    metadata: 'object',
    'metadata.description': 'text',
    'metadata.settings': 'object',
    'metadata.settings.is_private': 'flag',
    'metadata.settings.max_participants': 'number',
  },
};
const GROUP: Door = { good: { name: 'Tea', users: [NOBODY] }, fields: { name: 'text', users: 'list' } };
const PRIVATE: Door = { good: { user: NOBODY }, fields: { user: 'text', phone: 'text' } };
const MEMBERS: Door = { good: { users: [NOBODY] }, fields: { users: 'list' } };
const MESSAGE: Door = { good: { clientId: 'c', text: 'hi' }, fields: { clientId: 'text', text: 'text' } };
const REACTION: Door = {
  good: { to: 1, emoji: '👍', on: true },
  fields: { to: 'number', emoji: 'text', on: 'flag' },
};
const READ: Door = { good: { seq: 1 }, fields: { seq: 'number' } };
const withRoom = ({ good, fields }: Door): Door => ({
  good: { ...good, room: NOBODY },
  fields: { ...fields, room: 'text' },
});

/** A command without its line does not compile. */
const COMMANDS: Readonly<Record<CommandName, Door>> = {
  authenticate: { good: { token: 'a.b.c' }, fields: { token: 'text', seen: 'seen' } },
  createRoom: ROOM,
  createGroup: GROUP,
  openPrivateRoom: PRIVATE,
  joinRoom: { good: { room: NOBODY }, fields: { room: 'text', name: 'text' } },
  addMembers: withRoom(MEMBERS),
  leaveRoom: withRoom({ good: {}, fields: {} }),
  deleteRoom: withRoom({ good: {}, fields: {} }),
  postMessage: withRoom(MESSAGE),
  react: withRoom(REACTION),
  markRead: withRoom(READ),
  sync: { good: { seen: {} }, fields: { seen: 'seen' } },
  watchPresence: { good: { users: [NOBODY] }, fields: { users: 'list' } },
  typing: withRoom({ good: {}, fields: {} }),
  ping: { good: {}, fields: {} },
};

const BODIES: Readonly<Record<string, Door>> = {
  'POST /api/signup': {
    good: { name: 'An', phone: '0912345567', password: 'long enough' },
    fields: { name: 'text', phone: 'text', password: 'text' },
  },
  'POST /api/signin': { good: { phone: '0912345567', password: 'x' }, fields: { phone: 'text', password: 'text' } },
  'PATCH /api/me': { good: { name: 'An', status: 'busy' }, fields: { name: 'text', status: 'text' } },
  'POST /api/rooms': ROOM,
  'POST /api/rooms/group': GROUP,
  'POST /api/rooms/private': PRIVATE,
  [`POST /api/rooms/${NOBODY}/members`]: MEMBERS,
  [`POST /api/rooms/${NOBODY}/messages`]: MESSAGE,
  [`POST /api/rooms/${NOBODY}/read`]: READ,
};

/** A copy with another value at a path. */
function having(good: object, path: string, value: unknown): object {
  const copy = structuredClone(good) as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop()!;
  const parent = names.reduce<Record<string, unknown>>(
    (at, name) => (at[name] ??= {}) as Record<string, unknown>,
    copy,
  );
  Object.defineProperty(parent, last, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}

interface Case {
  path: string;
  data: object;
}

/** Everything that is wrong with one field at a time. */
function wrongs({ good, fields }: Door): Case[] {
  const mistyped = Object.entries(fields).flatMap(([path, type]) =>
    WRONG[type].map((value) => ({ path, data: having(good, path, value) })),
  );
  const strange = ['extra', 'extra.deep', '$where', 'id', '_id', 'role'].map((path) => ({
    path: path === '$where' ? '*' : path.split('.')[0]!,
    data: having(good, path, MARK),
  }));
  return [...mistyped, ...strange];
}

describe('bad input', () => {
  let parley: Parley;
  let an: Person;
  let room: string;
  let peer: ChatPeer;
  let before: Record<string, unknown[]>;

  beforeAll(async () => {
    parley = await Parley.start();
    [an] = (await parley.crowd(1)) as [Person];
    room = (await an.rest.createRoom({ name: 'Where all is well' })).id;
    peer = await an.opensPeer();
  });
  afterAll(() => parley.stop());

  beforeEach(async () => {
    before = await contentsOf(parley);
  });

  afterEach(async () => {
    expect(await contentsOf(parley)).toEqual(before);
    expect((await call(parley, 'GET /api/me', { token: an.token })).status).toBe(200);
    expect(peer.frames.all.filter((frame) => frame.includes(MARK))).toEqual([]);
    peer.frames.all.length = 0;
    await peer.catchesUp();
  });

  const post = (line: string, body: unknown, headers = {}): Promise<RawAnswer> =>
    call(parley, line, { token: an.token, body, headers });

  async function answerOf(command: string, data: unknown): Promise<{ code?: string; fields?: Record<string, string> }> {
    const id = crypto.randomUUID();
    peer.sends(command, data, id);
    return (await peer.answerTo(id)).data as { code?: string };
  }

  describe('of the wrong type', () => {
    it.each(Object.entries(COMMANDS))('names the field: %s', async (command, door) => {
      for (const { path, data } of wrongs(door)) {
        const { code, fields } = await answerOf(command, data);
        expect([path, JSON.stringify(data), code, Object.keys(fields ?? {})]).toEqual([
          path,
          JSON.stringify(data),
          'VALIDATION_FAILED',
          [path],
        ]);
      }
    });

    it.each(Object.entries(BODIES))('names the field: %s', async (line, door) => {
      for (const { path, data } of wrongs(door)) {
        const answer = await post(line, data);
        const { code, fields } = JSON.parse(answer.text) as { code: string; fields?: object };
        expect([path, JSON.stringify(data), answer.status, code, Object.keys(fields ?? {})]).toEqual([
          path,
          JSON.stringify(data),
          422,
          'VALIDATION_FAILED',
          [path],
        ]);
        expect(answer.text).not.toContain(MARK);
      }
    });

    it.each(Object.keys(COMMANDS))('no object at all: %s', async (command) => {
      for (const data of [1, true, MARK, [], [{}], [[]]]) {
        expect([data, await answerOf(command, data)]).toMatchObject([data, { code: 'VALIDATION_FAILED' }]);
      }
    });

    it.each(Object.keys(BODIES))('no object at all: %s', async (line) => {
      for (const body of ['[]', '[{}]', `["${MARK}"]`, undefined]) {
        const answer = await post(line, body);
        expect([body, answer.status, codeOf(answer)]).toEqual([body, 422, 'VALIDATION_FAILED']);
      }
      for (const body of ['null', '1', 'true', `"${MARK}"`]) {
        const answer = await post(line, body);
        expect([body, answer.status, codeOf(answer)]).toEqual([body, 400, 'BAD_JSON']);
        expect(answer.text).not.toContain(MARK);
      }
    });
  });

  describe('that reaches for prototypes or the bottom', () => {
    const HARMFUL = [
      `{"__proto__":{"name":"${MARK}"}}`,
      `{"constructor":{"prototype":{"admin":"${MARK}"}}}`,
      `{"name":"x","metadata":{"__proto__":{"is_private":true}}}`,
      `{"name":"x","users":[{"__proto__":[]}]}`,
      `{"prototype":1,"name":"x"}`,
      `{"name":"x","metadata":${'{"settings":'.repeat(50)}1${'}'.repeat(50)}}`,
      `{"name":"x","users":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    ];

    it.each(HARMFUL.map((json) => [json.slice(0, 60), json]))('%s', async (_shown, json) => {
      for (const line of Object.keys(BODIES)) {
        const answer = await post(line, json);
        expect([line, answer.status, codeOf(answer)]).toEqual([line, 422, 'VALIDATION_FAILED']);
        expect(answer.text).not.toContain(MARK);
      }
      for (const command of Object.keys(COMMANDS)) {
        const id = crypto.randomUUID();
        peer.sendsRaw(`{"event":"${command}","id":"${id}","data":${json}}`);
        expect([command, (await peer.answerTo(id)).data]).toMatchObject([command, { code: 'VALIDATION_FAILED' }]);
      }
      expect(Reflect.get({}, 'admin')).toBeUndefined();
      expect(Reflect.get({}, 'is_private')).toBeUndefined();
    });

    it('is not an event either', async () => {
      for (const event of [
        '__proto__',
        'constructor',
        'toString',
        'hasOwnProperty',
        '',
        ' ping',
        'PING',
        'ping\0',
        MARK,
      ]) {
        expect([event, await answerOf(event, {})]).toMatchObject([event, { code: 'UNKNOWN_EVENT' }]);
      }
    });
  });

  describe('in names and texts', () => {
    const NAMES: readonly string[] = [
      '',
      '   ',
      '\0',
      `${MARK}\0`,
      `${MARK}\n${MARK}`,
      `${MARK}\u001b[31m`,
      `${MARK}\u202Egpj.exe`,
      `${MARK}\u2066x`,
      `${MARK}\ud800`,
      `\udc00${MARK}`,
      '\u200b\u200d\ufeff',
      '\u0301',
      '\u3164',
      `${MARK}\u2028x`,
      'x'.repeat(10_000),
      '💥'.repeat(5_000),
    ];

    it.each(NAMES.map((name) => [JSON.stringify(name).slice(0, 40), name]))(
      'a name like %s is nobody’s',
      async (_shown, name) => {
        const bodies = {
          'POST /api/signup': { name, phone: freshPhone(), password: 'long enough' },
          'PATCH /api/me': { name },
          'POST /api/rooms': { name },
          'POST /api/rooms/group': { name, users: [parley.founder.id] },
        };
        for (const [line, body] of Object.entries(bodies)) {
          const answer = await post(line, body);
          expect([line, answer.status, JSON.parse(answer.text)]).toMatchObject([
            line,
            422,
            { code: 'VALIDATION_FAILED', fields: { name: expect.any(String) } },
          ]);
          expect(answer.text).not.toContain(MARK);
        }
        for (const command of ['createRoom', 'createGroup', 'joinRoom']) {
          const data = { name, ...(command === 'createGroup' && { users: [parley.founder.id] }) };
          expect([command, await answerOf(command, data)]).toMatchObject([
            command,
            { code: 'VALIDATION_FAILED', fields: { name: expect.any(String) } },
          ]);
        }
      },
    );

    it.each([
      'private_room_1_2',
      'Private_Room_x',
      'ｐｒｉｖａｔｅ＿ｒｏｏｍ＿1',
      'private\ufe4droom\ufe4d1',
      'prívate_room_1',
    ])('no room takes a private chat’s kind of name: %s', async (name) => {
      expect(await answerOf('createRoom', { name })).toMatchObject({ code: 'VALIDATION_FAILED' });
      expect(await answerOf('createGroup', { name, users: [parley.founder.id] })).toMatchObject({
        code: 'VALIDATION_FAILED',
      });
    });

    const TEXTS = [
      '',
      ' \n ',
      '\0',
      `${MARK}\0`,
      `${MARK}\u0007`,
      `${MARK}\ud83d`,
      '\u200b',
      'x'.repeat(LIMITS.textLength + 1),
    ];

    it.each(TEXTS.map((text) => [JSON.stringify(text).slice(0, 30), text]))(
      'a message like %s is none',
      async (_shown, text) => {
        expect(await answerOf('postMessage', { room, clientId: 'c', text })).toMatchObject({
          code: 'VALIDATION_FAILED',
          fields: { text: expect.any(String) },
        });
        const answer = await post(`POST /api/rooms/${room}/messages`, { clientId: 'c', text });
        expect([answer.status, codeOf(answer)]).toEqual([422, 'VALIDATION_FAILED']);
        expect(answer.text).not.toContain(MARK);
      },
    );

    it.each(['', ' ', 'a b', 'ø', '\0', 'x'.repeat(65), '\ud800', '💥'])(
      'a clientId like %j is none',
      async (clientId) => {
        expect(await answerOf('postMessage', { room, clientId, text: 'hi' })).toMatchObject({
          code: 'VALIDATION_FAILED',
          fields: { clientId: expect.any(String) },
        });
      },
    );

    const PHONES = [
      '',
      '1',
      '0912 34 CALL',
      '0912345567 ext 1',
      '0912345567;ext=1',
      'tel:0912345567',
      '+',
      '++84912345567',
      '+84',
      '+999123456789',
      '0'.repeat(40),
      '9'.repeat(10_000),
      '0912345567\0',
      '0912\u202e345567',
      '{"$gt":""}',
      "' or 1=1",
      '-0912345567e1',
    ];

    it.each(PHONES.map((phone) => [phone.slice(0, 30), phone]))('%j is no phone number', async (_shown, phone) => {
      for (const line of ['POST /api/signup', 'POST /api/signin', 'POST /api/rooms/private']) {
        const body = line.endsWith('private')
          ? { phone }
          : line.endsWith('signup')
            ? { name: 'An', phone, password: 'long enough' }
            : { phone, password: 'x' };
        const answer = await post(line, body);
        expect([line, answer.status, JSON.parse(answer.text)]).toMatchObject([
          line,
          422,
          { code: 'VALIDATION_FAILED', fields: { phone: expect.any(String) } },
        ]);
      }
    });
  });

  describe('over HTTP', () => {
    const NO_JSON = [
      '{',
      '}',
      '{"name":}',
      '{"name":"x",}',
      "{'name':'x'}",
      '{"name":NaN}',
      '{"name":Infinity}',
      `{"name":"${MARK}"}}`,
      '{"name":"a\nb"}',
      '{name:"x"}',
      '// c',
      '\0',
      '{"a":'.repeat(15_000),
      '\u{feff}\u{feff}{}',
    ];

    it.each(NO_JSON.map((body) => [JSON.stringify(body).slice(0, 40), body]))('%s is no JSON', async (_shown, body) => {
      for (const line of Object.keys(BODIES)) {
        const answer = await post(line, body);
        expect([line, answer.status, codeOf(answer)]).toEqual([line, 400, 'BAD_JSON']);
        expect(answer.text).not.toContain(MARK);
      }
    });

    const GOOD = JSON.stringify({ name: 'Tea' });
    const NOT_AS_DECLARED: readonly (readonly [string, Buffer, Record<string, string>])[] = [
      ['text', Buffer.from(GOOD), { 'Content-Type': 'text/plain' }],
      ['a form', Buffer.from('name=Tea'), { 'Content-Type': 'application/x-www-form-urlencoded' }],
      ['a form with a file', Buffer.from('--x--'), { 'Content-Type': 'multipart/form-data; boundary=x' }],
      ['nothing that is said', Buffer.from(GOOD), { 'Content-Type': '' }],
      ['something like JSON', Buffer.from(GOOD), { 'Content-Type': 'application/json5' }],
      ['gzip', gzipSync(GOOD), { 'Content-Encoding': 'gzip' }],
      ['deflate', deflateSync(GOOD), { 'Content-Encoding': 'deflate' }],
      ['brotli', brotliCompressSync(GOOD), { 'Content-Encoding': 'br' }],
      ['a bomb', gzipSync(Buffer.alloc(20_000_000, 32)), { 'Content-Encoding': 'gzip' }],
      ['an unknown charset', Buffer.from(GOOD), { 'Content-Type': 'application/json; charset=klingon' }],
      ['UTF-16', Buffer.from(GOOD, 'utf16le'), { 'Content-Type': 'application/json; charset=utf-16le' }],
      [
        'bytes that are no UTF-8',
        Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
        {},
      ],
      [
        'half a character',
        Buffer.concat([Buffer.from('{"name":"'), Buffer.from('é').subarray(0, 1), Buffer.from('"}')]),
        {},
      ],
    ];

    it.each(NOT_AS_DECLARED)('a body that is %s is refused', async (_what, body, headers) => {
      const answer = await post('POST /api/rooms', body, headers);
      expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_JSON']);
    });

    it.each([101 * 1024, 1_000_000, 10_000_000])('a body of %d bytes is too large', async (size) => {
      const answer = await post('POST /api/rooms', JSON.stringify({ name: 'x'.repeat(size) }));
      expect([answer.status, codeOf(answer)]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    });

    it('of a key that comes twice the last counts, and it is checked', async () => {
      const answer = await post('POST /api/rooms', `{"name":"Tea","name":{"$gt":""}}`);
      expect([answer.status, codeOf(answer)]).toEqual([422, 'VALIDATION_FAILED']);
    });

    const PATHS: readonly (readonly [string, number, string])[] = [
      ['/api/rooms/%00', 422, 'VALIDATION_FAILED'],
      ['/api/rooms/%E0%A4%A', 422, 'VALIDATION_FAILED'],
      ['/api/rooms/%', 422, 'VALIDATION_FAILED'],
      ['/api/rooms/..%2f..%2fetc%2fpasswd', 422, 'VALIDATION_FAILED'],
      ['/api/rooms/../../etc/passwd', 404, 'NOT_FOUND'],
      ['/api/rooms/..', 422, 'VALIDATION_FAILED'],
      ['/api/rooms/%24where', 422, 'VALIDATION_FAILED'],
      [`/api/rooms/${NOBODY}%00`, 422, 'VALIDATION_FAILED'],
      [`/api/rooms/${NOBODY.slice(1)}`, 422, 'VALIDATION_FAILED'],
      [`/api/rooms/${'a'.repeat(1_000)}`, 422, 'VALIDATION_FAILED'],
      ['/api/rooms/[object%20Object]', 422, 'VALIDATION_FAILED'],
      ['/api/users/__proto__', 422, 'VALIDATION_FAILED'],
      ['/api/docs/../../package.json', 404, 'NOT_FOUND'],
      ['/api/docs/..%2f..%2fpackage.json', 404, 'NOT_FOUND'],
      ['/api/docs/%2e%2e/%2e%2e/package.json', 404, 'NOT_FOUND'],
      ['/..%2f..%2fpackage.json', 404, 'NOT_FOUND'],
      ['/package.json', 404, 'NOT_FOUND'],
      ['/data/secret', 404, 'NOT_FOUND'],
      ['/.env', 404, 'NOT_FOUND'],
      ['//evil.example/api/me', 404, 'NOT_FOUND'],
      [`/api/${MARK}`, 404, 'NOT_FOUND'],
    ];

    it.each(PATHS)('GET %s', async (path, status, code) => {
      const answer = await call(parley, `GET ${path}`, { token: an.token });
      expect([answer.status, codeOf(answer)]).toEqual([status, code]);
      expect(answer.text).not.toContain(MARK);
    });

    const QUERIES = [
      'search_rooms?q=a&q=b',
      'search_rooms?q[]=a',
      'search_rooms?q[$gt]=',
      'search_rooms?kind=',
      'search_rooms?kind=secret',
      'search_rooms?kind=room&kind=group',
      'search_rooms?kind[$ne]=room',
      'search_users?q=',
      'search_users',
      'search_users?q=%00',
      'search_users?q=a&limit=0',
      `search_users?q=${'x'.repeat(101)}`,
      'search_users?q=a%ED%A0%80&after=x',
      'rooms?limit[$gt]=1',
      'rooms?limit=1&limit=2',
      'rooms?limit=101',
      'rooms?limit=-1',
      'rooms?limit=1e1',
      'rooms?limit=0x10',
      'rooms?limit=%205',
      'rooms?limit=1.0',
      'rooms?limit=%D9%A3',
      'rooms?limit=NaN',
      'rooms?limit=',
      'rooms?after=1',
      'rooms?after[$gt]=0',
      'rooms?__proto__=1',
      'rooms?constructor=1',
      `rooms?${MARK}=1`,
      'sessions?after=%00',
    ];

    it.each(QUERIES)('GET /api/%s', async (query) => {
      const answer = await call(parley, `GET /api/${query}`, { token: an.token });
      expect([answer.status, codeOf(answer)]).toEqual([422, 'VALIDATION_FAILED']);
    });

    it.each([
      'before=-1',
      'before=0',
      'after=-1',
      'before=1&after=1',
      'after=9007199254740993',
      'before=1e400',
      'limit=1000',
      'limit=1&limit=2',
      'after[$gt]=1',
    ])('GET the log with ?%s', async (query) => {
      const answer = await call(parley, `GET /api/rooms/${room}/log?${query}`, { token: an.token });
      expect([answer.status, codeOf(answer)]).toEqual([422, 'VALIDATION_FAILED']);
    });

    it('odd headers change nothing', async () => {
      const headers = {
        Cookie: `__proto__=1; a="${MARK}; =; ;;; $Version=1`,
        'X-HTTP-Method-Override': 'DELETE',
        'X-Original-URL': '/api/rooms',
        'X-Forwarded-Host': 'evil.example',
        'X-Request-Id': `${MARK}\u00ff`,
        Range: 'bytes=0-1',
        Accept: 'image/png',
      };
      const answer = await call(parley, `DELETE /api/rooms/${NOBODY}`, { token: an.token, headers });
      expect([answer.status, codeOf(answer)]).toEqual([404, 'ROOM_NOT_FOUND']);
      expect(JSON.stringify(answer)).not.toContain(MARK);
      const read = await call(parley, `GET /api/rooms/${room}`, { token: an.token, headers });
      expect([read.status, JSON.parse(read.text)]).toMatchObject([200, { id: room }]);
    });

    it('headers without end are cut off with 431', async () => {
      const answer = await call(parley, 'GET /api/me', { token: an.token, headers: { 'X-Long': 'x'.repeat(40_000) } });
      expect(answer.status).toBe(431);
    });

    it('any body on any route: refused, with one body for every failure', async () => {
      const line = fc.constantFrom(...Object.keys(BODIES));
      const body = fc.oneof(
        fc.json(),
        fc.string({ unit: 'binary' }),
        fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      );
      await fc.assert(
        fc.asyncProperty(line, body, async (route, sent) => {
          const answer = await post(route, sent);
          // Changing nothing of oneself is no mistake.
          if (route === 'PATCH /api/me' && answer.status === 200) return;
          const failure = JSON.parse(answer.text) as { code: string; message: string };
          expect(['BAD_JSON', 'VALIDATION_FAILED', 'ROOM_NOT_FOUND']).toContain(failure.code);
          expect(failure.message).toEqual(expect.any(String));
        }),
        { numRuns: 150 },
      );
    });
  });

  describe('on the gateway', () => {
    const BAD_FRAMES = [
      '',
      ' ',
      '{',
      'null',
      '1',
      '"ping"',
      '[]',
      '[{"event":"ping"}]',
      '{}',
      '{"event":1}',
      '{"event":null}',
      '{"event":["ping"]}',
      '{"event":{}}',
      '{"data":{}}',
      '{"__proto__":{"event":"ping"}}',
      `{"event":"ping","id":{},"data":"${MARK}"}`,
      '{"event":"ping","id":[]}',
      '{"event":"ping","id":true}',
      '{"event":"ping","id":null}',
      '{"event":"ping","id":1.5}',
      '{"event":"ping","id":9007199254740993}',
      '{"event":"ping","id":1e400}',
      `{"event":"ping","id":"${'x'.repeat(65)}"}`,
      '{"event":"ping"',
      "{'event':'ping'}",
      '{"event":NaN}',
      '\0',
      '['.repeat(60_000),
    ];

    it.each(BAD_FRAMES.map((frame) => [frame.slice(0, 50), frame]))(
      '%j is no frame, and is told so',
      async (_shown, frame) => {
        const known = peer.heard('error').length;
        peer.sendsRaw(frame);
        await peer.catchesUp();
        expect(peer.heard('error').slice(known)).toEqual([{ code: 'BAD_FRAME', message: expect.any(String) }]);
      },
    );

    it('a refusal carries the id where there is one, whatever its letters', async () => {
      for (const id of [0, -1, '', '\0', '"}', '\ud800', '__proto__', 'é', 2 ** 53 - 1]) {
        peer.sends('nothing', {}, id);
        expect((await peer.answerTo(id)).data).toMatchObject({ code: 'UNKNOWN_EVENT' });
      }
    });

    it('of a key that comes twice the last counts', async () => {
      peer.sendsRaw('{"event":"ping","event":"nothing","id":"one","id":"two","data":{}}');
      expect((await peer.answerTo('two')).data).toMatchObject({ code: 'UNKNOWN_EVENT' });
    });

    it('a frame of 64 KiB is taken, one byte more closes with 4413', async () => {
      const frame = (bytes: number): string => '{"event":"ping","id":"big","data":{}}'.padEnd(bytes);
      const other = await an.opensPeer();
      other.sendsRaw(frame(LIMITS.frameBytes));
      expect(await other.answerTo('big')).toMatchObject({ event: 'reply' });
      other.sendsRaw(frame(LIMITS.frameBytes + 1));
      expect(await other.closes()).toMatchObject({ code: 4413 });
    });

    it.each([
      [1_000_000, 4413],
      [2_000_000, 1009],
      [10_000_000, 1009],
    ])('a frame of %d bytes closes with %d, and nothing else', async (size, code) => {
      const other = await an.opensPeer();
      other.sendsRaw(`{"event":"postMessage","data":{"text":"${'x'.repeat(size)}"}}`);
      expect(await other.closes()).toMatchObject({ code });
    });

    it('many small frames cannot be made one large one', async () => {
      const other = await an.opensPeer();
      const part = Buffer.alloc(60_000, 32);
      for (let count = 0; count < 4; count++) other.socket.send(part, { binary: false, fin: count === 3 });
      expect(await other.closes()).toMatchObject({ code: 4413 });
    });

    /** A client's frame made by hand, masked with zeros. */
    const rawFrame = (first: number, payload: Buffer): Buffer =>
      Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), payload]);

    it.each([
      ['binary', rawFrame(0x82, Buffer.from('{"event":"ping"}')), 4400],
      ['no UTF-8', rawFrame(0x81, Buffer.from([0x22, 0xff, 0xc0, 0x22])), 1007],
      ['a surrogate in UTF-8', rawFrame(0x81, Buffer.from([0xed, 0xa0, 0x80])), 1007],
      ['compressed without having asked', rawFrame(0xc1, Buffer.from('x')), 1002],
      ['of an unknown kind', rawFrame(0x83, Buffer.from('x')), 1002],
      ['not masked', Buffer.concat([Buffer.from([0x81, 16]), Buffer.from('{"event":"ping"}')]), 1002],
      ['the end of none', rawFrame(0x80, Buffer.from('x')), 1002],
      ['as long as no frame can be', Buffer.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), 1009],
    ])('a frame that is %s closes its connection alone', async (_what, frame, code) => {
      const other = await an.opensPeer();
      other.wire.write(frame);
      expect(await other.closes()).toMatchObject({ code });
    });

    it('bad frames without end close with 4400', async () => {
      const other = await an.opensPeer();
      for (let count = 0; count < 40; count++) other.sendsRaw('{');
      expect(await other.closes()).toMatchObject({ code: 4400 });
      expect(other.heard('error').length).toBeGreaterThanOrEqual(1);
    });

    it('five thousand frames at once are answered one by one, in their order', async () => {
      const other = await an.opensPeer();
      for (let id = 0; id < 5_000; id++) other.sends(id % 2 ? 'ping' : 'nothing', {}, id);
      await other.answerTo(4_999);
      const ids = other.envelopes.all.map(({ id }) => id).filter((id) => typeof id === 'number');
      expect(ids).toEqual(Array.from({ length: 5_000 }, (_, id) => id));
      other.cuts();
    });

    it('a connection that is cut in the middle of a frame is no one else’s trouble', async () => {
      const other = await an.opensPeer();
      other.wire.write(Buffer.from([0x81, 0x80 | 126, 0x40, 0, 1, 2, 3, 4, 5, 6]));
      await new Promise<void>((done) => other.wire.end(done));
      await other.closes();
    });

    it('any text is met with an error or a reply, never with silence', async () => {
      const frame = fc.oneof(
        fc.string({ unit: 'binary', maxLength: 300 }).map((text) => text.toWellFormed()),
        fc.json(),
      );
      await fc.assert(
        fc.asyncProperty(frame, async (text) => {
          const known = peer.envelopes.all.length;
          peer.sendsRaw(text);
          await peer.catchesUp();
          expect(peer.envelopes.all.slice(known).map(({ event }) => event)).toEqual(['error', 'reply']);
        }),
        { numRuns: 200 },
      );
    });

    it('any data of any command is refused as a whole, or it is right', async () => {
      const names = Object.keys(COMMANDS).filter((name) => name !== 'ping');
      const command = fc.constantFrom(...names);
      const field = fc.constantFrom(
        'room',
        'name',
        'users',
        'text',
        'clientId',
        'seq',
        'seen',
        'token',
        'metadata',
        'phone',
        'user',
      );
      const data = fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue()));
      const REFUSALS = ['VALIDATION_FAILED', 'ROOM_NOT_FOUND'];
      // A name is easily right, and the room is there from then on.
      const OUTCOMES: Readonly<Record<string, unknown[]>> = {
        sync: [...REFUSALS, undefined],
        createRoom: [...REFUSALS, undefined, 'ROOM_NAME_TAKEN'],
        joinRoom: [...REFUSALS, undefined],
      };
      await fc.assert(
        fc.asyncProperty(command, data, async (name, value) => {
          const { code } = await answerOf(name, value);
          expect(OUTCOMES[name] ?? REFUSALS).toContain(code);
        }),
        { numRuns: 300 },
      );
    });
  });
});
