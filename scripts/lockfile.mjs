/**
 * npm leaves builds for other platforms out of the lockfile when the registry at hand lacks them, but keeps their names in
 * `optionalDependencies`; `npm ci` then refuses the lockfile ("Missing: … from lock file"). This deletes such names.
 * With --check it only tells, as it does of download addresses, which would tie the lockfile to one registry.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fail, inRoot, isMain } from './setup.mjs';

/** Node's own look-up: the package beside the one that asks, then in each folder above. */
function isLocked(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${folder}${folder && '/'}node_modules/${name}`]) return true;
    if (!folder) return false;
  }
}

function withoutDangling(packages, path) {
  const wanted = Object.entries(packages[path].optionalDependencies ?? {});
  return Object.fromEntries(wanted.filter(([name]) => isLocked(packages, path, name)));
}

/** The cured lockfile, and what was wrong with it: dangling optional packages and download addresses. */
export function cure(lock) {
  const problems = [];
  const packages = {};
  for (const [path, entry] of Object.entries(lock.packages)) {
    const optionalDependencies = withoutDangling(lock.packages, path);
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (!optionalDependencies[name]) problems.push(`${path} wants ${name}`);
    }
    if (entry.resolved) problems.push(`${path} has a download address`);
    packages[path] = { ...entry, optionalDependencies, resolved: undefined };
    if (Object.keys(optionalDependencies).length === 0) delete packages[path].optionalDependencies;
  }
  return { lock: { ...lock, packages }, problems };
}

function main() {
  const path = inRoot('package-lock.json');
  const { lock, problems } = cure(JSON.parse(readFileSync(path, 'utf8')));
  if (problems.length === 0) return console.log('package-lock.json is portable.');
  if (argv.includes('--check')) {
    fail(
      `package-lock.json would break \`npm ci\` (${problems.length}; first: ${problems[0]}): run \`npm run lockfile\`.`,
    );
  }
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`package-lock.json cured of ${problems.length} entries.`);
}

if (isMain(import.meta.url)) main();
