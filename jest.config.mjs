import presets from 'jest-preset-angular/presets/index.js';

/** For machines that are busy with other things: what hangs in a test is told, sooner, by the deadlines of its verbs. */
const TEST_TIMEOUT_MS = 120_000;

/** One config, one project a kind of room. `npm test` runs them all; `npm run jest -- --selectProjects api` one of them. */
const node = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.m?[tj]s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [
    '/node_modules/(?!(@nestjs|file-type|nestjs-pino|strtok3|token-types|uint8array-extras|@borewit|@tokenizer)/)',
  ],
  moduleNameMapper: {
    '^@parley/contract$': '<rootDir>/libs/contract/src',
    '^@parley/sdk$': '<rootDir>/libs/sdk/src',
    '^@parley/sdk/node$': '<rootDir>/libs/sdk/src/node',
    '^@parley/embedded-mongo$': '<rootDir>/libs/embedded-mongo/src',
  },
};

const project = (displayName, roots, more = {}) => ({
  ...node,
  displayName,
  roots: roots.map((root) => `<rootDir>/${root}`),
  testMatch: ['**/*.spec.ts'],
  ...more,
});

const secondTry = { setupFilesAfterEnv: ['<rootDir>/test/support/second-try.ts'] };

/** The web client: Angular's own compiler, a page to render in. */
const web = {
  ...presets.createCjsPreset({ tsconfig: '<rootDir>/apps/web/tsconfig.json' }),
  displayName: 'web',
  roots: ['<rootDir>/apps/web/src'],
  testMatch: ['**/*.spec.ts'],
  moduleNameMapper: node.moduleNameMapper,
  transformIgnorePatterns: ['/node_modules/(?!(marked/|.*\\.mjs$))'],
  setupFilesAfterEnv: ['<rootDir>/apps/web/src/testing/setup-jest.ts'],
};

export default {
  maxWorkers: '100%',
  testTimeout: TEST_TIMEOUT_MS,
  testSequencer: '<rootDir>/scripts/longest-first.mjs',
  reporters: ['default', '<rootDir>/scripts/closing-line.mjs'],
  projects: [
    project('libs', ['libs']),
    project('api', ['apps/api/src']),
    project('e2e', ['test'], {
      testPathIgnorePatterns: ['<rootDir>/test/browser/'],
      setupFiles: ['<rootDir>/test/support/oldest-mongod.cjs'],
      ...secondTry,
    }),
    project('browser', ['test/browser'], secondTry),
    web,
  ],
};
