import { Module } from '@nestjs/common';
import { ClusterModule } from '../cluster/cluster.module';
import { RealtimeModule } from '../realtime/realtime.module';
import { HealthController } from './health.controller';
import { HealthRepository } from './health.repository';

/** Liveness and readiness. */
@Module({ imports: [ClusterModule, RealtimeModule], controllers: [HealthController], providers: [HealthRepository] })
export class HealthModule {}
