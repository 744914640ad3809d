import { Module } from '@nestjs/common';
import { ClusterModule } from '../cluster/cluster.module';
import { RealtimeModule } from '../realtime/realtime.module';
import { RoomsModule } from '../rooms/rooms.module';
import { MetricsController } from './metrics.controller';

/** What the server tells of itself to whoever watches it. */
@Module({ imports: [ClusterModule, RealtimeModule, RoomsModule], controllers: [MetricsController] })
export class MetricsModule {}
