import { type DynamicModule, Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AuthModule } from './auth/auth.module';
import { ChatModule } from './chat/chat.module';
import { CommonModule } from './common/common.module';
import { loggingModule } from './common/logging';
import { ConfigModule } from './config/config.module';
import type { ParleyConfig } from './config/parley-config';
import { mendDriver } from './database/mended-driver';
import { HealthModule } from './health/health.module';
import { MetricsModule } from './metrics/metrics.module';
import { RoomsModule } from './rooms/rooms.module';
import { UsersModule } from './users/users.module';

/** Name of the database within a server that is named without one. */
const DATABASE = 'parley';

/** The whole server. */
@Module({})
export class AppModule {
  /** @param databaseUri a MongoDB replica set, or the embedded one. */
  static of(config: ParleyConfig, databaseUri: string): DynamicModule {
    mendDriver();
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(config),
        loggingModule(),
        CommonModule,
        MongooseModule.forRoot(databaseUri, {
          ...(!namesDatabase(databaseUri) && { dbName: DATABASE }),
          serverSelectionTimeoutMS: 10_000,
          retryAttempts: 0,
        }),
        UsersModule,
        AuthModule,
        RoomsModule,
        ChatModule,
        HealthModule,
        MetricsModule,
      ],
    };
  }
}

function namesDatabase(uri: string): boolean {
  return /^mongodb(\+srv)?:\/\/[^/]+\/[^?]+/.test(uri);
}
