/** `npm run test:mongod`: the end-to-end tests in which the database matters, against a real mongod 4.0. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fetchMongod, startMongod } from './mongod.mjs';
import { build, inRoot, install, nodePath, say } from './setup.mjs';

/**
 * What reads and writes most: restarts, rooms, members, messages, transactions, races, who may see what. Left out are the
 * specs that start servers of their own on the embedded database (start, kill, faults, backup), and those that say nothing
 * of the database (limits, pages, headers, logs, documents).
 */
const SPECS = 'test/(e2e/(s02-restart|s0[4-9]|s14|laws|unknown-outcome)|security/(access|races))';

install();
if (fetchMongod()) {
  build(['server']);
  process.exitCode = await testOnMongod();
} else say('There is no mongod 4.0 for this machine: the end-to-end tests ran on the embedded database only.');

async function testOnMongod() {
  const directory = mkdtempSync(join(tmpdir(), 'parley-mongod-'));
  const mongod = await startMongod(directory);
  const code = await jest({ MONGO_URI: `mongodb://127.0.0.1:${mongod.port}/?replicaSet=rs0` });
  await mongod.stop();
  rmSync(directory, { recursive: true, force: true });
  return code;
}

function jest(env) {
  const args = [inRoot('node_modules/jest/bin/jest.js'), '--selectProjects', 'e2e', '--testPathPatterns', SPECS];
  const tests = spawn(nodePath(), [...args, ...process.argv.slice(2)], {
    cwd: inRoot(''),
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  return new Promise((ended) => tests.once('exit', (code) => ended(code ?? 1)));
}
