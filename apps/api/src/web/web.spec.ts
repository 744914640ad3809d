import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { Controller, Get, type LoggerService, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Public } from '../common/access';
import { CommonModule } from '../common/common.module';
import { ConfigModule } from '../config/config.module';
import { ParleyConfig } from '../config/parley-config';
import { configureApp } from '../configure-app';
import { RealtimeModule } from '../realtime/realtime.module';
import { BuiltClient } from './built-client';

@Public()
@Controller()
class HealthController {
  @Get('healthz')
  healthz(): object {
    return { status: 'ok' };
  }
}

@Module({
  imports: [ConfigModule.of(ParleyConfig.from({ TRUST_PROXY: '1' })), CommonModule, RealtimeModule],
  controllers: [HealthController],
})
class SampleModule {}

const PAGE = '<!doctype html><title>Parley</title>';
const SCRIPT = 'console.log("parley");'.repeat(100);
const BUILT: Readonly<Record<string, string | Buffer>> = {
  'index.html': PAGE,
  'main-ABCD2345.js': SCRIPT,
  'main-ABCD2345.js.br': brotliCompressSync(SCRIPT),
  'main-ABCD2345.js.gz': gzipSync(SCRIPT),
  'chunk-Ab_d-345.js': '',
  'styles-ABCD2345.css': 'body{}',
  'media/logo-ABCD2345.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'ngsw.json': '{}',
  'ngsw-worker.js': '',
  'manifest.webmanifest': '{}',
  'favicon.ico': Buffer.from([0]),
  'icons/icon-maskable.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
};

const CHAT_NEEDS = '</styles-ABCD2345.css>; rel=preload; as=style, </chunk-Ab_d-345.js>; rel=modulepreload';

