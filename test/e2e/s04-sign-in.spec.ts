import { RestClient } from '@parley/sdk';
import { Connections } from '../../apps/api/src/realtime/connections';
import { Parley } from '../support/app-harness';
import { freshPhone, PASSWORD, Person } from '../support/people';

describe('Signing up and in', () => {
  let parley: Parley;
  let anybody: RestClient;

  beforeAll(async () => {
    parley = await Parley.start();
    anybody = new RestClient({ url: parley.url });
  });
  afterAll(() => parley.stop());

  const sessions = () => parley.database.collection('sessions').countDocuments();
  const users = () => parley.database.collection('users').countDocuments();

  it('S4 the first person to sign up is the administrator, and nobody after them', async () => {
    expect(parley.founder.me.role).toBe('administrator');
    expect((await parley.person('Second')).me.role).toBe('user');
  });

  it.each([
    ['0912 345 670', '+84912345670'],
    ['+84 912-345-671', '+84912345671'],
    ['(091) 2345672', '+84912345672'],
    ['+44 20 7946 0958', '+442079460958'],
    ['٠٩١٢٣٤٥٦٧٣', '+84912345673'],
  ])('S4 keeps the number %s as %s, and signs in by it as it was typed', async (typed, phone) => {
    const me = await anybody.signUp({ name: 'An', phone: typed, password: PASSWORD });
    expect(me).toEqual({
      id: expect.any(String),
      name: 'An',
      phone,
      role: 'user',
      status: 'available',
      created_at: expect.any(String),
    });
    expect((await anybody.signIn({ phone: typed, password: PASSWORD })).user).toEqual(me);
  });

  it('S4 tells whoever asks of which country such numbers are', async () => {
    expect(await anybody.server()).toEqual({ default_country: 'VN' });
  });

  it('S4 a number has one account, however it is written and however many ask at once', async () => {
    const phone = freshPhone();
    const written = [phone, phone.replace('+84', '0'), phone.replace('+84', '+84 ')];
    const before = await users();
    const tries = Array.from({ length: 9 }, (_, index) =>
      anybody.signUp({ name: 'An', phone: written[index % 3]!, password: PASSWORD }),
    );
    const outcomes = await Promise.allSettled(tries);
    const refusals = outcomes.filter((each) => each.status === 'rejected').map(({ reason }) => reason);
    expect(refusals).toHaveLength(8);
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'PHONE_TAKEN', status: 409 });
    expect(await users()).toBe(before + 1);
  });

  it.each([
    ['a phone that is none', { phone: '12345' }, ['phone']],
    ['a phone with letters', { phone: '0912 CALL ME' }, ['phone']],
    ['a blank name', { name: ' \u200b ' }, ['name']],
    ['a short password', { password: 'short' }, ['password']],
    ['several things', { name: '', password: '' }, ['name', 'password']],
  ])('S4 refuses %s, names the fields and stores nothing', async (_what, wrong, fields) => {
    const before = await users();
    const tried = anybody.signUp({ name: 'An', phone: freshPhone(), password: PASSWORD, ...wrong });
    const refusal = await tried.catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', status: 422 });
    expect(Object.keys((refusal as { fields: object }).fields).sort()).toEqual(fields);
    expect(await users()).toBe(before);
  });

  it('S4 keeps of a password only its argon2id hash', async () => {
    const an = await parley.person('An');
    const stored = await parley.database.collection('users').findOne({ phone: an.phone });
    expect(stored?.['passwordHash']).toMatch(/^\$argon2id\$/);
    expect(JSON.stringify(stored)).not.toContain(PASSWORD);
  });

  it('S5 gives a token that both doors take at once, and keeps only its hash', async () => {
    const an = await parley.person('An');
    expect(await an.rest.me()).toEqual(an.me);
    expect((await (await parley.peer()).authenticates(an.token)).user).toEqual(an.me);
    const stored = await parley.database.collection('sessions').find().toArray();
    expect(JSON.stringify(stored)).not.toContain(an.token);
    expect(stored.at(-1)).toMatchObject({ tokenHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('S5 a wrong phone and a wrong password are answered alike, and leave no session', async () => {
    const an = await parley.person('An');
    const before = await sessions();
    const answerTo = async (phone: string, password: string) => {
      const body = JSON.stringify({ phone, password });
      const headers = { 'Content-Type': 'application/json' };
      const answer = await fetch(`${parley.url}/api/signin`, { method: 'POST', headers, body });
      return { status: answer.status, body: await answer.text() };
    };
    const wrongPassword = await answerTo(an.phone, 'not the password');
    expect(wrongPassword.status).toBe(401);
    expect(JSON.parse(wrongPassword.body)).toMatchObject({ code: 'BAD_CREDENTIALS' });
    expect(await answerTo(freshPhone(), 'not the password')).toEqual(wrongPassword);
    expect(await answerTo(freshPhone(), PASSWORD)).toEqual(wrongPassword);
    expect(await sessions()).toBe(before);
  });

  it('S5 a realtime side that takes nobody gives 503 REALTIME_UNAVAILABLE and no session', async () => {
    const an = await parley.person('An');
    const before = await sessions();
    const realtime = parley.part(Connections);
    realtime.onModuleDestroy();
    await expect(Person.signsIn(parley, an.phone)).rejects.toMatchObject({ code: 'REALTIME_UNAVAILABLE', status: 503 });
    expect(await sessions()).toBe(before);

    realtime.onApplicationBootstrap();
    await (await an.onAnotherDevice()).connects();
  });

  it('S5 guessing a password is slowed down, whether or not there is such an account', async () => {
    const strict = await Parley.start({ RATE_LIMITS: 'on' });
    try {
      for (const phone of [strict.founder.phone, freshPhone()]) {
        for (let tries = 0; tries < 10; tries++) {
          const tried = Person.signsIn(strict, phone, 'a wrong guess');
          await expect(tried).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' });
        }
        const refusal = { code: 'RATE_LIMITED', status: 429, retryAfter: expect.any(Number) };
        await expect(Person.signsIn(strict, phone, PASSWORD)).rejects.toMatchObject(refusal);
      }
      expect((await strict.person('Somebody else')).me.role).toBe('user');
    } finally {
      await strict.stop();
    }
  });
});
