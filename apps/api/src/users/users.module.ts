import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ClusterModule } from '../cluster/cluster.module';
import { ContactsRegistry } from './contacts-registry';
import { ServerController } from './server.controller';
import { UserPresenter } from './user-presenter';
import { UsersController } from './users.controller';
import { UsersRepository } from './users.repository';
import { UserDocument, UserSchema } from './users.schema';
import { UsersService } from './users.service';

/** People and what others may see of them. */
@Module({
  imports: [ClusterModule, MongooseModule.forFeature([{ name: UserDocument.name, schema: UserSchema }])],
  controllers: [UsersController, ServerController],
  providers: [UsersRepository, UsersService, UserPresenter, ContactsRegistry],
  exports: [UsersService, UserPresenter, ContactsRegistry],
})
export class UsersModule {}
