import { createHmac } from 'node:crypto';
import { MongooseModule } from '@nestjs/mongoose';
import { Test, type TestingModule } from '@nestjs/testing';
import { EmbeddedMongo } from '@parley/embedded-mongo';
import { Clock } from '../common/clock';
import { CommonModule } from '../common/common.module';
import { DomainError } from '../common/domain-error';
import { ConfigModule } from '../config/config.module';
import { ParleyConfig } from '../config/parley-config';
import { SessionGate } from '../realtime/session-gate';
import { UsersService } from '../users/users.service';
import { AuthModule } from './auth.module';
import { AuthService, type Caller } from './auth.service';
import { SessionsRepository } from './sessions.repository';
import { SessionsService } from './sessions.service';

const SECRET = 'a key for this spec, and for nothing else in the world';
const MINUTE = 60_000;
const FROM = { address: '203.0.113.7', device: 'spec' };
const PASSWORD = 'correct horse';

/** A clock that moves when it is told to. */
class SpecClock extends Clock {
  ahead = 0;

  override now(): Date {
    return new Date(Date.now() + this.ahead);
  }
}

/** A gateway that takes everybody, until it is told not to, and writes down whom it has shut out. */
class SpecGate extends SessionGate {
  open = true;
  broken = false;
  readonly revoked: string[] = [];

  accept(): Promise<void> {
    return this.open ? Promise.resolve() : Promise.reject(new Error('stopping'));
  }

  revoke(sessionId: string): Promise<void> {
    this.revoked.push(sessionId);
    return this.broken ? Promise.reject(new Error('broken')) : Promise.resolve();
  }
}

let database: EmbeddedMongo;
let app: TestingModule;
let auth: AuthService;
let sessions: SessionsService;
const clock = new SpecClock();
const gate = new SpecGate();

beforeAll(async () => {
  database = await EmbeddedMongo.start({});
});
afterAll(() => database.stop());

let databases = 0;
beforeEach(async () => {
  clock.ahead = 0;
  gate.open = true;
  gate.broken = false;
  const config = ParleyConfig.from({ JWT_SECRET: SECRET });
  app = await Test.createTestingModule({
    imports: [
      ConfigModule.of(config),
      CommonModule,
      MongooseModule.forRoot(database.uri, { dbName: `auth${++databases}` }),
      AuthModule,
    ],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .overrideProvider(SessionGate)
    .useValue(gate)
    .compile();
  await app.init();
  auth = app.get(AuthService);
  sessions = app.get(SessionsService);
});
afterEach(() => app.close());

const person = (phone = '0912345567') => ({ name: 'An', phone, password: PASSWORD });
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'fine',
    (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
  );

/** The same claims with others added, signed as the header says. */
function forge(token: string, header: object, more: object, hash = 'sha256', key = SECRET): string {
  const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as object;
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ typ: 'JWT', ...header })}.${encode({ ...claims, ...more })}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

/** Fails the test where a refusal is waited for. */
function accepted(): never {
  throw new Error('It was accepted.');
}

describe('sign-up', () => {
  it('S4 makes one account a number, however it is written, when 50 ask at the same time', async () => {
    const forms = ['0912345567', '+84 912 345 567', '0084912345567', '(091) 234-5567'];
    const asked = Array.from({ length: 50 }, (_, index) =>
      codeOf(auth.signUp(person(forms[index % 4]), { address: `203.0.113.${index}`, device: '' })),
    );
    const codes = await Promise.all(asked);
    expect(codes.filter((code) => code === 'fine')).toHaveLength(1);
    expect(codes.filter((code) => code === 'PHONE_TAKEN')).toHaveLength(49);
  });

  it('makes exactly one administrator, when the first ones come at the same time', async () => {
    const phones = Array.from({ length: 20 }, (_, index) => `+849123400${10 + index}`);
    const users = await Promise.all(phones.map((phone) => auth.signUp(person(phone), FROM)));
    expect(users.filter(({ role }) => role === 'administrator')).toHaveLength(1);
    expect((await auth.signUp(person('0912345999'), FROM)).role).toBe('user');
  });
});

