import { isUtf8 } from 'node:buffer';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import { json, type NextFunction, type Request, type Response } from 'express';
import { DirectPost } from './chat/direct-post';
import { DomainError } from './common/domain-error';
import { DomainErrorFilter, refuse } from './common/domain-error.filter';
import { ERROR_TABLE } from './common/error-table';
import { RateLimits } from './common/rate-limits';
import { DtoPipe } from './common/validation';
import { ParleyConfig } from './config/parley-config';
import { buildOpenApi } from './openapi';
import type { CommandLimit, DirectHandler } from './realtime/dispatcher';
import { SocketAdapter } from './realtime/socket-adapter';
import { builtClient, pages } from './web/pages';
import { securityHeaders } from './web/security-headers';

/** What stands outside of `/api`. */
const UNPREFIXED = ['healthz', 'readyz', 'metrics'];
const BODY_LIMIT = '100kb';

/**
 * Everything that makes the app Parley's: prefix, limits, headers, errors, validation, documentation, the gateway, the
 * web client. `main` and the tests' harness call it on an app created with `{ bodyParser: false }`, before `init` or
 * `listen`.
 */
export function configureApp(app: NestExpressApplication, client = builtClient()): void {
  const config = app.get(ParleyConfig);
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', config.trustProxy);
  app.setGlobalPrefix('api', { exclude: UNPREFIXED });
  app.use(securityHeaders, pages(client, UNPREFIXED));
  app.use('/api', uncached, onlyJson, parseJson);
  app.useGlobalPipes(new DtoPipe());
  app.useGlobalFilters(new DomainErrorFilter());
  app.useWebSocketAdapter(
    new SocketAdapter(app, config, { limit: commandLimit(app, config), direct: directHandlers(app) }),
  );
  setUpDocs(app);
}

/** Answers of the API are somebody's own: no cache keeps them. */
function uncached(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'no-store');
  next();
}

/** A body that is not declared as JSON is refused, not ignored: forms of other sites cannot post anything either. */
function onlyJson(request: Request, response: Response, next: NextFunction): void {
  const hasBody = 'transfer-encoding' in request.headers || Number(request.headers['content-length'] ?? 0) > 0;
  if (!hasBody || request.is('application/json')) next();
  else refuse(response, new DomainError('BAD_JSON', ERROR_TABLE.BAD_JSON.sentence));
}

const jsonParser = json({ limit: BODY_LIMIT, inflate: false, verify: onlyUtf8 });

/** Bytes that are no UTF-8 would become question marks in somebody's name; body-parser makes a refusal of the throw. */
function onlyUtf8(_request: unknown, _response: unknown, bytes: Buffer, charset: string): void {
  if (charset !== 'utf-8' || !isUtf8(bytes)) throw new Error('not UTF-8');
}

/** The parser's own errors are answered here: Nest would make one of another kind of them, which says less. */
function parseJson(request: Request, response: Response, next: NextFunction): void {
  jsonParser(request, response, (failure?: unknown) => {
    if (failure === undefined) next();
    else refuse(response, failure);
  });
}

/** Swagger UI at `/api/docs`, its document at `/api/openapi.json`. */
function setUpDocs(app: NestExpressApplication): void {
  SwaggerModule.setup('api/docs', app, () => buildOpenApi(app), {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Parley API',
  });
}

/** Each command counts: against its person once there is one, before that against the address. */
function commandLimit(app: NestExpressApplication, config: ParleyConfig): CommandLimit | undefined {
  if (!config.rateLimits) return undefined;
  const limits = app.get(RateLimits);
  return ({ identity, address }) => limits.take('commandsByCaller', identity?.user.id ?? address);
}

function directHandlers(app: NestExpressApplication): ReadonlyMap<string, DirectHandler> {
  let post: DirectPost;
  const handler: DirectHandler = (connection, data) => (post ??= app.get(DirectPost)).handle(connection, data);
  return new Map([['postMessage', handler]]);
}
