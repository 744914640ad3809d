import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const APP = 'apps/web/src/app/';

/** Addresses of the client that need more than the first load, and the module that each of them loads. */
const PAGES = [
  ['^/sign-in$', 'session/sign-in'],
  ['^/sign-up$', 'session/sign-up'],
  ['^/chat(/|$)', 'chat-page/chat-routes'],
  ['^/sessions$', 'session/sessions-page'],
  ['^/settings$', 'session/settings-page'],
];

/** A script and everything that it imports as soon as it is loaded. */
function withImports(outputs, script, found = new Set()) {
  if (found.has(script)) return found;
  found.add(script);
  const imports = outputs[script].imports.filter(({ kind }) => kind === 'import-statement');
  for (const { path } of imports) withImports(outputs, path, found);
  return found;
}

const BEFORE_ANYTHING = '</appearance.js>; rel=preload; as=script';

/**
 * For each page the header `Link` that names what it needs, by what Angular says of its build: the browser fetches at
 * once what it would find out one after the other. What the one page names itself stands there too, as what is named
 * here would otherwise be fetched first.
 */
export function preloadsOf(outputs) {
  const fileOf = (entry) => {
    const found = Object.keys(outputs).find((name) => outputs[name].entryPoint === entry);
    if (!found) throw new Error(`Nothing was built from ${entry}.`);
    return found;
  };
  const first = [BEFORE_ANYTHING, `</${fileOf('angular:styles/global:styles')}>; rel=preload; as=style`];
  const main = withImports(outputs, fileOf('apps/web/src/main.ts'));
  return PAGES.map(([pattern, module]) => {
    // The largest first: it takes the longest.
    const scripts = [...withImports(outputs, fileOf(`${APP}${module}.ts`), new Set(main))];
    scripts.sort((a, b) => outputs[b].bytes - outputs[a].bytes);
    const links = scripts.map((name) => `</${name}>; rel=modulepreload`);
    return { pattern, link: [...first, ...links].join(', ') };
  });
}

/** Writes them down for the server, beside the files of a built client, in place of what Angular said. */
export function writePreloads(folder) {
  const said = join(folder, 'browser-stats.json');
  const { outputs } = JSON.parse(readFileSync(said, 'utf8'));
  writeFileSync(join(folder, 'preloads.json'), JSON.stringify(preloadsOf(outputs), null, 2));
  rmSync(said);
}
