/**
 * How much a browser fetches before the first page can be used: what index.html names, and what those scripts import
 * without being asked. It is counted as gzip, which is what browsers take over plain HTTP; brotli is smaller.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { fail, inRoot, isMain } from './setup.mjs';

const BUDGET_BYTES = 160_000;

const attribute = (tag, name) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];

/** Addresses of the scripts and style sheets that a page names. */
function namedBy(page) {
  const scripts = [...page.matchAll(/<script\b[^>]*>/g)].map(([tag]) => attribute(tag, 'src'));
  const links = [...page.matchAll(/<link\b[^>]*>/g)]
    .filter(([tag]) => /^(stylesheet|modulepreload|preload)$/.test(attribute(tag, 'rel') ?? ''))
    .map(([tag]) => attribute(tag, 'href'));
  return [...scripts, ...links].filter(Boolean).map((address) => posix.join('/', address));
}

/** Addresses that a script imports as soon as it is loaded; `import()` is not among them. */
function importedBy(address, script) {
  const { statements } = ts.createSourceFile(address, script, ts.ScriptTarget.Latest);
  return statements
    .filter((each) => (ts.isImportDeclaration(each) || ts.isExportDeclaration(each)) && each.moduleSpecifier)
    .map(({ moduleSpecifier }) => posix.join(posix.dirname(address), moduleSpecifier.text));
}

/** Every file of a built client's first load, the page included, with its size as it is sent, the largest first. */
export function firstLoad(folder) {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const found = new Set(['/index.html', ...namedBy(page)]);
  for (const address of found) {
    if (address.endsWith('.js')) {
      importedBy(address, readFileSync(join(folder, address), 'utf8')).forEach((each) => found.add(each));
    }
  }
  return [...found]
    .map((address) => ({ address, bytes: sentBytes(folder, address) }))
    .sort((a, b) => b.bytes - a.bytes);
}

function sentBytes(folder, address) {
  const path = join(folder, address);
  return readFileSync(existsSync(`${path}.gz`) ? `${path}.gz` : path).length;
}

/** Ends the process with the list of files where a client's first load is over the budget. */
export function checkBudget(folder, budget = BUDGET_BYTES) {
  const files = firstLoad(folder);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  const line = `The first load is ${kB(total)} of ${kB(budget)}.`;
  if (total <= budget) return line;
  return fail([line, ...files.map(({ address, bytes }) => `  ${kB(bytes).padStart(9)}  ${address}`)].join('\n'));
}

if (isMain(import.meta.url)) console.log(checkBudget(inRoot('dist/apps/web/browser')));
