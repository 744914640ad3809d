import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import { json, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { DomainError } from './common/domain-error';
import { DomainErrorFilter } from './common/domain-error.filter';
import { ERROR_TABLE } from './common/error-table';
import { DtoPipe } from './common/validation';
import { ParleyConfig } from './config/parley-config';
import { buildOpenApi } from './openapi';

/** What stands outside of `/api`. */
const UNPREFIXED = ['healthz', 'readyz', 'metrics'];
const BODY_LIMIT = '100kb';

/**
 * Everything that makes the app Parley's on the HTTP side: prefix, limits, headers, errors, validation, documentation.
 * `main` and the tests' harness call it on an app created with `{ bodyParser: false }`, before `init` or `listen`.
 */
export function configureApp(app: NestExpressApplication): void {
  const config = app.get(ParleyConfig);
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', config.trustProxy);
  app.setGlobalPrefix('api', { exclude: UNPREFIXED });
  app.use(securityHeaders(), uncached, onlyJson, json({ limit: BODY_LIMIT, inflate: false }));
  app.useGlobalPipes(new DtoPipe());
  app.useGlobalFilters(new DomainErrorFilter());
  app.enableShutdownHooks();
  setUpDocs(app);
}

/**
 * A page of this server runs its own scripts and nobody else's. What would force TLS is left to the proxy that has it:
 * most servers of this kind are first tried over plain HTTP.
 */
function securityHeaders(): ReturnType<typeof helmet> {
  return helmet({
    contentSecurityPolicy: {
      directives: {
        'connect-src': ["'self'", 'ws:', 'wss:'],
        'img-src': ["'self'", 'data:', 'blob:'],
        'frame-ancestors': ["'none'"],
        'style-src': ["'self'", "'unsafe-inline'"],
        'font-src': ["'self'", 'data:'],
        'upgrade-insecure-requests': null,
      },
    },
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    strictTransportSecurity: false,
  });
}

/** Answers of the API are somebody's own: no cache keeps them. */
function uncached(request: Request, response: Response, next: NextFunction): void {
  if (request.path.startsWith('/api/')) response.setHeader('Cache-Control', 'no-store');
  next();
}

/** A body that is not declared as JSON is refused, not ignored: forms of other sites cannot post anything either. */
function onlyJson(request: Request, _response: Response, next: NextFunction): void {
  const hasBody = 'transfer-encoding' in request.headers || Number(request.headers['content-length'] ?? 0) > 0;
  if (!hasBody || request.is('application/json')) next();
  else next(new DomainError('BAD_JSON', ERROR_TABLE.BAD_JSON.sentence));
}

/** Swagger UI at `/api/docs`, its document at `/api/openapi.json`. */
function setUpDocs(app: NestExpressApplication): void {
  SwaggerModule.setup('api/docs', app, () => buildOpenApi(app), {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Parley API',
  });
}
