import { UseFilters, UseGuards } from '@nestjs/common';
import { ConnectedSocket, MessageBody, type OnGatewayDisconnect, WebSocketGateway } from '@nestjs/websockets';
import type {
  MyRoom,
  Posted,
  React,
  ReadMark,
  RoomRef,
  Synced,
  Timestamp,
  WatchedPresence,
  Welcome,
} from '@parley/contract';
import { Clock } from '../common/clock';
import { DtoPipe } from '../common/validation';
import { WatchPresenceDto } from '../presence/dto/presence.dto';
import { PresenceService } from '../presence/presence.service';
import { TypingService } from '../presence/typing.service';
import type { Person } from '../realtime/connection';
import { Connection } from '../realtime/connection';
import { LaterReply } from '../realtime/later-reply';
import { CreateGroupDto, CreateRoomDto, OpenPrivateRoomDto } from '../rooms/dto/room-body.dto';
import { AddMembersDto, JoinRoomDto, MarkReadDto, RoomRefDto } from '../rooms/dto/room-command.dto';
import { MembershipsService } from '../rooms/memberships.service';
import { ReadMarks } from '../rooms/read-marks.service';
import { RoomListsService } from '../rooms/room-lists.service';
import { RoomsService } from '../rooms/rooms.service';
import { ChatService } from './chat.service';
import { Command, type GatewayHandlers } from './command.decorator';
import { AuthenticateDto, PingDto, PostMessageDto, ReactDto, SyncDto } from './dto/gateway.dto';
import { EntranceService } from './entrance.service';
import { RethrowFilter } from './rethrow.filter';
import { SignedInConnectionGuard, WithoutSignIn } from './signed-in-connection.guard';

/** The gateway's commands: each goes to the service that REST uses too. A command without its handler does not compile. */
@WebSocketGateway()
@UseGuards(SignedInConnectionGuard)
@UseFilters(RethrowFilter)
export class ChatGateway implements GatewayHandlers, OnGatewayDisconnect<Connection> {
  constructor(
    private readonly entrance: EntranceService,
    private readonly chat: ChatService,
    private readonly rooms: RoomsService,
    private readonly memberships: MembershipsService,
    private readonly lists: RoomListsService,
    private readonly marks: ReadMarks,
    private readonly presence: PresenceService,
    private readonly typists: TypingService,
    private readonly clock: Clock,
  ) {}

  handleDisconnect(connection: Connection): void {
    this.entrance.goodbye(connection);
    this.presence.forget(connection);
  }

  @Command()
  @WithoutSignIn()
  authenticate(
    @ConnectedSocket() connection: Connection,
    @MessageBody(DtoPipe) data: AuthenticateDto,
  ): Promise<Welcome> {
    return this.entrance.welcome(connection, data);
  }

  @Command()
  async createRoom(
    @ConnectedSocket() connection: Connection,
    @MessageBody(DtoPipe) data: CreateRoomDto,
  ): Promise<MyRoom> {
    const { id } = person(connection);
    return this.lists.mine(await this.rooms.create(id, data), id);
  }

  @Command()
  async createGroup(
    @ConnectedSocket() connection: Connection,
    @MessageBody(DtoPipe) data: CreateGroupDto,
  ): Promise<MyRoom> {
    const { id } = person(connection);
    return this.lists.mine(await this.rooms.createGroup(id, data), id);
  }

  @Command()
  openPrivateRoom(
    @ConnectedSocket() connection: Connection,
    @MessageBody(DtoPipe) data: OpenPrivateRoomDto,
  ): Promise<MyRoom> {
    const { id } = person(connection);
    return this.lists.opened(() => this.rooms.openPrivate(id, data), id);
  }

  @Command()
  async joinRoom(@ConnectedSocket() connection: Connection, @MessageBody(DtoPipe) data: JoinRoomDto): Promise<MyRoom> {
    const joining = person(connection);
    return this.lists.mine(await this.memberships.join(joining, data), joining.id);
  }

  @Command()
  async addMembers(
    @ConnectedSocket() connection: Connection,
    @MessageBody(DtoPipe) data: AddMembersDto,
  ): Promise<MyRoom> {
    const { id } = person(connection);
    return this.lists.mine(await this.memberships.add(id, data.room, data.users), id);
  }

  @Command()
  async leaveRoom(
    @ConnectedSocket() connection: Connection,
    @MessageBody(DtoPipe) { room }: RoomRefDto,
  ): Promise<RoomRef> {
    await this.memberships.leave(person(connection), room);
    return { room };
  }

  @Command()
  async deleteRoom(
    @ConnectedSocket() connection: Connection,
    @MessageBody(DtoPipe) { room }: RoomRefDto,
  ): Promise<RoomRef> {
    await this.rooms.delete(person(connection), room);
    return { room };
  }

  @Command()
  postMessage(
    @ConnectedSocket() connection: Connection,
    @MessageBody(DtoPipe) data: PostMessageDto,
  ): LaterReply<Posted> {
    return new LaterReply(this.chat.post(person(connection), data));
  }

  @Command()
  react(@ConnectedSocket() connection: Connection, @MessageBody(DtoPipe) data: ReactDto): Promise<React> {
    return this.chat.react(person(connection), data);
  }

  @Command()
  markRead(
    @ConnectedSocket() connection: Connection,
    @MessageBody(DtoPipe) { room, seq }: MarkReadDto,
  ): Promise<ReadMark> {
    return this.marks.mark(person(connection).id, room, seq);
  }

  @Command()
  sync(@ConnectedSocket() connection: Connection, @MessageBody(DtoPipe) { seen }: SyncDto): Promise<Synced> {
    return this.entrance.missed(person(connection).id, seen);
  }

  @Command()
  watchPresence(
    @ConnectedSocket() connection: Connection,
    @MessageBody(DtoPipe) { users }: WatchPresenceDto,
  ): Promise<WatchedPresence> {
    return this.presence.watch(connection, users);
  }

  @Command()
  typing(@ConnectedSocket() connection: Connection, @MessageBody(DtoPipe) { room }: RoomRefDto): Promise<RoomRef> {
    return this.typists.say(person(connection), room);
  }

  @Command()
  @WithoutSignIn()
  ping(@ConnectedSocket() _connection: Connection, @MessageBody(DtoPipe) _data: PingDto): { at: Timestamp } {
    return { at: this.clock.now().toISOString() };
  }
}

/** The guard has seen to it that there is one. */
function person(connection: Connection): Person {
  return connection.identity!.user;
}
