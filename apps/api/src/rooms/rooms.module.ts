import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AuthModule } from '../auth/auth.module';
import { ClusterModule } from '../cluster/cluster.module';
import { LogModule } from '../log/log.module';
import { RealtimeModule } from '../realtime/realtime.module';
import { UsersModule } from '../users/users.module';
import { Arrivals } from './arrivals';
import { DeletedRoomDocument, DeletedRoomSchema } from './deleted-room.schema';
import { Erasure } from './erasure.service';
import { MembershipDocument, MembershipSchema } from './membership.schema';
import { MembershipsService } from './memberships.service';
import { ReadMarks } from './read-marks.service';
import { RoomAccess } from './room-access';
import { RoomChanges } from './room-changes';
import { RoomDirectory } from './room-directory';
import { RoomListsService } from './room-lists.service';
import { RoomView } from './room-view';
import { RoomDocument, RoomSchema } from './room.schema';
import { RoomRepository } from './room.repository';
import { RoomsController } from './rooms.controller';
import { RoomsLoader } from './rooms-loader';
import { RoomsService } from './rooms.service';

/** Rooms, who is in them, and who may do what there. */
@Module({
  imports: [
    MongooseModule.forFeature([
      { name: RoomDocument.name, schema: RoomSchema },
      { name: MembershipDocument.name, schema: MembershipSchema },
      { name: DeletedRoomDocument.name, schema: DeletedRoomSchema },
    ]),
    AuthModule,
    ClusterModule,
    LogModule,
    RealtimeModule,
    UsersModule,
  ],
  controllers: [RoomsController],
  providers: [
    Arrivals,
    Erasure,
    MembershipsService,
    ReadMarks,
    RoomAccess,
    RoomChanges,
    RoomDirectory,
    RoomListsService,
    RoomRepository,
    RoomView,
    RoomsLoader,
    RoomsService,
  ],
  exports: [MembershipsService, ReadMarks, RoomAccess, RoomDirectory, RoomListsService, RoomView, RoomsService],
})
export class RoomsModule {}