describe('sign-in', () => {
  beforeEach(() => auth.signUp(person(), FROM));

  it('S5 gives a token that the gateway lets in', async () => {
    const { token, user } = await auth.signIn(person(), FROM);
    const caller = await auth.authenticate(token);
    expect(caller.user.id).toBe(user.id);
    expect(caller.session.device).toBe('spec');
  });

  it('S5 tells a wrong number and a wrong password alike, and counts them alike', async () => {
    const failures = async (phone: string): Promise<unknown[]> => {
      const all: unknown[] = [];
      for (let index = 0; index < 11; index += 1) {
        const { code, message, more } = await auth
          .signIn({ phone, password: 'wrong' }, FROM)
          .then(accepted, asDomainError);
        all.push([code, message, Object.keys(more ?? {})]);
      }
      return all;
    };
    const known = await failures('0912345567');
    expect(await failures('0912345000')).toEqual(known);
    expect(known.at(-1)).toEqual(['RATE_LIMITED', expect.any(String), ['retryAfter']]);
    expect(await codeOf(auth.signIn(person(), FROM))).toBe('RATE_LIMITED');
  });

  it('S5 leaves no session when the gateway does not take it in', async () => {
    const { token } = await auth.signIn(person(), FROM);
    const { session } = await auth.authenticate(token);
    gate.open = false;
    expect(await codeOf(auth.signIn(person(), FROM))).toBe('REALTIME_UNAVAILABLE');
    expect((await sessions.list(session, {})).items.map(({ id }) => id)).toEqual([session.id]);
  });
});

