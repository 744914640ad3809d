import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ParleyConfig } from './parley-config';

/** Provides the one `ParleyConfig`, read from the environment, or given to `of` by who has read it already. */
@Global()
@Module({
  providers: [{ provide: ParleyConfig, useFactory: () => ParleyConfig.from(process.env) }],
  exports: [ParleyConfig],
})
export class ConfigModule {
  /** The module with a configuration made elsewhere: by `main`, which needs it before there is an app, or by a test. */
  static of(config: ParleyConfig): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: ParleyConfig, useValue: config }], exports: [ParleyConfig] };
  }
}
