import { PlantedHouse } from '../support/planted-house';

/** What stands in the house without breaking a rule, for others to import. */
const SOUND = {
  'libs/contract/src/index.ts': `export const limit = 1;`,
  'libs/contract/src/inner.ts': `export const inner = 1;`,
  'libs/sdk/src/index.ts': `export { limit } from '@parley/contract';\nexport { of } from 'rxjs';`,
  'libs/sdk/src/node/index.ts': `import 'node:fs';\nexport { WebSocket } from 'ws';\nexport { limit } from '../index';`,
  'libs/embedded-mongo/src/index.ts': `import 'node:net';\nexport { ObjectId } from 'bson';`,
  'apps/api/src/common/common.ts': `export const common = 1;`,
  'apps/api/src/config/config.ts': `export const config = 1;`,
  'apps/api/src/database/database.ts': `export { connect } from 'mongoose';`,
  'apps/api/src/cluster/cluster.ts': `import '../common/common';`,
  'apps/api/src/realtime/realtime.ts': `import '../common/common';\nimport '../cluster/cluster';`,
  'apps/api/src/log/log.ts': `import '../realtime/realtime';`,
  'apps/api/src/users/users.ts': `import '../common/common';`,
  'apps/api/src/users/users.schema.ts': `export { Schema } from 'mongoose';`,
  'apps/api/src/users/users.repository.ts': `import './users.schema';\nimport '@nestjs/mongoose';`,
  'apps/api/src/auth/auth.ts': `import '../users/users';`,
  'apps/api/src/rooms/rooms.ts': `import '../users/users';\nimport '../auth/auth';\nimport '../log/log';`,
  'apps/api/src/presence/presence.ts': `import '../rooms/rooms';\nimport '../cluster/cluster';`,
  'apps/api/src/chat/chat.ts': `import '../presence/presence';\nimport '../rooms/rooms';\nimport '../log/log';\nimport '@parley/contract';`,
  'apps/api/src/health/health.ts': `import '../realtime/realtime';`,
  'apps/api/src/web/web.ts': `import '../common/common';`,
  'apps/api/src/main.ts': `import './chat/chat';\nimport '@parley/embedded-mongo';`,
  'apps/api/src/chat/chat.spec.ts': `import '../users/users.schema';\nimport '../../../../test/support/people';`,
  'apps/web/src/app/app.ts': `import '@parley/sdk';\nimport './chat-page/chat-page';`,
  'apps/web/src/app/shared/icon.ts': `export { Component } from '@angular/core';`,
  'apps/web/src/app/session/session.ts': `import '../shared/icon';`,
  'apps/web/src/app/people/search.ts': `import '../session/session';`,
  'apps/web/src/app/rooms/list.ts': `import '../people/search';`,
  'apps/web/src/app/conversation/list.ts': `import '../session/session';`,
  'apps/web/src/app/chat-page/chat-page.ts': `import '../rooms/list';\nimport '../conversation/list';`,
  'test/support/people.ts': `import '@parley/sdk/node';\nimport '../../apps/api/src/main';`,
};

