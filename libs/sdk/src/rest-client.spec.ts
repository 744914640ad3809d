import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@parley/contract';
import { ManualClock } from '../testing/manual-clock';
import { ParleyError } from './errors';
import { everyItem, RestClient } from './rest-client';

interface Seen {
  line: string;
  authorization?: string;
  type?: string;
  body: string;
}

let server: Server;
let url: string;
let seen: Seen[];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  seen = [];
  answer = (response) => response.end('{}');
  server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { authorization, 'content-type': type } = request.headers;
  const body = (await request.toArray()).map(String).join('');
  seen.push({ line: `${request.method} ${request.url}`, authorization, type, body });
  answer(response);
}

function answers(status: number, body: string, headers: Record<string, string> = {}): void {
  answer = (response) => response.writeHead(status, headers).end(body);
}

function failure(call: Promise<unknown>): Promise<ParleyError> {
  const succeeded = (): never => {
    throw new Error('The call did not fail.');
  };
  return call.then(succeeded, (error: ParleyError) => error);
}

/** Each call: the request that it makes, and the body that it sends. */
const CALLS: [string, (rest: RestClient) => Promise<unknown>, object?][] = [
  ['GET /api/server', (to) => to.server()],
  [
    'POST /api/signup',
    (to) => to.signUp({ name: 'An', phone: '1', password: 'p' }),
    { name: 'An', phone: '1', password: 'p' },
  ],
  ['POST /api/signin', (to) => to.signIn({ phone: '1', password: 'p' }), { phone: '1', password: 'p' }],
  ['POST /api/signout', (to) => to.signOut()],
  ['GET /api/sessions?after=c&limit=5', (to) => to.sessions({ after: 'c', limit: 5 })],
  ['DELETE /api/sessions/s1', (to) => to.revokeSession('s1')],
  ['GET /api/me', (to) => to.me()],
  [
    'POST /api/me/password',
    (to) => to.changePassword({ current: 'old one', new: 'new one' }),
    { current: 'old one', new: 'new one' },
  ],
  ['PATCH /api/me', (to) => to.changeMe({ name: 'Binh' }), { name: 'Binh' }],
  ['GET /api/users/u1', (to) => to.user('u1')],
  ['GET /api/search_users?q=%2B84+%C3%A1', (to) => to.searchUsers('+84 á', { after: null })],
  ['GET /api/search_rooms?q=&limit=2&kind=room', (to) => to.searchRooms('', { limit: 2, kind: 'room' })],
  ['POST /api/rooms', (to) => to.createRoom({ name: 'R' }), { name: 'R' }],
  ['POST /api/rooms/group', (to) => to.createGroup({ name: 'G', users: ['u'] }), { name: 'G', users: ['u'] }],
  ['POST /api/rooms/private', (to) => to.openPrivateRoom({ phone: '1' }), { phone: '1' }],
  ['GET /api/rooms', (to) => to.myRooms()],
  ['GET /api/rooms/r1', (to) => to.room('r1')],
  ['GET /api/rooms/..%2Fme', (to) => to.room('../me')],
  ['DELETE /api/rooms/r1', (to) => to.deleteRoom('r1')],
  ['POST /api/rooms/r1/join', (to) => to.joinRoom('r1')],
  ['POST /api/rooms/r1/members', (to) => to.addMembers('r1', ['u']), { users: ['u'] }],
  ['POST /api/rooms/r1/leave', (to) => to.leaveRoom('r1')],
  ['GET /api/rooms/r1/members?after=c', (to) => to.members('r1', { after: 'c' })],
  ['GET /api/rooms/r1/log?before=9&limit=3', (to) => to.log('r1', { before: 9, limit: 3 })],
  ['GET /api/rooms/r1/log?after=0', (to) => to.log('r1', { after: 0 })],
  [
    'POST /api/rooms/r1/messages',
    (to) => to.postMessage({ room: 'r1', clientId: 'c', text: 'Hi' }),
    { clientId: 'c', text: 'Hi' },
  ],
  ['POST /api/rooms/r1/read', (to) => to.markRead('r1', 4), { seq: 4 }],
];

