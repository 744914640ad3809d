import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signingSecret } from './signing-secret';

let dataDir: string;
beforeEach(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), 'parley-secret-')), 'data');
});
afterEach(() => rm(join(dataDir, '..'), { recursive: true }));

const secret = (): Promise<string> => signingSecret({ jwtSecret: undefined, dataDir });

describe('signingSecret', () => {
  it('prefers the one that is set, and then writes nothing', async () => {
    expect(await signingSecret({ jwtSecret: 'set', dataDir })).toBe('set');
    await expect(stat(dataDir)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('makes one of 48 random bytes, readable by the owner only, and keeps it', async () => {
    const made = await secret();
    expect(Buffer.from(made, 'base64url')).toHaveLength(48);
    expect((await stat(join(dataDir, 'secret'))).mode & 0o777).toBe(0o600);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    expect(await secret()).toBe(made);
  });

  it('agrees on one when several start together, and leaves nothing else behind', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, secret));
    expect(new Set(all).size).toBe(1);
    expect(await readdir(dataDir)).toEqual(['secret']);
  });

  it('closes a file that others could read, and refuses one that is too short', async () => {
    await secret();
    const file = join(dataDir, 'secret');
    await chmod(file, 0o644);
    await secret();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await writeFile(file, 'short');
    await expect(secret()).rejects.toThrow('too short');
  });
});
