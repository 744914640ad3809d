import { Module } from '@nestjs/common';
import { ClusterModule } from '../cluster/cluster.module';
import { Connections } from './connections';
import { ConnectionsElsewhere } from './connections-elsewhere';
import { Hub } from './hub';
import { SessionGate } from './session-gate';

/** Sockets and who listens to which room. It knows ids, and no rule of rooms or chat. */
@Module({
  imports: [ClusterModule],
  providers: [Connections, ConnectionsElsewhere, Hub, { provide: SessionGate, useExisting: Connections }],
  exports: [Connections, Hub, SessionGate],
})
export class RealtimeModule {}