/** Who, with which import, breaks which rule. */
const BROKEN: readonly (readonly [rule: string, file: string, imported: string])[] = [
  ['contract-imports-nothing', 'libs/contract/src/a.ts', 'rxjs'],
  ['contract-imports-nothing', 'libs/contract/src/b.ts', 'node:fs'],
  ['sdk-imports-little', 'libs/sdk/src/a.ts', 'node:fs'],
  ['sdk-imports-little', 'libs/sdk/src/b.ts', 'ws'],
  ['sdk-imports-little', 'libs/sdk/src/c.ts', '@nestjs/common'],
  ['sdk-node-adapter', 'libs/sdk/src/node/a.ts', 'express'],
  ['sdk-node-adapter-is-a-leaf', 'libs/sdk/src/d.ts', './node/index'],
  ['embedded-mongo-stands-alone', 'libs/embedded-mongo/src/a.ts', '@parley/contract'],
  ['embedded-mongo-stands-alone', 'libs/embedded-mongo/src/b.ts', 'ws'],
  ['lib-door', 'apps/api/src/chat/a.ts', '../../../../libs/contract/src/inner'],
  ['lib-door', 'libs/sdk/src/e.ts', '../../contract/src/inner'],
  ['lib-door', 'test/support/a.ts', '../../libs/contract/src/inner'],
  ['libs-never-import-apps', 'libs/sdk/src/f.ts', '../../../apps/api/src/common/common'],
  ['web-and-server-apart', 'apps/web/src/app/a.ts', '../../../api/src/common/common'],
  ['web-and-server-apart', 'apps/web/src/app/b.ts', 'mongoose'],
  ['server-never-imports-web', 'apps/api/src/common/a.ts', '../../../web/src/app/app'],
  ['web-shared', 'apps/web/src/app/shared/a.ts', '../session/session'],
  ['web-session', 'apps/web/src/app/session/a.ts', '../rooms/list'],
  ['web-people', 'apps/web/src/app/people/a.ts', '../rooms/list'],
  ['web-rooms', 'apps/web/src/app/rooms/a.ts', '../conversation/list'],
  ['web-conversation', 'apps/web/src/app/conversation/a.ts', '../rooms/list'],
  ['web-chat-page', 'apps/web/src/app/chat-page/a.ts', '../app'],
  ['web-folder-is-known', 'apps/web/src/app/sundry/a.ts', '../shared/icon'],
  ['api-config', 'apps/api/src/config/a.ts', '../common/common'],
  ['api-common', 'apps/api/src/common/b.ts', '../users/users'],
  ['api-common', 'apps/api/src/common/e.ts', '../main'],
  ['api-database', 'apps/api/src/database/a.ts', '../users/users'],
  ['api-users', 'apps/api/src/users/a.ts', '../auth/auth'],
  ['api-auth', 'apps/api/src/auth/a.ts', '../rooms/rooms'],
  ['api-cluster', 'apps/api/src/cluster/a.ts', '../realtime/realtime'],
  ['api-realtime', 'apps/api/src/realtime/a.ts', '../rooms/rooms'],
  ['api-log', 'apps/api/src/log/a.ts', '../users/users'],
  ['api-rooms', 'apps/api/src/rooms/a.ts', '../chat/chat'],
  ['api-presence', 'apps/api/src/presence/a.ts', '../chat/chat'],
  ['api-chat', 'apps/api/src/chat/b.ts', '../health/health'],
  ['api-health', 'apps/api/src/health/a.ts', '../users/users'],
  ['api-metrics', 'apps/api/src/metrics/a.ts', '../users/users'],
  ['api-web', 'apps/api/src/web/a.ts', '../users/users'],
  ['api-feature-is-known', 'apps/api/src/sundry/a.ts', '../common/common'],
  ['storage-stays-home', 'apps/api/src/chat/c.ts', '../users/users.schema'],
  ['storage-stays-home', 'apps/api/src/chat/d.ts', '../users/users.repository'],
  ['mongoose-in-storage', 'apps/api/src/users/users.service.ts', 'mongoose'],
  ['nest-mongoose-in-modules', 'apps/api/src/users/users.controller.ts', '@nestjs/mongoose'],
  ['production-never-imports-tests', 'apps/api/src/chat/e.ts', '../../../../test/support/people'],
  ['production-never-imports-tests', 'apps/api/src/chat/f.ts', './chat.spec'],
  ['production-dependencies', 'apps/api/src/common/c.ts', 'fast-check'],
  ['resolvable', 'apps/api/src/common/d.ts', './nowhere'],
];

const CYCLE = {
  'apps/api/src/users/cycle-a.ts': `import './cycle-b';`,
  'apps/api/src/users/cycle-b.ts': `import './cycle-a';`,
};

interface Violation {
  rule: { name: string };
  from: string;
}

/** What dependency-cruiser says of a house, as `rule file`. */
function violations(files: Readonly<Record<string, string>>): string[] {
  const house = new PlantedHouse(files);
  try {
    const config = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
    const rooms = ['apps', 'libs', 'test'];
    const printed = house.run('dependency-cruiser/bin/dependency-cruiser.mjs', ...rooms, ...config);
    const { summary } = JSON.parse(printed) as { summary: { violations: Violation[] } };
    return summary.violations.map(({ rule, from }) => `${rule.name} ${from}`);
  } finally {
    house.remove();
  }
}

describe('the import rules', () => {
  let found: string[];

  beforeAll(() => {
    const planted = Object.fromEntries(BROKEN.map(([, file, imported]) => [file, `import '${imported}';`]));
    found = violations({ ...SOUND, ...planted, ...CYCLE });
  });

  it('let a sound house pass', () => {
    expect(violations(SOUND)).toEqual([]);
  });

  it.each(BROKEN)('%s: %s may not import %s', (rule, file) => {
    expect(found).toContain(`${rule} ${file}`);
  });

  it('no-cycles: two files may not import each other', () => {
    expect(found).toContainEqual(expect.stringMatching(/^no-cycles apps\/api\/src\/users\/cycle-/));
  });

  it('say nothing of the sound files among them', () => {
    const sound = Object.keys(SOUND);
    expect(found.filter((violation) => sound.includes(violation.split(' ')[1] ?? ''))).toEqual([]);
  });

  it('are all tried here', () => {
    const { forbidden } = jest.requireActual<{ forbidden: { name: string }[] }>('../../.dependency-cruiser.cjs');
    const tried = new Set([...BROKEN.map(([rule]) => rule), 'no-cycles']);
    expect(forbidden.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });
});
