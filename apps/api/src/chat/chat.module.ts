import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { LogModule } from '../log/log.module';
import { PresenceModule } from '../presence/presence.module';
import { RealtimeModule } from '../realtime/realtime.module';
import { RoomsModule } from '../rooms/rooms.module';
import { UsersModule } from '../users/users.module';
import { ChatController } from './chat.controller';
import { ChatGateway } from './chat.gateway';
import { ChatService } from './chat.service';
import { DirectPost } from './direct-post';
import { EntranceService } from './entrance.service';

/** Talking: the gateway, and the messages. */
@Module({
  imports: [AuthModule, LogModule, PresenceModule, RealtimeModule, RoomsModule, UsersModule],
  controllers: [ChatController],
  providers: [ChatGateway, ChatService, DirectPost, EntranceService],
})
export class ChatModule {}
