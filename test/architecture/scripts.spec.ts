import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

const SCRIPTS = resolve(__dirname, '../../scripts');

/** Calls an exported function of a script, as a process of its own: scripts are modules that Jest does not load. */
function call(script: string, name: string, args: readonly unknown[], env: Readonly<Record<string, string>> = {}) {
  const code = `import * as script from ${JSON.stringify(join(SCRIPTS, script))};
    const result = script[${JSON.stringify(name)}](...${JSON.stringify(args)});
    if (result !== undefined) console.log(JSON.stringify(result));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { result: stdout === '' ? undefined : (JSON.parse(stdout) as unknown), said: stderr, status };
}

describe('lockfile.mjs', () => {
  const sound = {
    'node_modules/a': { optionalDependencies: { b: '1', c: '1' } },
    'node_modules/b': { optional: true },
    'node_modules/a/node_modules/c': { optional: true },
    'node_modules/a/node_modules/d': { optionalDependencies: { c: '1', b: '1' } },
  };

  it('leaves alone what npm ci accepts, nested packages included', () => {
    expect(call('lockfile.mjs', 'cure', [{ packages: sound }]).result).toEqual({
      lock: { packages: sound },
      problems: [],
    });
  });

  it('deletes optional packages that have no entry, and download addresses', () => {
    const packages = {
      'node_modules/a': { optionalDependencies: { 'a-linux': '1', 'a-windows': '1' }, resolved: 'somewhere' },
      'node_modules/a-linux': { optional: true },
      'node_modules/lonely': { optionalDependencies: { 'lonely-windows': '1' } },
    };
    expect(call('lockfile.mjs', 'cure', [{ packages }]).result).toEqual({
      lock: {
        packages: {
          'node_modules/a': { optionalDependencies: { 'a-linux': '1' } },
          'node_modules/a-linux': { optional: true },
          'node_modules/lonely': {},
        },
      },
      problems: [
        'node_modules/a wants a-windows',
        'node_modules/a has a download address',
        'node_modules/lonely wants lonely-windows',
      ],
    });
  });
});

describe('setup.mjs', () => {
  const here = { os: [process.platform], cpu: [process.arch] };
  const locked = { '': { version: '1' }, 'node_modules/a': { version: '1' } };
  const isInstalled = (wanted: object, found?: object) =>
    call('setup.mjs', 'isInstalled', found ? [{ packages: wanted }, { packages: found }] : [{ packages: wanted }])
      .result;

  it.each([
    ['nothing is installed', locked, undefined, false],
    ['all is', locked, { 'node_modules/a': { version: '1' } }, true],
    ['another version is', locked, { 'node_modules/a': { version: '2' } }, false],
    ['one is missing', locked, {}, false],
    ['there is more', locked, { 'node_modules/a': { version: '1' }, 'node_modules/x': { version: '1' } }, true],
    ['one for another platform is missing', { 'node_modules/o': { optional: true, os: ['none'] } }, {}, true],
    ['one for this platform is missing', { 'node_modules/o': { optional: true, version: '1', ...here } }, {}, false],
    ['one for another C library is missing', { 'node_modules/o': { optional: true, ...here, libc: ['x'] } }, {}, true],
  ])('knows whether to run npm ci when %s', (_, wanted, found, expected) => {
    expect(isInstalled(wanted, found)).toBe(expected);
  });
});

describe('what is built', () => {
  const sourcesOf = (name: string) => call('setup.mjs', 'sourcesOf', [name]).result as string[];

  it('depends on all that goes into it, and neither build on the other', () => {
    const [server, client] = [sourcesOf('server'), sourcesOf('client')];
    for (const path of ['package-lock.json', 'tsconfig.json', 'libs/contract/src/index.ts']) {
      expect(server).toContain(path);
      expect(client).toContain(path);
    }
    expect(server).toEqual(expect.arrayContaining(['nest-cli.json', 'apps/api/src/main.ts']));
    expect(client).toEqual(expect.arrayContaining(['angular.json', 'apps/web/src/index.html', 'apps/web/src/main.ts']));
    expect(server.filter((path) => path.startsWith('apps/web'))).toEqual([]);
    expect(client.filter((path) => path.startsWith('apps/api'))).toEqual([]);
  });

  it('does not depend on tests', () => {
    expect([...sourcesOf('server'), ...sourcesOf('client')].filter((path) => path.endsWith('.spec.ts'))).toEqual([]);
  });
});

describe('pack.mjs', () => {
  it('puts packed forms beside texts where they are smaller, and leaves the rest alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-pack-'));
    const text = 'console.log("parley");'.repeat(100);
    mkdirSync(join(folder, 'deep'));
    for (const name of ['deep/main.js', 'photo.png']) writeFileSync(join(folder, name), text);
    writeFileSync(join(folder, 'tiny.js'), '1');

    expect(call('pack.mjs', 'pack', [folder])).toMatchObject({ status: 0, said: '' });
    const files = readdirSync(folder, { recursive: true }).map(String);
    expect(files.sort()).toEqual([
      'deep',
      'deep/main.js',
      'deep/main.js.br',
      'deep/main.js.gz',
      'photo.png',
      'tiny.js',
    ]);
    expect(brotliDecompressSync(readFileSync(join(folder, 'deep/main.js.br'))).toString()).toBe(text);
    expect(gunzipSync(readFileSync(join(folder, 'deep/main.js.gz'))).toString()).toBe(text);
    rmSync(folder, { recursive: true });
  });
});

describe('preloads.mjs', () => {
  const MAIN = 'apps/web/src/main.ts';
  const imports = (path: string, kind = 'import-statement') => ({ path, kind });
  const built = (entryPoint: string | undefined, bytes: number, ...found: object[]) => ({
    entryPoint,
    bytes,
    imports: found,
  });
  const page = (name: string) => `apps/web/src/app/${name}.ts`;
  const outputs = {
    'styles.css': built('angular:styles/global:styles', 5),
    'main.js': built(MAIN, 40, imports('core.js'), imports('chat.js', 'dynamic-import')),
    'core.js': built(undefined, 60),
    'chat.js': built(page('chat-page/chat-routes'), 50, imports('core.js'), imports('list.js'), imports('main.js')),
    'list.js': built(undefined, 10, imports('core.js'), imports('menu.js', 'dynamic-import')),
    'menu.js': built(undefined, 10),
    'other.js': built(page('session/sign-in'), 1),
    'up.js': built(page('session/sign-up'), 1),
    'sessions.js': built(page('session/sessions-page'), 1),
    'settings.js': built(page('session/settings-page'), 1),
  };

  it('names what a page imports in any depth, the largest first, and nothing that comes later', () => {
    const pages = call('preloads.mjs', 'preloadsOf', [outputs]).result as { pattern: string; link: string }[];
    const { link } = pages.find(({ pattern }) => new RegExp(pattern).test('/chat/1'))!;
    expect(link.split(', ')).toEqual([
      '</appearance.js>; rel=preload; as=script',
      '</styles.css>; rel=preload; as=style',
      ...['core', 'chat', 'main', 'list'].map((name) => `</${name}.js>; rel=modulepreload`),
    ]);
    expect(pages.filter(({ pattern }) => new RegExp(pattern).test('/'))).toEqual([]);
  });

  it('fails where a page has become another module', () => {
    const { 'chat.js': _, ...without } = outputs;
    expect(call('preloads.mjs', 'preloadsOf', [without]).said).toContain('Nothing was built from');
  });
});

describe('web-budget.mjs', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-budget-'));
    const files = {
      'index.html': `<link rel="icon" href="icon.svg"><link rel="stylesheet" href="styles.css">
        <link rel="modulepreload" href="chunk-b.js"><script src="main.js" type="module"></script>`,
      'icon.svg': 'x'.repeat(1_000),
      'styles.css': 'x'.repeat(10),
      'main.js': `import{a}from"./chunk-a.js";import"./chunk-b.js";a(()=>import("./lazy.js"),'import"./text.js"')`,
      'chunk-a.js': `export*from"./deep/chunk-c.js";import"./main.js"`,
      'chunk-b.js': 'x',
      'deep/chunk-c.js': 'export const a=1',
      'lazy.js': 'x'.repeat(1_000),
      'text.js': 'x'.repeat(1_000),
    };
    mkdirSync(join(folder, 'deep'));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    writeFileSync(join(folder, 'main.js.gz'), 'packed');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('counts what is fetched before the first page can be used, packed, and nothing else', () => {
    const files = call('web-budget.mjs', 'firstLoad', [folder]).result as { address: string; bytes: number }[];
    expect(files.map(({ address }) => address).sort()).toEqual(
      ['/chunk-a.js', '/chunk-b.js', '/deep/chunk-c.js', '/index.html', '/main.js', '/styles.css'].sort(),
    );
    expect(files).toContainEqual({ address: '/main.js', bytes: 6 });
    expect(files.map(({ bytes }) => bytes)).toEqual(files.map(({ bytes }) => bytes).sort((a, b) => b - a));
  });

  it('fails past the budget, with every file and its size', () => {
    expect(call('web-budget.mjs', 'checkBudget', [folder, 10_000]).status).toBe(0);
    const { status, said } = call('web-budget.mjs', 'checkBudget', [folder, 100]);
    expect(status).toBe(1);
    expect(said).toMatch(/^The first load is 0\.\d kB of 0\.1 kB\.\n.* kB {2}\/index\.html\n/);
    expect(said).toContain('/deep/chunk-c.js');
    expect(said).not.toContain('lazy');
  });
});

describe('debian.mjs', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-debian-'));
    command('dpkg-query', 'test "$3" = there && printf installed');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function command(name: string, script: string): void {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }

  const install = (...names: string[]) =>
    call('debian.mjs', 'installDebian', [names], { PATH: `${folder}:${process.env.PATH ?? ''}` });

  it('asks nothing of apt-get when all is there', () => {
    expect(install('there', 'there')).toEqual({ result: undefined, said: '', status: 0 });
  });

  it('installs what is missing, after an update of the lists', () => {
    command('apt-get', `echo "$@" >> ${join(folder, 'calls')}`);
    const { said, status } = install('there', 'one', 'two');
    const isRoot = process.getuid?.() === 0;
    expect(status).toBe(isRoot ? 0 : 1);
    expect(said).toMatch(isRoot ? /^Installing Debian packages: one two …\n$/ : /sudo apt-get install one two/);
    if (isRoot) expect(readFileSync(join(folder, 'calls'), 'utf8')).toMatch(/^update -qq\ninstall .* one two\n$/);
  });
});
