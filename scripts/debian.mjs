import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fail, run, say } from './setup.mjs';

function isPresent(name) {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status}', name], { encoding: 'utf8' });
  return stdout === 'installed';
}

/** Installs what is missing of Debian's packages; never asks for a password. */
export function installDebian(names) {
  const missing = names.filter((name) => !isPresent(name));
  if (missing.length === 0) return;
  const command = ['install', '-y', '-qq', '--no-install-recommends', ...missing];
  if (process.getuid?.() !== 0)
    fail(`The tests need Debian packages: run \`sudo apt-get install ${missing.join(' ')}\` first.`);
  say(`Installing Debian packages: ${missing.join(' ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const stdio = ['ignore', 'ignore', 'inherit'];
  if (!run('apt-get', ['update', '-qq'], { env, stdio }) || !run('apt-get', command, { env, stdio })) {
    fail(`apt-get could not install ${missing.join(' ')}: the lines above say why.`);
  }
}
