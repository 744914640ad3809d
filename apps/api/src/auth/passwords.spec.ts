import { parseOptions } from '@node-rs/argon2';
import { Passwords } from './passwords';

describe('Passwords', () => {
  const passwords = new Passwords();

  it('hashes with argon2id, m=19456 t=2 p=1, and a salt of its own', async () => {
    const [first, second] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(parseOptions(first).saltLen).toBe(16);
    expect(first).not.toBe(second);
  });

  it('knows the right password from a wrong one', async () => {
    const hash = await passwords.hash('correct horse');
    expect(await passwords.matches('correct horse', hash)).toBe(true);
    expect(await passwords.matches('correct hors', hash)).toBe(false);
    expect(await passwords.matches('', hash)).toBe(false);
  });

  it('says no to everything where there is no account, after as much work', async () => {
    const hash = await passwords.hash('correct horse');
    const timed = async (passwordHash: string | undefined): Promise<number> => {
      const start = process.hrtime.bigint();
      expect(await passwords.matches('wrong', passwordHash)).toBe(false);
      return Number(process.hrtime.bigint() - start);
    };
    const fastest = { nobodys: Infinity, somebodys: Infinity };
    for (let round = 0; round < 8; round++) {
      fastest.nobodys = Math.min(fastest.nobodys, await timed(undefined));
      fastest.somebodys = Math.min(fastest.somebodys, await timed(hash));
    }
    const ratio = fastest.nobodys / fastest.somebodys;
    expect(ratio).toBeGreaterThan(0.3);
    expect(ratio).toBeLessThan(3);
  });
});
