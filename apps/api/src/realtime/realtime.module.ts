import { Module } from '@nestjs/common';
import { Connections } from './connections';
import { Hub } from './hub';
import { SessionGate } from './session-gate';

/** Sockets and who listens to which room. It knows ids, and no rule of rooms or chat. */
@Module({
  providers: [Connections, Hub, { provide: SessionGate, useExisting: Connections }],
  exports: [Connections, Hub, SessionGate],
})
export class RealtimeModule {}
