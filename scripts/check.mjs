/** Every check but the tests, cheapest first; stops at the first that fails. */
import { performance } from 'node:perf_hooks';
import { delimiter } from 'node:path';
import process from 'node:process';
import { build, fail, inRoot, run, say } from './setup.mjs';

const CHECKS = [
  ['lockfile', 'node', 'scripts/lockfile.mjs', '--check'],
  ['portable', 'node', 'scripts/portable.mjs'],
  ['first load', 'node', 'scripts/web-budget.mjs'],
  ['format', 'prettier', '--check', '--log-level=warn', '.'],
  ['lint', 'eslint', '.'],
  ['types', 'tsc', '-p', 'tsconfig.json'],
  ['types of the client', 'ngc', '-p', 'apps/web/tsconfig.json'],
  ['types of browser tests', 'tsc', '-p', 'test/browser/tsconfig.json'],
  ['arch', 'depcruise', 'apps', 'libs', 'test', 'bench', '--config', '.dependency-cruiser.cjs'],
  ['deadcode', 'knip'],
  ['openapi', 'node', 'scripts/openapi.mjs', '--check'],
];

const env = { ...process.env, PATH: [inRoot('node_modules/.bin'), process.env.PATH].join(delimiter) };

build();
for (const [name, command, ...args] of CHECKS) {
  const began = performance.now();
  if (!run(command, args, { env }))
    fail(`check: ${name} failed; run it alone with \`${[command, ...args].join(' ')}\`.`);
  say(`check: ${name} ok (${((performance.now() - began) / 1000).toFixed(1)} s)`);
}
