import { Controller, Get, Logger as NestLogger, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import { ConfigModule } from '../config/config.module';
import { ParleyConfig } from '../config/parley-config';
import { DomainErrorFilter } from './domain-error.filter';
import { loggingModule } from './logging';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
const lines: string[] = [];

@Controller()
class SampleController {
  @Get('people/:id')
  one(@Param('id') id: string): string {
    return id;
  }

  @Get('healthz')
  healthz(): string {
    return 'ok';
  }

  @Post('fail')
  fail(): never {
    throw new Error('dup key: { phone: "+84912345567" }');
  }
}

@Module({
  imports: [ConfigModule.of(ParleyConfig.from({})), loggingModule({ write: (line) => lines.push(line) })],
  controllers: [SampleController],
})
class SampleModule {}

let app: NestExpressApplication;
let origin: string;

beforeAll(async () => {
  app = await NestFactory.create<NestExpressApplication>(SampleModule, { bufferLogs: true });
  app.useLogger(app.get(Logger));
  app.useGlobalFilters(new DomainErrorFilter());
  await app.listen(0, '127.0.0.1');
  origin = (await app.getUrl()).replace(/\/$/, '');
});
afterAll(async () => {
  await app.close();
  NestLogger.overrideLogger(false);
});

interface Line {
  level: number;
  context?: string;
  errorId?: string;
  stack?: string;
  msg: string;
  req: { id: string; method: string; path: string };
  res: { status: number };
}

/** What a request writes; the line of the request itself comes with the end of its answer. */
async function linesOf(path: string, init: RequestInit = {}): Promise<[Response, Line[], string]> {
  lines.splice(0);
  const headers = { authorization: `Bearer ${TOKEN}`, cookie: 'a=secret', 'content-type': 'application/json' };
  const response = await fetch(origin + path, { headers, ...init });
  await response.text();
  return [response, lines.map((line) => JSON.parse(line) as Line), lines.join('')];
}

describe('the log', () => {
  it('has one line a request: id, method, path, status, time', async () => {
    const [response, [line, ...more]] = await linesOf('/people/7');
    expect(more).toEqual([]);
    expect(line).toEqual({
      level: 30,
      time: expect.any(Number) as number,
      req: { id: response.headers.get('x-request-id'), method: 'GET', path: '/people/7' },
      res: { status: 200 },
      responseTime: expect.any(Number) as number,
      msg: 'request',
    });
  });

  it('says nothing of query strings, headers, bodies, tokens and phone numbers', async () => {
    const body = JSON.stringify({ password: 'hunter2', phone: '0912345567' });
    const [, , text] = await linesOf(`/people/+84912345567?q=0987654321&token=${TOKEN}`);
    const [, , failed] = await linesOf('/fail', { method: 'POST', body });
    expect(text).toContain('/people/[number]');
    for (const secret of [TOKEN, 'secret', 'hunter2', '0912345567', '84912345567', '0987654321']) {
      expect(text + failed).not.toContain(secret);
    }
  });

  it('keeps the stack of what was not foreseen under the id that the caller was told', async () => {
    lines.splice(0);
    const response = await fetch(`${origin}/fail`, { method: 'POST' });
    const { errorId } = (await response.json()) as { errorId: string };
    const [failure, request] = lines.map((line) => JSON.parse(line) as Line);
    expect(failure).toMatchObject({ level: 50, context: 'Failure', errorId, msg: 'Unexpected failure' });
    expect(failure!.stack).toContain('logging.spec');
    expect(request).toMatchObject({ level: 40, res: { status: 500 } });
  });

  it('is not filled by whatever watches the server', async () => {
    expect((await linesOf('/healthz'))[1]).toEqual([]);
  });
});
