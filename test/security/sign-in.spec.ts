import { Parley } from '../support/app-harness';
import { freshPhone, type Person } from '../support/people';
import { call, codeOf, type RawAnswer } from './raw-call';

const signIn = (parley: Parley, phone: string, headers = {}): Promise<RawAnswer> =>
  call(parley, 'POST /api/signin', { body: { phone, password: 'not the one' }, headers });

describe('S5 whether a number has an account', () => {
  let parley: Parley;
  let an: Person;

  beforeAll(async () => {
    parley = await Parley.start();
    [an] = (await parley.crowd(1)) as [Person];
  });
  afterAll(() => parley.stop());

  it('is not told by the answer to sign-in', async () => {
    const [wrong, unknown] = [await signIn(parley, an.phone), await signIn(parley, freshPhone())];
    expect([wrong.status, codeOf(wrong)]).toEqual([401, 'BAD_CREDENTIALS']);
    expect(unknown.text).toBe(wrong.text);
    expect(Object.keys(unknown.headers).sort()).toEqual(Object.keys(wrong.headers).sort());
  });

  it('is not told by its time: the medians are within a factor of two', async () => {
    const timed = async (phone: string): Promise<number> => {
      const began = performance.now();
      await signIn(parley, phone);
      return performance.now() - began;
    };
    const [known, unknown]: [number[], number[]] = [[], []];
    // In turn, so that what slows the machine down slows both.
    for (let count = 0; count < 15; count++) {
      known.push(await timed(an.phone));
      unknown.push(await timed(freshPhone()));
    }
    const ratio = median(known) / median(unknown);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it('is not told by a search for a part of it, and no search tells a number', async () => {
    const token = parley.founder.token;
    for (const length of [4, 6, 8, an.phone.length - 1]) {
      const answer = await call(parley, `GET /api/search_users?q=${encodeURIComponent(an.phone.slice(0, length))}`, {
        token,
      });
      expect(JSON.parse(answer.text)).toEqual({ items: [], next: null });
    }
    const byName = await call(parley, 'GET /api/search_users?q=one', { token });
    expect(byName.text).toContain(an.id);
    expect(byName.text).not.toContain(an.phone.slice(3));
    const whole = await call(parley, `GET /api/search_users?q=${encodeURIComponent(an.phone)}`, { token });
    expect(whole.text).toContain(an.phone);
  });
});

describe('S5 guessing is limited', () => {
  const parleys: Parley[] = [];
  const start = async (more = {}): Promise<Parley> => {
    const parley = await Parley.start({ RATE_LIMITS: 'on', ...more });
    parleys.push(parley);
    return parley;
  };
  afterEach(async () => {
    for (const parley of parleys.splice(0)) await parley.stop();
  });

  /** How many attempts, all at once, are let through to the password. */
  async function letThrough(count: number, attempt: (index: number) => Promise<RawAnswer>): Promise<number> {
    const answers = await Promise.all(Array.from({ length: count }, (_, index) => attempt(index)));
    for (const answer of answers.filter(({ status }) => status !== 401)) {
      expect([answer.status, codeOf(answer)]).toEqual([429, 'RATE_LIMITED']);
      expect(Number(answer.headers['retry-after'])).toBe(
        (JSON.parse(answer.text) as { retryAfter: number }).retryAfter,
      );
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    return answers.filter(({ status }) => status === 401).length;
  }

  it('for one number, whether or not it has an account, however it is written', async () => {
    const parley = await start();
    const written = (phone: string): string[] => [
      phone,
      `0${phone.slice(3)}`,
      phone.replace('+84', '+84 '),
      `${phone.slice(0, 6)}-${phone.slice(6)}`,
    ];
    for (const phone of [parley.founder.phone, freshPhone()]) {
      expect(await letThrough(16, (index) => signIn(parley, written(phone)[index % 4]!))).toBe(10);
    }
  });

  it('for one address, and X-Forwarded-For does not make another of it', async () => {
    const parley = await start();
    const spoofed = (index: number) => ({
      'X-Forwarded-For': `198.51.100.${index}`,
      Forwarded: `for=198.51.100.${index}`,
      'X-Real-IP': `198.51.100.${index}`,
    });
    expect(await letThrough(110, (index) => signIn(parley, freshPhone(), spoofed(index)))).toBe(100);
  });

  it('for one address behind a proxy that is trusted, whatever the client adds before it', async () => {
    const parley = await start({ TRUST_PROXY: '1' });
    const through = (index: number) => ({ 'X-Forwarded-For': `198.51.100.${index}, 203.0.113.7` });
    expect(await letThrough(110, (index) => signIn(parley, freshPhone(), through(index)))).toBe(100);
    expect((await signIn(parley, freshPhone(), { 'X-Forwarded-For': '203.0.113.8' })).status).toBe(401);
  });

  it('and the right password does not open the door of a number that is being guessed', async () => {
    const parley = await start();
    const { phone, password } = parley.founder;
    await letThrough(12, () => signIn(parley, phone));
    const answer = await call(parley, 'POST /api/signin', { body: { phone, password } });
    expect([answer.status, codeOf(answer)]).toEqual([429, 'RATE_LIMITED']);
  });
});

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
