/** Who may import whom. ARCHITECTURE.md says why; test/architecture/imports.spec.ts sees each rule fire. */

/** For each feature of the server, the other features that it may import. `contract` and npm packages are open to all. */
const FEATURES = {
  config: [],
  common: ['config'],
  cluster: ['common', 'config'],
  database: ['common', 'config'],
  realtime: ['cluster', 'common', 'config'],
  log: ['realtime', 'cluster', 'database', 'common', 'config'],
  users: ['cluster', 'database', 'common', 'config'],
  auth: ['users', 'realtime', 'cluster', 'database', 'common', 'config'],
  rooms: ['users', 'auth', 'log', 'realtime', 'cluster', 'database', 'common', 'config'],
  presence: ['rooms', 'users', 'realtime', 'cluster', 'common', 'config'],
  chat: ['presence', 'rooms', 'log', 'auth', 'users', 'realtime', 'common', 'config'],
  health: ['realtime', 'cluster', 'database', 'common', 'config'],
  metrics: ['rooms', 'realtime', 'cluster', 'common', 'config'],
  web: ['common'],
};

/** For each folder of the web client, the other folders that it may import. `app/*.ts` puts them together. */
const WEB_FOLDERS = {
  shared: [],
  session: ['shared'],
  people: ['session', 'shared'],
  rooms: ['people', 'session', 'shared'],
  conversation: ['session', 'shared'],
  'chat-page': ['rooms', 'conversation', 'people', 'session', 'shared'],
};

const API = 'apps/api/src';
const WEB = 'apps/web/src/app';
const TESTS = String.raw`\.spec\.ts$|/testing/`;
const anyOf = (names) => `(${names.join('|')})`;

const between = Object.entries(FEATURES).map(([feature, others]) => ({
  name: `api-${feature}`,
  comment: `${API}/${feature} may import, of the server, only ${others.join(', ') || 'itself'}.`,
  severity: 'error',
  from: { path: `^${API}/${feature}/`, pathNot: TESTS },
  to: { path: `^${API}/`, pathNot: `^${API}/${anyOf([feature, ...others])}/` },
}));

const betweenWebFolders = Object.entries(WEB_FOLDERS).map(([folder, others]) => ({
  name: `web-${folder}`,
  comment: `${WEB}/${folder} may import, of the web client, only ${others.join(', ') || 'itself'}.`,
  severity: 'error',
  from: { path: `^${WEB}/${folder}/`, pathNot: TESTS },
  to: { path: '^apps/web/', pathNot: `^${WEB}/${anyOf([folder, ...others])}/` },
}));

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const SOURCE = String.raw`^(apps/[^/]+/src|libs)/`;
const LIB_DOOR = String.raw`^libs/([^/]+)/src/(index|node/index)\.ts$`;
const STORAGE = String.raw`\.(schema|repository)\.ts$`;
const npm = (names) => `(^|node_modules/)${anyOf(names)}(/|$)`;

module.exports = {
  forbidden: [
    ...between,
    ...betweenWebFolders,
    forbid(
      'api-feature-is-known',
      'A new folder of the server needs its row in FEATURES.',
      { path: `^${API}/`, pathNot: [`^${API}/[^/]+\\.ts$`, `^${API}/${anyOf(Object.keys(FEATURES))}/`] },
      {},
    ),
    forbid(
      'web-folder-is-known',
      'A new folder of the web client needs its row in WEB_FOLDERS.',
      { path: `^${WEB}/`, pathNot: [`^${WEB}/[^/]+\\.ts$`, `^${WEB}/${anyOf(Object.keys(WEB_FOLDERS))}/`] },
      {},
    ),
    forbid(
      'storage-stays-home',
      'Schemas and repositories serve their own feature only.',
      { path: `^${API}/([^/]+)`, pathNot: TESTS },
      { path: `^${API}/.+${STORAGE}`, pathNot: `^${API}/$1/` },
    ),
    forbid(
      'mongoose-in-storage',
      'Only schemas, repositories and apps/api/src/database know mongoose; others take its types from there.',
      { path: SOURCE, pathNot: [`^${API}/.+${STORAGE}`, `^${API}/database/`, TESTS] },
      { path: npm(['mongoose', 'mongodb']) },
    ),
    forbid(
      'nest-mongoose-in-modules',
      'Modules register models; schemas and repositories use them.',
      { path: SOURCE, pathNot: [String.raw`\.module\.ts$`, `^${API}/.+${STORAGE}`, `^${API}/database/`, TESTS] },
      { path: npm(['@nestjs/mongoose']) },
    ),
    forbid(
      'contract-imports-nothing',
      'Types and consts, for every room of the house.',
      { path: '^libs/contract/', pathNot: TESTS },
      { pathNot: '^libs/contract/' },
    ),
    forbid(
      'sdk-imports-little',
      'contract, rxjs, and nothing that ties it to a framework.',
      { path: '^libs/sdk/', pathNot: ['^libs/sdk/src/node/', TESTS] },
      { pathNot: ['^libs/(sdk|contract)/', npm(['rxjs'])] },
    ),
    forbid(
      'sdk-node-adapter',
      'The one place of the sdk that may use Node and ws.',
      { path: '^libs/sdk/src/node/', pathNot: TESTS },
      { pathNot: ['^libs/(sdk|contract)/', npm(['rxjs', 'ws', '@types/ws'])], dependencyTypesNot: ['core'] },
    ),
    forbid(
      'sdk-node-adapter-is-a-leaf',
      'Otherwise a browser would get it too.',
      { path: '^libs/sdk/src/', pathNot: ['^libs/sdk/src/node/', TESTS] },
      { path: '^libs/sdk/src/node/' },
    ),
    forbid(
      'embedded-mongo-stands-alone',
      "bson and Node's own modules; no word of chat.",
      { path: '^libs/embedded-mongo/', pathNot: TESTS },
      { pathNot: ['^libs/embedded-mongo/', npm(['bson'])], dependencyTypesNot: ['core'] },
    ),
    forbid(
      'web-and-server-apart',
      'They meet on the wire.',
      { path: '^apps/web/' },
      { path: ['^apps/api/', npm(['mongoose', '@nestjs'])] },
    ),
    forbid('server-never-imports-web', 'They meet on the wire.', { path: '^apps/api/' }, { path: '^apps/web/' }),
    forbid(
      'libs-never-import-apps',
      'Libraries stand below the apps.',
      { path: '^libs/', pathNot: TESTS },
      { path: '^apps/' },
    ),
    forbid(
      'lib-door',
      'A library is entered by its index.ts only.',
      { path: '^[^/]+/([^/]+)' },
      { path: '^libs/', pathNot: [LIB_DOOR, '^libs/$1/'] },
    ),
    forbid(
      'production-never-imports-tests',
      'What runs in production comes from the rooms of production code.',
      { path: SOURCE, pathNot: TESTS },
      { path: ['^(test|bench|scripts)/', TESTS] },
    ),
    forbid(
      'production-dependencies',
      'What the server needs at run time is in `dependencies`. The web client is bundled when it is built.',
      { path: SOURCE, pathNot: ['^apps/web/', TESTS] },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    ),
    forbid('resolvable', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
    forbid('no-cycles', 'A cycle has no bottom to start reading from.', {}, { circular: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
