import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { Controller, Get } from '@nestjs/common';
import { ACCESS, Public } from '../common/access';

type Class = new (...args: never[]) => object;
const SOURCES = join(__dirname, '..');

/** Every controller class that any file of the api exports. */
function controllers(): Class[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.controller.ts'),
  );
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the set of controllers is found, not known
  const exported = files.flatMap((file) => Object.values(require(join(SOURCES, file)) as object));
  return exported.filter(
    (each): each is Class => typeof each === 'function' && Reflect.hasMetadata(PATH_METADATA, each),
  );
}

/** The routes of a controller that declare no access, neither themselves nor by their controller. */
function undeclared(controller: Class): string[] {
  return routesOf(controller)
    .filter((route) => !Reflect.hasMetadata(ACCESS, route) && !Reflect.hasMetadata(ACCESS, controller))
    .map((route) => `${controller.name}.${route.name}`);
}

function routesOf(controller: Class): ((...args: never[]) => unknown)[] {
  const methods = Object.getOwnPropertyNames(controller.prototype).map(
    (name) => Reflect.get(controller.prototype as object, name) as unknown,
  );
  return methods.filter(
    (each): each is () => unknown => typeof each === 'function' && Reflect.hasMetadata(METHOD_METADATA, each),
  );
}

describe('access', () => {
  it('is declared by every route', () => {
    const all = controllers();
    expect(all.flatMap(routesOf).length).toBeGreaterThan(10);
    expect(all.flatMap(undeclared)).toEqual([]);
  });

  it('is public for exactly these', () => {
    const open = controllers().flatMap((controller) =>
      routesOf(controller)
        .filter((route) => (Reflect.getMetadata(ACCESS, route) ?? Reflect.getMetadata(ACCESS, controller)) === 'public')
        .map((route) => route.name),
    );
    expect(open.sort()).toEqual(['healthz', 'metrics', 'readyz', 'server', 'signIn', 'signUp']);
  });

  it('is missed where it is missing', () => {
    @Controller('x')
    class Careless {
      @Get('a')
      open(): void {}

      @Public()
      @Get('b')
      declared(): void {}
    }
    expect(undeclared(Careless)).toEqual(['Careless.open']);
  });
});
