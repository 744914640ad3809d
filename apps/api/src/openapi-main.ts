import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module';
import { ParleyConfig } from './config/parley-config';
import { configureApp } from './configure-app';
import { buildOpenApi } from './openapi';

/** Prints the OpenAPI document. The app is only looked at: nothing in it is made, and no database is asked for. */
async function main(): Promise<void> {
  const config = ParleyConfig.from({});
  const module = AppModule.of(config, 'mongodb://nowhere');
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bodyParser: false,
    logger: false,
    preview: true,
  });
  configureApp(app);
  process.stdout.write(JSON.stringify(buildOpenApi(app)));
}

void main();