function build(folder: string): void {
  for (const [name, content] of Object.entries(BUILT)) {
    const path = join(folder, 'browser', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  writeFileSync(join(folder, 'preloads.json'), JSON.stringify([{ pattern: '^/chat(/|$)', link: CHAT_NEEDS }]));
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Asks byte for byte: `fetch` would put paths right and unpack bodies. */
function ask(origin: string, line: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const [method, path] = line.split(' ');
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    asked.on('error', reject).end();
  });
}

async function start(client: BuiltClient | undefined, logger: LoggerService | false = false) {
  const app = await NestFactory.create<NestExpressApplication>(SampleModule, { bodyParser: false, logger });
  configureApp(app, client);
  await app.listen(0, '127.0.0.1');
  return { app, origin: (await app.getUrl()).replace(/\/$/, '') };
}

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const NOT_FOUND = '{"code":"NOT_FOUND","message":"There is nothing here."}';
const IMMUTABLE = 'public, max-age=31536000, immutable';

describe('the built client', () => {
  let folder: string;
  let app: NestExpressApplication;
  let origin: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parley-client-'));
    build(folder);
    ({ app, origin } = await start(BuiltClient.read(folder)));
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const get = (path: string, headers?: Readonly<Record<string, string>>) => ask(origin, `GET ${path}`, headers);

  it.each([
    ['/', 'text/html; charset=utf-8', 'no-cache'],
    ['/index.html', 'text/html; charset=utf-8', 'no-cache'],
    ['/main-ABCD2345.js', 'text/javascript; charset=utf-8', IMMUTABLE],
    ['/styles-ABCD2345.css', 'text/css; charset=utf-8', IMMUTABLE],
    ['/ngsw.json', 'application/json; charset=utf-8', 'no-cache'],
    ['/ngsw-worker.js', 'text/javascript; charset=utf-8', 'no-cache'],
    ['/manifest.webmanifest', 'application/manifest+json; charset=utf-8', 'no-cache'],
    ['/favicon.ico', 'image/vnd.microsoft.icon', 'no-cache'],
    ['/icons/icon-maskable.svg', 'image/svg+xml', 'no-cache'],
    ['/media/logo-ABCD2345.svg', 'image/svg+xml', IMMUTABLE],
    ['/chunk-Ab_d-345.js', 'text/javascript; charset=utf-8', IMMUTABLE],
  ])('S16 serves %s as %s, %s', async (path, type, cacheControl) => {
    const { status, headers, body } = await get(path);
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, type, cacheControl]);
    expect(headers.etag).toMatch(/^"[\w-]{22}"$/);
    expect(body).toEqual(Buffer.from(BUILT[path === '/' ? 'index.html' : path.slice(1)]!));
  });

  it.each([
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['gzip, deflate', 'gzip', gunzipSync],
    ['br;q=0, gzip', 'gzip', gunzipSync],
    ['*', 'br', brotliDecompressSync],
    ['deflate', undefined, Buffer.from],
    ['', undefined, Buffer.from],
  ])('gives a client that takes "%s" %s', async (accepted, encoding, unpack) => {
    const { headers, body } = await get('/main-ABCD2345.js', { 'accept-encoding': accepted });
    expect([headers['content-encoding'], headers.vary]).toEqual([encoding, 'Accept-Encoding']);
    expect(headers['content-length']).toBe(String(body.length));
    expect(unpack(body).toString()).toBe(SCRIPT);
  });

  it('tells by its ETag what has not changed, in each encoding apart', async () => {
    const plain = await get('/main-ABCD2345.js');
    const packed = await get('/main-ABCD2345.js', { 'accept-encoding': 'br' });
    expect(plain.headers.etag).not.toBe(packed.headers.etag);

    const again = await get('/main-ABCD2345.js', { 'accept-encoding': 'br', 'if-none-match': packed.headers.etag! });
    expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, packed.headers.etag]);
    const other = await get('/main-ABCD2345.js', { 'if-none-match': packed.headers.etag! });
    expect(other.status).toBe(200);
  });

  it('answers HEAD as GET, without the body', async () => {
    const [whole, head] = [await get('/'), await ask(origin, 'HEAD /')];
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect({ ...head.headers, date: '' }).toEqual({ ...whole.headers, date: '' });
  });

  it.each(['/chat', '/chat/65f0aa0000000000000000c1', '/sign-in?from=%2Fchat', '/xin-ch%C3%A0o', '/chat/', '/apis'])(
    'shows whoever looks at %s in a browser its one page',
    async (path) => {
      const { status, headers, body } = await get(path, BROWSER);
      expect([status, headers['cache-control'], body.toString()]).toEqual([200, 'no-cache', PAGE]);
    },
  );

  it.each([
    ['no page is asked for', 'GET /chat', {}],
    ['a script is missing', 'GET /chunk-OLDONE22.js', { accept: '*/*' }],
    ['something is sent', 'POST /chat', BROWSER],
    ['something is sent to /', 'POST /', BROWSER],
    ['it is the gateway', 'GET /ws', BROWSER],
    ['it is below the gateway', 'GET /ws/x', BROWSER],
    ['it is the API', 'GET /api', BROWSER],
    ['it is in the API', 'GET /api/nothing', BROWSER],
    ['it is below a check', 'GET /healthz/x', BROWSER],
    ['metrics are not there', 'GET /metrics', BROWSER],
    ['it leads upwards', 'GET /../package.json', BROWSER],
    ['it leads upwards, escaped', 'GET /%2e%2e/package.json', BROWSER],
    ['slashes are escaped', 'GET /..%2f..%2fpackage.json', BROWSER],
    ['backslashes are escaped', 'GET /..%5cpackage.json', BROWSER],
    ['it has a NUL', 'GET /chat/%00', BROWSER],
    ['an escape is broken', 'GET /chat/%E0%A4%A', BROWSER],
    ['it is hidden', 'GET /.env', BROWSER],
    ['it is long', `GET /${'a'.repeat(1_001)}`, BROWSER],
    ['it names a packed file', 'GET /main-ABCD2345.js.br', {}],
    ['it names a folder', 'GET /icons', {}],
    ['it names nothing of ours', 'GET /__proto__', {}],
  ])('is NOT_FOUND where %s: %s', async (_why, line, headers) => {
    const { status, body } = await ask(origin, line, headers);
    expect([status, body.toString()]).toEqual([404, NOT_FOUND]);
  });

  it('says with a page what it will need, and with nothing else', async () => {
    for (const path of ['/chat', '/chat/6b08412a99860ad626eea3ff']) {
      expect((await get(path, BROWSER)).headers.link).toBe(CHAT_NEEDS);
    }
    for (const path of ['/', '/chats', '/index.html', '/chunk-Ab_d-345.js']) {
      expect((await get(path, BROWSER)).headers).not.toHaveProperty('link');
    }
  });

  it('lets no cache keep that something is missing: the next build may have it', async () => {
    expect((await get('/chunk-OLDONE22.js')).headers['cache-control']).toBe('no-store');
  });

  it('leaves the checks and the documentation what they are', async () => {
    expect((await get('/healthz', BROWSER)).body.toString()).toBe('{"status":"ok"}');
    expect((await get('/api/docs', BROWSER)).body.toString()).toContain('<title>Parley API</title>');
  });

  it('refuses an address without end, and goes on', async () => {
    expect((await get(`/${'a'.repeat(20_000)}`)).status).toBe(431);
    expect((await get('/')).status).toBe(200);
  });

  it('goes on with what it has when the folder is built anew', async () => {
    rmSync(folder, { recursive: true });
    expect((await get('/main-ABCD2345.js')).body.toString()).toBe(SCRIPT);
  });
});

