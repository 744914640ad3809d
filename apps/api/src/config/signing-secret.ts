import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from './environment-reader';
import type { ParleyConfig } from './parley-config';

const BYTES = 48;

/**
 * The key that signs tokens: `JWT_SECRET`, or one that is generated once and kept, readable by the owner only, in the
 * data directory's file `secret`. Several processes that start together agree on one.
 */
export async function signingSecret(config: Pick<ParleyConfig, 'jwtSecret' | 'dataDir'>): Promise<string> {
  if (config.jwtSecret !== undefined) return config.jwtSecret;
  const file = join(config.dataDir, 'secret');
  return (await readSecret(file)) ?? createSecret(config.dataDir, file);
}

async function readSecret(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(undefinedIf('ENOENT'));
  if (text === undefined) return undefined;
  if (text.trim().length < 32) throw new ConfigError(file, 'deleted or mended: it is too short to sign with');
  await chmod(file, 0o600);
  return text.trim();
}

/** Written aside and linked into place, so that nobody ever reads half of it; who comes second takes the first one's. */
async function createSecret(dataDir: string, file: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`;
  await writeFile(aside, `${randomBytes(BYTES).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  await link(aside, file).catch(undefinedIf('EEXIST'));
  await rm(aside);
  const kept = await readSecret(file);
  if (kept === undefined) throw new ConfigError(file, 'a readable file');
  return kept;
}

function undefinedIf(code: string): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (error.code !== code) throw error;
  };
}