describe('RestClient', () => {
  const rest = (): RestClient => new RestClient({ url: `${url}/` });

  it.each(CALLS.map(([line, call, body]) => ({ line, call, body })))('$line', async ({ line, call, body }) => {
    await call(rest().withToken('t'));
    const sent = { type: body && 'application/json', body: body ? JSON.stringify(body) : '' };
    expect(seen).toEqual([{ line, authorization: 'Bearer t', ...sent }]);
  });

  it('resolves with what the server says', async () => {
    answers(201, '{"id":"u1","name":"An"}');
    expect(await rest().signUp({ name: 'An', phone: '1', password: 'p' })).toEqual({ id: 'u1', name: 'An' });
    expect(seen[0]?.authorization).toBeUndefined();
  });

  it('takes an empty answer where nothing is to be said', async () => {
    answers(204, '');
    expect(await rest().signOut()).toBeUndefined();
  });

  it('asks the token provider at every call', async () => {
    const tokens = ['a', null, 'b'];
    const client = new RestClient({ url, token: async () => tokens.shift() ?? null });
    for (let call = 0; call < 3; call += 1) await client.me();
    expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer a', undefined, 'Bearer b']);
  });

  it('rejects with what the server refuses', async () => {
    const error = { code: 'VALIDATION_FAILED', message: 'No.', fields: { phone: 'Say a number.' } };
    answers(422, JSON.stringify(error));
    const refused = await failure(rest().signIn({ phone: 'x', password: 'p' }));
    expect(refused).toBeInstanceOf(ParleyError);
    expect(refused).toMatchObject({ ...error, status: 422 });
  });

  it('says how long to wait, from the body or from the header', async () => {
    answers(429, '{"code":"RATE_LIMITED","message":"Slowly.","retryAfter":3}', { 'Retry-After': '9' });
    expect(await failure(rest().me())).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 3 });
    answers(429, '{"code":"RATE_LIMITED","message":"Slowly."}', { 'Retry-After': '9' });
    expect(await failure(rest().me())).toMatchObject({ retryAfter: 9 });
    answers(429, '{"code":"RATE_LIMITED","message":"Slowly."}', { 'Retry-After': 'Fri, 1 Jan 2027 00:00:00 GMT' });
    expect((await failure(rest().me())).retryAfter).toBeUndefined();
  });

  it('tells the answer of a proxy from one of Parley', async () => {
    answers(502, '<h1>Bad gateway</h1>');
    expect(await failure(rest().me())).toMatchObject({ code: 'UNAVAILABLE', status: 502 });
    answers(404, '<h1>Not here</h1>');
    expect(await failure(rest().me())).toMatchObject({ code: 'BAD_ANSWER', status: 404 });
    answers(200, '<h1>Welcome</h1>');
    expect(await failure(rest().me())).toMatchObject({ code: 'BAD_ANSWER', status: 200 });
  });

  it('tells a network that fails from a server that refuses', async () => {
    answer = (response) => response.destroy();
    const error = await failure(rest().me());
    expect(error).toMatchObject({ code: 'NETWORK_FAILED', status: undefined });
    expect(error.cause).toBeDefined();
  });

  it('gives up in time', async () => {
    const clock = new ManualClock();
    answer = () => clock.advance(1_000);
    const error = await failure(new RestClient({ url, clock, timeoutMs: 1_000 }).me());
    expect(error.code).toBe('TIMED_OUT');
    expect(clock.pending).toBe(0);
  });

  it('can be aborted', async () => {
    const typing = new AbortController();
    answer = () => typing.abort();
    expect((await failure(rest().searchUsers('a', {}, { signal: typing.signal }))).code).toBe('ABORTED');
  });
});

it('everyItem goes through all pages', async () => {
  const pages: Record<string, Page<number>> = {
    start: { items: [1, 2], next: 'a' },
    a: { items: [], next: 'b' },
    b: { items: [3], next: null },
  };
  const items: number[] = [];
  for await (const item of everyItem(async ({ after }) => pages[after ?? 'start']!)) items.push(item);
  expect(items).toEqual([1, 2, 3]);
});