describe('the headers', () => {
  let folder: string;
  let app: NestExpressApplication;
  let origin: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parley-client-'));
    build(folder);
    ({ app, origin } = await start(BuiltClient.read(folder)));
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  const policyOf = async (path: string): Promise<Record<string, string>> => {
    const { headers } = await ask(origin, `GET ${path}`);
    const directives = String(headers['content-security-policy']).split(';');
    return Object.fromEntries(directives.map((each) => /^(\S+) ?(.*)$/.exec(each)!.slice(1)));
  };

  it.each(['/', '/main-ABCD2345.js', '/nothing', '/healthz', '/api/nothing'])(
    'of %s let nothing run that is not a file of the client',
    async (path) => {
      expect(await policyOf(path)).toEqual({
        'default-src': "'self'",
        'script-src': "'self'",
        'style-src': "'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
        'img-src': "'self' data: blob:",
        'media-src': "'self' blob:",
        'connect-src': "'self'",
        'worker-src': "'self'",
        'manifest-src': "'self'",
        'object-src': "'none'",
        'frame-src': "'none'",
        'frame-ancestors': "'none'",
        'base-uri': "'self'",
        'form-action': "'none'",
        'require-trusted-types-for': "'script'",
        'trusted-types': 'angular angular#bundler angular#components parley dompurify',
      });
    },
  );

  it.each(['/api/docs', '/api/docs/', '/api/docs/swagger-ui-bundle.js'])('of %s let Swagger style it', async (path) => {
    const policy = await policyOf(path);
    expect(policy).toMatchObject({ 'style-src': "'self' 'unsafe-inline'", 'script-src': "'self'" });
    expect(Object.keys(policy)).not.toContain('trusted-types');
  });

  it.each(['/', '/nothing', '/api/docs', '/healthz'])('of %s tell others nothing, and grant nothing', async (path) => {
    const { headers } = await ask(origin, `GET ${path}`);
    expect(headers).toMatchObject({
      'permissions-policy':
        'camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
      'x-permitted-cross-domain-policies': 'none',
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('keep the window to itself where the proxy has TLS; without, browsers would complain', async () => {
    const behindTls = await ask(origin, 'GET /', { 'x-forwarded-proto': 'https' });
    expect(behindTls.headers['cross-origin-opener-policy']).toBe('same-origin');
    expect((await ask(origin, 'GET /')).headers).not.toHaveProperty('cross-origin-opener-policy');
  });
});

describe('without a built client', () => {
  it('/ leads to the documentation, and the log says so once', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'parley-client-'));
    expect(BuiltClient.read(empty)).toBeUndefined();
    rmSync(empty, { recursive: true });

    const lines: unknown[] = [];
    const take = (line: unknown, context: unknown) => void (context === 'Web' && lines.push(line));
    const logger = { log: take, warn: take, error: take };
    const { app, origin } = await start(undefined, logger);
    const { status, headers } = await ask(origin, 'GET /', BROWSER);
    expect([status, headers.location]).toEqual([302, '/api/docs']);
    expect((await ask(origin, 'GET /chat', BROWSER)).body.toString()).toBe(NOT_FOUND);
    expect(lines).toEqual(['No web client is built: / leads to /api/docs.']);
    await app.close();
  });
});
