/** Writes openapi.json as the built server describes itself; with --check, only tells whether the file says the same. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { format } from 'prettier';
import { build, fail, inRoot, nodePath } from './setup.mjs';

build(['server']);
const path = inRoot('openapi.json');
const args = [inRoot('dist/apps/api/src/openapi-main.js')];
const printed = execFileSync(nodePath(), args, { cwd: inRoot(''), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
const document = await format(printed, { parser: 'json', printWidth: 120 });
if (!argv.includes('--check')) writeFileSync(path, document);
else if (!existsSync(path) || readFileSync(path, 'utf8') !== document) {
  fail('openapi.json is not what the server describes: run `npm run openapi` and look at what it changes.');
}