describe('a change of the password', () => {
  const NEW = 'battery staple';
  let caller: Caller;

  beforeEach(async () => {
    await auth.signUp(person(), FROM);
    caller = await auth.authenticate((await auth.signIn(person(), FROM)).token);
    gate.revoked.length = 0;
  });

  const changes = (current = PASSWORD, to = NEW) => auth.changePassword(caller, { current, new: to }, FROM);
  const signsIn = (password: string) => codeOf(auth.signIn({ ...person(), password }, FROM));
  const ids = async () => (await sessions.list(caller.session, {})).items.map(({ id }) => id);

  it('S5 has the new password sign in, and the old one no more', async () => {
    await changes();
    expect([await signsIn(PASSWORD), await signsIn(NEW)]).toEqual(['BAD_CREDENTIALS', 'fine']);
  });

  it('S6 ends all other sessions of the account, and no other account’s', async () => {
    const others = [await auth.signIn(person(), FROM), await auth.signIn(person(), FROM)];
    await auth.signUp(person('0912345568'), FROM);
    const stranger = await auth.signIn(person('0912345568'), FROM);
    const ended = (await ids()).filter((id) => id !== caller.session.id);
    await changes();
    expect(await ids()).toEqual([caller.session.id]);
    expect(new Set(gate.revoked)).toEqual(new Set(ended));
    for (const { token } of others) expect(await codeOf(auth.authenticate(token))).toBe('NOT_SIGNED_IN');
    expect(await codeOf(auth.authenticate(stranger.token))).toBe('fine');
  });

  it('S6 leaves the old password and all sessions where the database fails halfway, so that it can be tried again', async () => {
    const thief = await auth.signIn(person(), FROM);
    jest.spyOn(app.get(SessionsRepository), 'others').mockRejectedValueOnce(new Error('The database is gone.'));
    expect(await codeOf(changes())).toContain('The database is gone.');
    expect([await codeOf(auth.authenticate(thief.token)), await signsIn(NEW)]).toEqual(['fine', 'BAD_CREDENTIALS']);
    expect(gate.revoked).toEqual([]);
    expect(await codeOf(changes())).toBe('fine');
    expect(await codeOf(auth.authenticate(thief.token))).toBe('NOT_SIGNED_IN');
    expect(await ids()).toEqual([caller.session.id]);
  });

  it('S6 ends each of the other sessions, also where the gateway fails to close their sockets', async () => {
    const others = [await auth.signIn(person(), FROM), await auth.signIn(person(), FROM)];
    gate.broken = true;
    expect(await codeOf(changes())).toBe('fine');
    expect(gate.revoked).toHaveLength(2);
    for (const { token } of others) expect(await codeOf(auth.authenticate(token))).toBe('NOT_SIGNED_IN');
  });

  it('S6 leaves no session to whoever signed in with the old password before the change is to be seen', async () => {
    const repository = app.get(SessionsRepository);
    const lists = repository.others.bind(repository);
    jest.spyOn(repository, 'others').mockImplementationOnce(async (...given) => {
      const found = await lists(...given);
      await auth.signIn(person(), FROM);
      return found;
    });
    expect(await codeOf(changes())).toBe('fine');
    expect(await ids()).toEqual([caller.session.id]);
    expect(gate.revoked).toHaveLength(1);
  });

  it('S5 changes and ends nothing where the current password is wrong, and says so at the field', async () => {
    const { token } = await auth.signIn(person(), FROM);
    const refused = await changes('wrong').then(accepted, asDomainError);
    expect([refused.code, Object.keys(refused.more?.fields ?? {})]).toEqual(['WRONG_PASSWORD', ['current']]);
    expect([await codeOf(auth.authenticate(token)), await signsIn(PASSWORD)]).toEqual(['fine', 'fine']);
  });

  it('S5 gives no more guesses than sign-in, nor more together', async () => {
    for (let index = 0; index < 5; index += 1) await signsIn('wrong');
    const codes: string[] = [];
    for (let index = 0; index < 6; index += 1) codes.push(await codeOf(changes('wrong')));
    expect(codes).toEqual([...Array<string>(5).fill('WRONG_PASSWORD'), 'RATE_LIMITED']);
    expect([await codeOf(changes()), await signsIn(PASSWORD)]).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
  });

  it('S5 is made once where two are asked for at the same time', async () => {
    const codes = await Promise.all([
      codeOf(changes(PASSWORD, 'first new one')),
      codeOf(changes(PASSWORD, 'second new one')),
    ]);
    expect(codes.sort()).toEqual(['WRONG_PASSWORD', 'fine']);
  });

  it('S6 leaves no session to whoever signs in with the old password while it is changed', async () => {
    const opens = sessions.open.bind(sessions);
    jest.spyOn(sessions, 'open').mockImplementationOnce(async (...given) => {
      await changes();
      return opens(...given);
    });
    expect(await signsIn(PASSWORD)).toBe('BAD_CREDENTIALS');
    expect(await ids()).toEqual([caller.session.id]);
    expect(gate.revoked).toHaveLength(1);
  });
});

