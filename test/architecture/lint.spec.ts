import { PlantedHouse } from '../support/planted-house';

const DTO = `export class Dto { text = ''; }\nexport interface Shape { text: string }`;
const NEST = `import { Body, Injectable, Post } from '@nestjs/common';`;

const SOUND = {
  'apps/api/src/chat/dto.ts': DTO,
  'apps/api/src/chat/sound.ts': `${NEST}
import { Dto, type Shape } from './dto';
@Injectable()
export class Sound {
  constructor(private readonly dto: Dto) {}
  @Post() take(@Body() dto: Dto, @Body('shape') shape: Shape): unknown {
    return [dto, shape, this.dto];
  }
}`,
  'apps/api/src/main.ts': `console.log('listening');`,
  'apps/api/src/config/config.ts': `export const port = process.env.PORT;`,
};

const BROKEN: readonly (readonly [rule: string, file: string, text: string])[] = [
  [
    'parley/no-erased-metadata',
    'apps/api/src/chat/erased-body.ts',
    `${NEST}\nimport type { Dto } from './dto';\nexport class A { @Post() take(@Body() dto: Dto): Dto { return dto; } }`,
  ],
  [
    'parley/no-erased-metadata',
    'apps/api/src/chat/erased-inline.ts',
    `${NEST}\nimport { type Dto } from './dto';\n@Injectable()\nexport class A { constructor(readonly dto: Dto) {} }`,
  ],
  [
    'parley/no-erased-metadata',
    'apps/api/src/chat/shapeless-body.ts',
    `${NEST}\nimport type { Shape } from './dto';\nexport class A { @Post() take(@Body() shape: Shape): Shape { return shape; } }`,
  ],
  ['no-restricted-properties', 'apps/api/src/chat/environment.ts', `export const secret = process.env.JWT_SECRET;`],
  ['no-restricted-properties', 'apps/api/src/chat/only.spec.ts', `it.only('runs alone', () => undefined);`],
  ['no-console', 'apps/api/src/chat/chatty.ts', `console.log('here');`],
  ['no-restricted-exports', 'apps/api/src/chat/default.ts', `export default class A {}`],
  [
    '@typescript-eslint/no-floating-promises',
    'apps/api/src/chat/floating.ts',
    `export function go(): void { Promise.reject(new Error()); }`,
  ],
  ['@typescript-eslint/no-explicit-any', 'apps/api/src/chat/any.ts', `export const x: any = 1;`],
  [
    'no-restricted-syntax',
    'apps/api/src/chat/sleep.spec.ts',
    `it('sleeps', async () => { await new Promise((resolve) => setTimeout(resolve, 100)); });`,
  ],
  [
    'no-restricted-imports',
    'apps/api/src/chat/nap.spec.ts',
    `import { setTimeout } from 'node:timers/promises';\nit('sleeps', () => setTimeout(100));`,
  ],
];

interface Linted {
  filePath: string;
  messages: { ruleId: string | null; message: string }[];
}

/** What eslint says of planted files, as `rule file`. */
function complaints(): string[] {
  const house = new PlantedHouse({ ...SOUND, ...Object.fromEntries(BROKEN.map(([, file, text]) => [file, text])) });
  try {
    const linted = JSON.parse(house.run('eslint/bin/eslint.js', 'apps', '--format', 'json')) as Linted[];
    return linted.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, message }) => `${ruleId ?? message} ${house.inside(filePath)}`),
    );
  } finally {
    house.remove();
  }
}

describe('the lint rules', () => {
  let found: string[];

  beforeAll(() => {
    found = complaints();
  });

  it.each(BROKEN)('%s sees %s', (rule, file) => {
    expect(found).toContain(`${rule} ${file}`);
  });

  it.each(Object.keys(SOUND))('nothing is said of %s', (file) => {
    expect(found.filter((complaint) => complaint.endsWith(` ${file}`))).toEqual([]);
  });
});
