import 'reflect-metadata';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module';
import { serverLog } from './common/server-log';
import { ParleyConfig } from './config/parley-config';
import { configureApp } from './configure-app';
import { openDatabase, type Database } from './database/open-database';
import { keepObjectsYoung } from './keep-objects-young';
import { startFailure } from './start-failure';

/** Whoever waits longer for a clean end than this is cut off. */
const STOP_WITHIN_MS = 10_000;

async function main(): Promise<void> {
  keepObjectsYoung();
  const config = ParleyConfig.read();
  const database = await openDatabase(config);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(config, database.uri), {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
    forceCloseConnections: true,
  });
  app.useLogger(serverLog(app.get(Logger)));
  configureApp(app);
  stopOnSignal(app, database);
  await app.init();
  await listen(app.getHttpServer(), config);
  announce(app, config);
}

/** Unlike Nest's own `listen`, which also writes a failure to the log, leaves it to be said once. */
async function listen(server: Server, { port, host }: ParleyConfig): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

function announce(app: NestExpressApplication, config: ParleyConfig): void {
  const { port, address } = app.getHttpServer().address() as AddressInfo;
  const host = address === '0.0.0.0' || address === '::' ? 'localhost' : address;
  if (!config.rateLimits)
    app.get(Logger).warn('RATE_LIMITS=off: passwords can be guessed without end. For load tests only.');
  process.stdout.write(`Parley is ready at http://${host}:${port}\n`);
}

function stopOnSignal(app: NestExpressApplication, database: Database): void {
  const stop = async (): Promise<void> => {
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    await app.close().finally(() => database.close());
    process.exit(0);
  };
  let stopping: Promise<void> | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void (stopping ??= stop().catch(end)));
}

function end(error: unknown): never {
  process.stderr.write(`${startFailure(error)}\n`);
  process.exit(1);
}

main().catch(end);