describe('a token', () => {
  let token: string;
  beforeEach(async () => {
    await auth.signUp(person(), FROM);
    ({ token } = await auth.signIn(person(), FROM));
  });

  it.each<[string, (token: string) => string]>([
    ['no signature', (real) => `${forge(real, { alg: 'none' }, {}).split('.').slice(0, 2).join('.')}.`],
    ['another key', (real) => forge(real, { alg: 'HS256' }, {}, 'sha256', 'another key')],
    ['another algorithm', (real) => forge(real, { alg: 'HS512' }, {}, 'sha512')],
    ['another issuer', (real) => forge(real, { alg: 'HS256' }, { iss: 'somebody' })],
    ['an end in the past', (real) => forge(real, { alg: 'HS256' }, { exp: 1 })],
    ['the right key, for a session that has another token', (real) => forge(real, { alg: 'HS256' }, { more: 1 })],
    ['an operator for a session', (real) => forge(real, { alg: 'HS256' }, { sid: { $ne: null } })],
    ['somebody else’s id', (real) => forge(real, { alg: 'HS256' }, { sub: 'f'.repeat(24) })],
    ['a part missing', (real) => real.slice(0, -1)],
    ['nothing in it', () => ''],
  ])('with %s is refused', async (_what, forged) => {
    expect(await codeOf(auth.authenticate(token))).toBe('fine');
    expect(await codeOf(auth.authenticate(forged(token)))).toBe('NOT_SIGNED_IN');
  });

  it('ends with its session', async () => {
    const { session } = await auth.authenticate(token);
    await sessions.revoke(session.id, session.user);
    expect(gate.revoked).toContain(session.id);
    expect(await codeOf(auth.authenticate(token))).toBe('NOT_SIGNED_IN');
    expect(await codeOf(sessions.revoke(session.id, session.user))).toBe('SESSION_NOT_FOUND');
  });

  it('ends when its time is over', async () => {
    clock.ahead = 30 * 24 * 60 * MINUTE - MINUTE;
    expect(await codeOf(auth.authenticate(token))).toBe('fine');
    clock.ahead += 2 * MINUTE;
    expect(await codeOf(auth.authenticate(token))).toBe('NOT_SIGNED_IN');
  });

  it('marks its session as seen, at most once a minute', async () => {
    const first = (await auth.authenticate(token)).session.last_seen_at;
    clock.ahead = MINUTE / 2;
    expect((await auth.authenticate(token)).session.last_seen_at).toEqual(first);
    clock.ahead = 2 * MINUTE;
    const later = (await auth.authenticate(token)).session.last_seen_at;
    expect(later.getTime() - first.getTime()).toBeGreaterThanOrEqual(2 * MINUTE);
    expect((await auth.authenticate(token)).session.last_seen_at).toEqual(later);
  });

  it('S6 is nobody else’s to revoke', async () => {
    const { session } = await auth.authenticate(token);
    const other = await auth.signUp(person('0912345568'), FROM);
    expect(await codeOf(sessions.revoke(session.id, other.id))).toBe('SESSION_NOT_FOUND');
    expect(await codeOf(auth.authenticate(token))).toBe('fine');
  });

  it('is not kept: sessions page by cursor and say which one asks', async () => {
    for (let index = 0; index < 4; index += 1) await auth.signIn(person(), FROM);
    const { session } = await auth.authenticate(token);
    const first = await sessions.list(session, { limit: 3 });
    const second = await sessions.list(session, { limit: 3, after: first.next! });
    expect([first.items.length, second.items.length, second.next]).toEqual([3, 2, null]);
    expect([...first.items, ...second.items].map(({ current }) => current)).toEqual([true, false, false, false, false]);
    expect(JSON.stringify([first, second])).not.toMatch(/token|hash/i);
  });
});

describe('people', () => {
  it('are resolved in order, once each; an unknown one fails the call and is named', async () => {
    const users = app.get(UsersService);
    const [an, binh] = [await auth.signUp(person(), FROM), await auth.signUp(person('0912345568'), FROM)];
    const found = await users.resolve([binh.id.toUpperCase(), '0912 345 567', '+84912345568', an.id], an.id);
    expect(found.map(({ id }) => id)).toEqual([binh.id, an.id]);
    for (const [list, code] of [
      [[an.id, '0912345000'], 'USER_NOT_FOUND'],
      [[an.id, 'f'.repeat(24)], 'USER_NOT_FOUND'],
      [[an.id, 'somebody'], 'VALIDATION_FAILED'],
    ] as const) {
      const error = await users.resolve(list, an.id).then(accepted, asDomainError);
      expect([error.code, error.more?.fields?.['users']]).toEqual([code, expect.stringContaining('place 2')]);
    }
  });

  it('S13 are found by words as they are typed and by a whole number only; their numbers are masked', async () => {
    const users = app.get(UsersService);
    const me = await auth.signUp(person(), FROM);
    await auth.signUp({ name: 'Trần Thị Đào', phone: '0912345568', password: PASSWORD }, FROM);
    const find = async (q: string): Promise<string[]> =>
      (await users.search(q, me.id, {})).items.map(({ phone }) => phone);
    expect(await find('dao tr')).toEqual(['+84 ••• ••• 568']);
    expect(await find('0912 345 568')).toEqual(['+84912345568']);
    for (const q of ['ao', 'an', '.', '.*', '0912', '84912345', '0912345567'])
      expect([q, await find(q)]).toEqual([q, []]);
    await users.change(me.id, { name: 'Đào' });
    expect(await find('dao')).toHaveLength(1);
  });
});

function asDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  throw error;
}
