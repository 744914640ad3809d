/**
 * What `npm start` and `npm test` need before they can do their work: packages, a Node that is new enough, a build.
 * Runs under Node 20 with no node_modules, so it imports nothing but Node's own modules.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { pack } from './pack.mjs';
import { writePreloads } from './preloads.mjs';

const NODE_FLOOR = [24, 9];

/**
 * What is built, each by itself: a change of the client leaves the server alone. `from` decides whether a build is stale,
 * `makes` is removed before it is made anew, and `stamp` remembers what the last one that succeeded was built from.
 */
const BUILDS = {
  server: {
    from: ['package-lock.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', 'apps/api/src', 'libs'],
    makes: ['dist/apps/api', 'dist/libs', 'dist/.tsbuildinfo'],
    stamp: 'dist/.server-built-from',
    command: ['node_modules/@nestjs/cli/bin/nest.js', 'build'],
  },
  client: {
    from: [
      ...['package-lock.json', 'angular.json', 'tsconfig.json', 'scripts/pack.mjs', 'scripts/preloads.mjs'],
      ...['apps/web', 'libs/contract/src', 'libs/sdk/src'],
    ],
    makes: ['dist/apps/web'],
    stamp: 'dist/.client-built-from',
    command: ['node_modules/@angular/cli/bin/ng.js', 'build', '--no-progress', '--stats-json'],
    finish: () => {
      pack(inRoot('dist/apps/web/browser'));
      writePreloads(inRoot('dist/apps/web'));
    },
  },
};

export const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
export const isMain = (url) => process.argv[1] === fileURLToPath(url);
export const say = (line) => console.error(line);

export function fail(line) {
  say(line);
  process.exit(1);
}

export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: inRoot(''),
    stdio: ['ignore', 'inherit', 'inherit'],
    ...options,
  });
  if (error) fail(`${command} could not be started: ${error.message}`);
  return status === 0;
}

/** Packages: `npm ci` when node_modules is not what the lockfile says. */
export function install() {
  if (isInstalled(readJson('package-lock.json'), readJson('node_modules/.package-lock.json'))) return;
  say('Installing packages (npm ci) …');
  // Without --include a NODE_ENV of production would leave out the compiler.
  const args = ['ci', '--include=dev', '--include=optional', '--loglevel=error', '--no-progress', '--yes'];
  if (!npm(args)) fail('npm ci failed: the lines above say why.');
}

/** `installed` is the lockfile that npm writes inside node_modules; packages installed on top of the lockfile are fine. */
export function isInstalled(locked, installed) {
  if (!installed) return false;
  return Object.entries(locked.packages).every(([path, wanted]) => {
    const found = installed.packages[path];
    return path === '' || (found ? found.version === wanted.version : wanted.optional && !fitsHere(wanted));
  });
}

/** Of an optional package that is not there: should it be? What is made for one C library, or only serves such, may be absent. */
function fitsHere({ os, cpu, libc }) {
  return !libc && [os].flat().includes(process.platform) && [cpu].flat().includes(process.arch);
}

function npm(args) {
  const cli = process.env.npm_execpath;
  const stdio = ['ignore', 'ignore', 'inherit'];
  return cli?.endsWith('.js') ? run(process.execPath, [cli, ...args], { stdio }) : run('npm', args, { stdio });
}

function readJson(path) {
  return existsSync(inRoot(path)) ? JSON.parse(readFileSync(inRoot(path), 'utf8')) : undefined;
}

/** The Node that the lockfile pins where there is one for this platform, otherwise the one at hand. */
export function nodePath() {
  const pinned = inRoot('node_modules/.bin/node');
  if (existsSync(pinned)) return pinned;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor >= NODE_FLOOR[1])) return process.execPath;
  return fail(`Parley needs Node ${NODE_FLOOR.join('.')} or newer; this is ${process.version}.`);
}

/** Builds what is stale: where any source, setting or package differs from those of the last build that succeeded. */
export function build(names = Object.keys(BUILDS)) {
  for (const name of names) buildOne(name, BUILDS[name]);
}

function buildOne(name, { makes, stamp, command: [script, ...args], finish }) {
  const now = fingerprint(sourcesOf(name));
  if (existsSync(inRoot(stamp)) && readFileSync(inRoot(stamp), 'utf8') === now) return;
  say(`Building the ${name} …`);
  for (const path of [stamp, ...makes]) rmSync(inRoot(path), { recursive: true, force: true });
  // What a build says is for people: the output belongs to the command that asked for it.
  const built = run(nodePath(), [inRoot(script), ...args], { stdio: ['ignore', 2, 2] });
  if (!built) fail(`The ${name} did not build: the lines above say why.`);
  finish?.();
  writeFileSync(inRoot(stamp), now);
}

function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(inRoot(path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Every file that decides whether a build is stale. */
export function sourcesOf(name) {
  return BUILDS[name].from.flatMap(filesOf);
}

/** A file, or what is in a folder but for the tests. */
function filesOf(path) {
  if (!statSync(inRoot(path)).isDirectory()) return [path];
  const files = readdirSync(inRoot(path), { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile() && !file.name.endsWith('.spec.ts'))
    .map((file) => join(file.parentPath ?? file.path, file.name).slice(inRoot('').length))
    .sort();
}

/** Hands over to Node 24: in place of this process where this Node can (24 can, 20 cannot), otherwise as its child. */
export function become(args) {
  const node = nodePath();
  const env = { ...process.env, PATH: [inRoot('node_modules/.bin'), process.env.PATH].join(delimiter) };
  process.chdir(inRoot(''));
  if (process.execve) process.execve(node, [node, ...args], env);
  const child = spawn(node, args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

if (isMain(import.meta.url)) {
  install();
  build();
}
