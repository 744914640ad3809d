import { Module } from '@nestjs/common';
import { ClusterModule } from '../cluster/cluster.module';
import { RealtimeModule } from '../realtime/realtime.module';
import { RoomsModule } from '../rooms/rooms.module';
import { UsersModule } from '../users/users.module';
import { PresenceService } from './presence.service';
import { TypingService } from './typing.service';

/** Who is there, and who is typing: what is told and not kept. */
@Module({
  imports: [ClusterModule, RealtimeModule, RoomsModule, UsersModule],
  providers: [PresenceService, TypingService],
  exports: [PresenceService, TypingService],
})
export class PresenceModule {}
