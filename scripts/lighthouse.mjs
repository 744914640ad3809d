/**
 * What Lighthouse says of the welcome page and of a chat that is open, with its own preset: a phone (Moto G Power), a
 * slow 4G network and a processor slowed down four times, all of it simulated. Each page is looked at several times and
 * the median counts; fails under 95. The reports are kept in .cache/lighthouse. `npm run lighthouse -- chat` looks at
 * the pages of that name only.
 * Lighthouse is large and changes often, so it is fetched when it is asked for and is no dependency.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';
import { installDebian } from './debian.mjs';
import { build, fail, inRoot, run, say } from './setup.mjs';

const VERSION = '13.5.0';
const FOLDER = inRoot('.cache/lighthouse');
const FLOOR = 95;
const RUNS = 3;
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const METRICS = [
  'first-contentful-paint',
  'largest-contentful-paint',
  'speed-index',
  'total-blocking-time',
  'cumulative-layout-shift',
];
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];

function isWanted(name) {
  const wanted = process.argv.slice(2);
  return wanted.length === 0 || wanted.includes(name);
}

async function loadLighthouse() {
  const manifest = join(FOLDER, 'node_modules/lighthouse/package.json');
  if (!existsSync(manifest) || JSON.parse(readFileSync(manifest, 'utf8')).version !== VERSION) {
    say(`Fetching Lighthouse ${VERSION} …`);
    const args = ['install', '--prefix', FOLDER, '--no-save', '--ignore-scripts', '--loglevel=error'];
    if (!run('npm', [...args, `lighthouse@${VERSION}`])) fail('npm could not install Lighthouse.');
  }
  return (await import(join(FOLDER, 'node_modules/lighthouse/core/index.js'))).default;
}

/** Starts a program; resolves with what it says on the line that it is waited for. */
function start(command, args, env, line) {
  const stdio = ['ignore', 'pipe', 'pipe'];
  const child = spawn(command, args, { cwd: inRoot(''), env: { ...process.env, ...env }, stdio });
  return new Promise((resolve) => {
    let said = '';
    const ends = () => fail(`${command} ended before it was ready:\n${said}`);
    const listen = (text) => {
      const found = line.exec((said += text))?.[1];
      if (!found) return;
      child.off('exit', ends);
      resolve({ child, found });
    };
    child.on('exit', ends);
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', listen);
  });
}

async function post(url, body, token) {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) fail(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Somebody who is signed in, and a room in which something has been said. */
async function prepare(api) {
  const account = { phone: '+84912345678', password: 'correct horse battery' };
  await post(`${api}/signup`, { name: 'An', ...account });
  const signedIn = await post(`${api}/signin`, account);
  const room = await post(`${api}/rooms`, { name: 'Tea house' }, signedIn.token);
  for (let number = 1; number <= 60; number++) {
    const message = { clientId: `lighthouse-${number}`, text: `Message ${number}: shall we meet at the river?` };
    await post(`${api}/rooms/${room.id}/messages`, message, signedIn.token);
  }
  return { session: JSON.stringify({ status: 'in', ...signedIn }), room };
}

async function signIn(port, origin, session) {
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  const page = await browser.contexts()[0].newPage();
  await page.goto(origin);
  await page.evaluate((value) => globalThis.localStorage.setItem('parley.session', value), session);
  await page.close();
  await browser.close();
}

/**
 * Prints what Lighthouse says of a page; whether that is good enough.
 * @param isFirst whether the browser has nothing of Parley yet, as Lighthouse wants it, or comes again.
 */
async function audit(lighthouse, { url, port, name, isFirst }) {
  const flags = { port: Number(port), onlyCategories: CATEGORIES, disableStorageReset: !isFirst, logLevel: 'error' };
  const reports = [];
  for (let run = 0; run < RUNS; run++) reports.push((await lighthouse(url, flags)).lhr);
  reports.sort((a, b) => scoreOf(a, 'performance') - scoreOf(b, 'performance'));
  const median = reports[Math.floor(RUNS / 2)];
  const all = reports.map((report) => scoreOf(report, 'performance')).join(', ');
  const scores = CATEGORIES.map((category) => `${category} ${scoreOf(median, category)}`).join(', ');
  console.log(`${name}: ${scores} (performance of each run: ${all})`);
  for (const metric of METRICS) console.log(`  ${median.audits[metric].title}: ${median.audits[metric].displayValue}`);
  for (const { id, title, displayValue = '', score } of Object.values(median.audits)) {
    if (score !== null && score < 0.9 && !METRICS.includes(id)) console.log(`  ${id}: ${title} ${displayValue}`);
  }
  writeFileSync(join(FOLDER, `${name.replaceAll(/\W+/g, '-')}.json`), JSON.stringify(median));
  return CATEGORIES.every((category) => scoreOf(median, category) >= FLOOR);
}

function scoreOf({ categories }, name) {
  return Math.round((categories[name].score ?? 0) * 100);
}

build();
installDebian(['chromium', 'fonts-noto-core', 'fonts-noto-color-emoji']);
const lighthouse = await loadLighthouse();
const folder = mkdtempSync(join(tmpdir(), 'parley-lighthouse-'));
const env = { PORT: '0', HOST: '127.0.0.1', DATA_DIR: join(folder, 'data'), RATE_LIMITS: 'off', LOG_LEVEL: 'error' };
const server = await start(process.execPath, ['dist/apps/api/src/main.js'], env, /ready at (\S+)/);
const flags = [...FLAGS, '--remote-debugging-port=0', `--user-data-dir=${join(folder, 'browser')}`];
const browser = await start('/usr/bin/chromium', flags, {}, /DevTools listening on ws:\/\/[^/]+:(\d+)/);
try {
  const { session, room } = await prepare(`${server.found}/api`);
  const [port, origin] = [browser.found, server.found];
  const url = `${origin}/chat/${room.id}`;
  const pages = [
    { name: 'welcome', url: `${origin}/`, isFirst: true },
    { name: 'chat', url, isFirst: true, session },
    { name: 'chat, coming again', url, isFirst: false, session },
  ];
  for (const { session, ...page } of pages.filter(({ name }) => isWanted(name))) {
    if (session) await signIn(port, origin, session);
    if (!(await audit(lighthouse, { ...page, port }))) process.exitCode = 1;
  }
} finally {
  for (const { child } of [browser, server]) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
}
