import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule, type Params } from 'nestjs-pino';
import type { Level } from 'pino';
import { ParleyConfig } from '../config/parley-config';
import { type LogTarget, PrettyLog } from './pretty-log';
import { redact } from './redact';

/** Asked every few seconds by whatever watches the server: not worth a line. */
const QUIET: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);
const LONGEST_PATH = 200;

/**
 * The log of the whole server: pino behind Nest's `Logger`. One line a request with its id, method, path, status and
 * time; never a body, a query string, a header, a token, or a phone number.
 * @param out where the lines go; a test reads them there.
 */
export function loggingModule(out: LogTarget = process.stdout): DynamicModule {
  return LoggerModule.forRootAsync({
    inject: [ParleyConfig],
    useFactory: (config: ParleyConfig) => loggingParams(config, out),
  });
}

function loggingParams({ logLevel, logFormat }: ParleyConfig, out: LogTarget): Params {
  const options = {
    level: logLevel,
    base: undefined,
    genReqId: nameRequest,
    serializers: { req: requestOf, res: responseOf, err: failureOf },
    autoLogging: { ignore: (request: IncomingMessage) => QUIET.has(pathOf(request)) },
    customLogLevel: levelOf,
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request failed',
  };
  return { pinoHttp: [options, logFormat === 'pretty' ? new PrettyLog(out) : out] };
}

/** A new id for each request, told to the caller as well. What a caller sends as an id is not believed. */
function nameRequest(_request: IncomingMessage, response: ServerResponse): string {
  const id = randomUUID();
  response.setHeader('X-Request-Id', id);
  return id;
}

function levelOf(request: IncomingMessage, response: ServerResponse, error?: Error): Level {
  if (response.statusCode >= 500 || (error && !request.complete)) return 'warn';
  return 'info';
}

/** What pino-http passes to its serializers: the request already reduced, with the original in `raw`. */
interface Reduced<T> {
  id?: unknown;
  raw: T;
}

function requestOf({ id, raw }: Reduced<IncomingMessage>): object {
  return { id, method: raw.method, path: redact(pathOf(raw)).slice(0, LONGEST_PATH) };
}

function responseOf({ raw }: Reduced<ServerResponse>): object {
  return { status: raw.statusCode };
}

function failureOf(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  return { type: error.name, message: redact(error.message), stack: redact(error.stack ?? '') };
}

function pathOf(request: IncomingMessage): string {
  const whole: unknown = Reflect.get(request, 'originalUrl');
  return (typeof whole === 'string' ? whole : (request.url ?? '')).split('?', 1)[0]!;
}
