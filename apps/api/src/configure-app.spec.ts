import { Body, Controller, Get, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { WireError } from '@parley/contract';
import { Public } from './common/access';
import { ApiErrors } from './common/api-errors';
import { CommonModule } from './common/common.module';
import { DomainError } from './common/domain-error';
import { IdParamDto } from './common/page';
import { PersonName } from './common/text-decorators';
import { ConfigModule } from './config/config.module';
import { ParleyConfig } from './config/parley-config';
import { configureApp } from './configure-app';
import { RealtimeModule } from './realtime/realtime.module';

class NameDto {
  @PersonName()
  name!: string;
}

@Public()
@Controller()
class SampleController {
  @Post('names')
  @ApiErrors('VALIDATION_FAILED', 'BAD_JSON')
  take(@Body() { name }: NameDto): NameDto {
    return { name };
  }

  @Get('names/:id')
  one(@Param() { id }: IdParamDto): string {
    return id;
  }

  @Get('fail')
  fail(): never {
    throw new TypeError('a secret detail');
  }

  @Get('wait')
  wait(): never {
    throw new DomainError('RATE_LIMITED', 'Wait.', { retryAfter: 12 });
  }

  @Get('healthz')
  healthz(): { status: string } {
    return { status: 'ok' };
  }
}

@Module({
  imports: [ConfigModule.of(ParleyConfig.from({})), CommonModule, RealtimeModule],
  controllers: [SampleController],
})
class SampleModule {}

let app: NestExpressApplication;
let origin: string;

beforeAll(async () => {
  app = await NestFactory.create<NestExpressApplication>(SampleModule, { bodyParser: false, logger: false });
  configureApp(app);
  await app.listen(0, '127.0.0.1');
  origin = (await app.getUrl()).replace(/\/$/, '');
});
afterAll(() => app.close());

const post = (body: string, type = 'application/json', more: Record<string, string> = {}): Promise<Response> =>
  fetch(`${origin}/api/names`, { method: 'POST', body, headers: { 'content-type': type, ...more } });

async function errorOf(response: Response): Promise<[number, WireError]> {
  return [response.status, (await response.json()) as WireError];
}

describe('bodies', () => {
  it('are JSON that is validated and tidied', async () => {
    const response = await post('{"name":" An "}');
    expect([response.status, await response.json()]).toEqual([201, { name: 'An' }]);
  });

  it.each([
    ['broken JSON', '{"name":', 'application/json'],
    ['a bare value', '"An"', 'application/json'],
    ['another encoding', '{"name":"An"}', 'application/json; charset=latin1'],
    ['a form', 'name=An', 'application/x-www-form-urlencoded'],
    ['plain text', '{"name":"An"}', 'text/plain'],
  ])('that are %s are BAD_JSON', async (_what, body, type) => {
    const [status, error] = await errorOf(await post(body, type));
    expect([status, error.code, Object.keys(error)]).toEqual([400, 'BAD_JSON', ['code', 'message']]);
  });

  it('that are compressed are BAD_JSON: nothing is unpacked', async () => {
    const [status, { code }] = await errorOf(await post('xx', 'application/json', { 'content-encoding': 'gzip' }));
    expect([status, code]).toEqual([400, 'BAD_JSON']);
  });

  it('past 100 kB are PAYLOAD_TOO_LARGE, and the server goes on', async () => {
    const [status, { code }] = await errorOf(await post(JSON.stringify({ name: 'x'.repeat(10_000_000) })));
    expect([status, code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(await (await fetch(`${origin}/healthz`)).json()).toEqual({ status: 'ok' });
  });

  it.each([
    ['{"name":{"$gt":""}}', { name: 'A text is asked for.' }],
    ['{"name":"\\ud800abc"}', { name: 'The text must be well-formed Unicode, without half of a pair.' }],
    ['{"name":"a\\u0000b"}', { name: 'The text must not contain control characters.' }],
    ['{"name":"a\\u202eb"}', { name: 'A name must not change the direction of writing.' }],
    [JSON.stringify({ name: 'x'.repeat(10_000) }), { name: 'From 1 to 64 characters are asked for.' }],
    ['{"name":"An","__proto__":{"admin":true}}', { '*': 'This field is not known.' }],
    ['{"name":"An","role":"administrator"}', { role: 'This field is not known.' }],
    ['{}', { name: 'A text is asked for.' }],
  ])('such as %s are VALIDATION_FAILED with the failing fields', async (body, fields) => {
    const [status, error] = await errorOf(await post(body));
    expect([status, error.code, error.fields]).toEqual([422, 'VALIDATION_FAILED', fields]);
  });

  it('that are missing or a list are VALIDATION_FAILED', async () => {
    for (const body of ['', '[]']) expect((await errorOf(await post(body)))[1].code).toBe('VALIDATION_FAILED');
  });
});

describe('failures', () => {
  it.each(['/api/nothing', '/nothing', '/api/names', '/names'])('%s is NOT_FOUND', async (path) => {
    const [status, error] = await errorOf(await fetch(origin + path));
    expect([status, error]).toEqual([404, { code: 'NOT_FOUND', message: 'There is nothing here.' }]);
  });

  it('an address with a broken escape is no failure of the server', async () => {
    expect(await errorOf(await fetch(`${origin}/api/names/%ZZ`))).toEqual([
      422,
      expect.objectContaining({ code: 'VALIDATION_FAILED' }),
    ]);
  });

  it('tells of an unexpected one nothing but an id', async () => {
    const [status, error] = await errorOf(await fetch(`${origin}/api/fail`));
    expect([status, Object.keys(error).sort()]).toEqual([500, ['code', 'errorId', 'message']]);
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it('says how long to wait in body and header', async () => {
    const response = await fetch(`${origin}/api/wait`);
    expect(response.headers.get('retry-after')).toBe('12');
    expect(await errorOf(response)).toEqual([429, { code: 'RATE_LIMITED', message: 'Wait.', retryAfter: 12 }]);
  });
});

describe('headers', () => {
  it('say no more of the server than they must, and keep pages and caches out', async () => {
    const response = await post('{"name":"An"}');
    await response.text();
    const { headers } = response;
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('documentation', () => {
  it('has a page whose scripts its own policy lets run', async () => {
    const page = await (await fetch(`${origin}/api/docs`)).text();
    expect(page).toContain('<title>Parley API</title>');
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>\s*\S/);
    const sources = [...page.matchAll(/<script[^>]*\bsrc="([^"]+)"/g)].map(
      ([, source]) => new URL(source!, `${origin}/api/docs`),
    );
    expect(sources.length).toBeGreaterThan(1);
    for (const source of sources) {
      const script = await fetch(source);
      expect([source.origin, script.status, (await script.text()).length > 100]).toEqual([origin, 200, true]);
    }
  });

  it('documents each failure with an example from the table', async () => {
    const document = (await (await fetch(`${origin}/api/openapi.json`)).json()) as {
      paths: Record<string, { post: { responses: Record<string, { content: object }> } }>;
      components: { schemas: object };
    };
    const { responses } = document.paths['/api/names']!.post;
    expect(Object.keys(responses)).toEqual(['400', '422']);
    expect(JSON.stringify(responses['422'])).toContain('VALIDATION_FAILED');
    expect(document.components.schemas).toHaveProperty('WireErrorDto');
    expect(document.components.schemas).toHaveProperty('NameDto.properties.name.maxLength', 64);
  });
});
