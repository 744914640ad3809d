import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ClusterModule } from '../cluster/cluster.module';
import { RealtimeModule } from '../realtime/realtime.module';
import { EntryRepository } from './entry.repository';
import { EntryDocument, EntrySchema } from './entry.schema';
import { LogReader } from './log-reader';
import { LogTails } from './log-tails';
import { ReactionRepository } from './reaction.repository';
import { ReactionDocument, ReactionSchema } from './reaction.schema';
import { Reactions } from './reactions';
import { RoomLog } from './room-log';
import { SharedLog } from './shared-log';

/** The rooms' logs: appended to by rooms and chat, read by both. It knows no rule about who may do so. */
@Module({
  imports: [
    ClusterModule,
    RealtimeModule,
    MongooseModule.forFeature([
      { name: EntryDocument.name, schema: EntrySchema },
      { name: ReactionDocument.name, schema: ReactionSchema },
    ]),
  ],
  providers: [EntryRepository, ReactionRepository, RoomLog, LogReader, LogTails, Reactions, SharedLog],
  exports: [RoomLog, LogReader, Reactions, SharedLog],
})
export class LogModule {}
