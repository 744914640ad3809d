import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ParleyConfig } from './parley-config';

/** Provides the one `ParleyConfig` to every module. */
@Global()
@Module({})
export class ConfigModule {
  /** @param config read by `main`, which needs it before there is an app, or made by a test. */
  static of(config: ParleyConfig): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: ParleyConfig, useValue: config }], exports: [ParleyConfig] };
  }
}
