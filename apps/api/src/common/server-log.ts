import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'nestjs-pino';

/** Who in Nest tells, at every start, of each module, route and command: worth a line only to somebody who debugs. */
const TALKATIVE: ReadonlySet<unknown> = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'WebSocketsController',
  'NestApplication',
]);

/** The server's log, with Nest's own start-up lines turned down to `debug`. */
export function serverLog(log: Logger): LoggerService {
  const quiet = Object.create(log) as Logger;
  quiet.log = (message: unknown, ...rest: unknown[]) =>
    TALKATIVE.has(rest.at(-1)) ? log.debug(message, ...rest) : log.log(message, ...rest);
  return quiet;
}
