import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiExtraModels,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Id, Member, MyRoom, Page, ReadMark, Room } from '@parley/contract';
import { CurrentUser } from '../auth/caller.decorators';
import { SignedIn } from '../common/access';
import { ApiErrors } from '../common/api-errors';
import { CallerId } from '../common/caller-id';
import { IdParamDto, PageQueryDto } from '../common/page';
import type { UserRecord } from '../users/user-record';
import { CreateGroupDto, CreateRoomDto, OpenPrivateRoomDto } from './dto/room-body.dto';
import { MembersBodyDto, ReadBodyDto } from './dto/room-command.dto';
import { MembersPageDto, MyRoomDto, MyRoomsPageDto, ReadMarkDto, RoomDto, RoomsPageDto } from './dto/room.dto';
import { SearchRoomsDto } from './dto/search-rooms.dto';
import { MembershipsService } from './memberships.service';
import { ReadMarks } from './read-marks.service';
import { RoomListsService } from './room-lists.service';
import { RoomsService } from './rooms.service';

/** Rooms, as REST shows them. The gateway's commands go to the same services. */
@ApiTags('rooms')
@SignedIn()
@Controller()
export class RoomsController {
  constructor(
    private readonly rooms: RoomsService,
    private readonly memberships: MembershipsService,
    private readonly lists: RoomListsService,
    private readonly marks: ReadMarks,
  ) {}

  @Post('rooms')
  @ApiOperation({
    summary: 'Make a room',
    description: 'You own it. Unless it is private, everybody can find and join it.',
  })
  @ApiCreatedResponse({ type: MyRoomDto })
  @ApiErrors('BAD_JSON', 'VALIDATION_FAILED', 'ROOM_NAME_TAKEN', 'USER_NOT_FOUND', 'ROOM_FULL', 'TOO_MANY_ROOMS')
  async create(@CallerId() caller: Id, @Body() body: CreateRoomDto): Promise<MyRoom> {
    return this.lists.mine(await this.rooms.create(caller, body), caller);
  }

  @Post('rooms/group')
  @ApiOperation({ summary: 'Make a private group', description: 'All are members at once and are told.' })
  @ApiCreatedResponse({ type: MyRoomDto })
  @ApiErrors('BAD_JSON', 'VALIDATION_FAILED', 'USER_NOT_FOUND', 'TOO_MANY_ROOMS')
  async createGroup(@CallerId() caller: Id, @Body() body: CreateGroupDto): Promise<MyRoom> {
    return this.lists.mine(await this.rooms.createGroup(caller, body), caller);
  }

  @Post('rooms/private')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Open the private chat with somebody',
    description: 'Made where there is none; the same one ever after.',
  })
  @ApiOkResponse({ type: MyRoomDto })
  @ApiErrors('BAD_JSON', 'VALIDATION_FAILED', 'USER_NOT_FOUND', 'TOO_MANY_ROOMS')
  openPrivate(@CallerId() caller: Id, @Body() body: OpenPrivateRoomDto): Promise<MyRoom> {
    return this.lists.opened(() => this.rooms.openPrivate(caller, body), caller);
  }

  @Get('rooms')
  @ApiOperation({
    summary: 'Your rooms',
    description: 'In the order in which they were made, with the newest entry and what is unread.',
  })
  @ApiOkResponse({ type: MyRoomsPageDto })
  @ApiErrors('VALIDATION_FAILED')
  mine(@CallerId() caller: Id, @Query() page: PageQueryDto): Promise<Page<MyRoom>> {
    return this.lists.ofUser(caller, page);
  }

  @Get('search_rooms')
  @ApiOperation({
    summary: 'Rooms by name, as you type; without a name all that you may see',
    description: 'Open rooms, and your own, in the order in which they were made.',
  })
  @ApiOkResponse({ type: RoomsPageDto })
  @ApiErrors('VALIDATION_FAILED', 'RATE_LIMITED')
  search(@CallerId() caller: Id, @Query() { q, kind, ...page }: SearchRoomsDto): Promise<Page<Room>> {
    return this.lists.search({ q, kind }, caller, page);
  }

  @Get('rooms/:id')
  @ApiOperation({ summary: 'A room', description: 'Open rooms are seen by everybody, without their members.' })
  @ApiExtraModels(RoomDto, MyRoomDto)
  @ApiOkResponse({ schema: { oneOf: [{ $ref: getSchemaPath(MyRoomDto) }, { $ref: getSchemaPath(RoomDto) }] } })
  @ApiErrors('VALIDATION_FAILED', 'ROOM_NOT_FOUND')
  one(@CallerId() caller: Id, @Param() { id }: IdParamDto): Promise<Room> {
    return this.lists.one(id, caller);
  }

  @Delete('rooms/:id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete a room and all that is in it',
    description: 'For its owner and for administrators.',
  })
  @ApiNoContentResponse()
  @ApiErrors('VALIDATION_FAILED', 'ROOM_NOT_FOUND', 'NOT_A_MEMBER', 'FORBIDDEN')
  delete(@CurrentUser() caller: UserRecord, @Param() { id }: IdParamDto): Promise<void> {
    return this.rooms.delete(caller, id);
  }

  @Post('rooms/:id/join')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Join a room',
    description: 'The others are told. Where you are in it already, nothing happens.',
  })
  @ApiOkResponse({ type: MyRoomDto })
  @ApiErrors('VALIDATION_FAILED', 'ROOM_NOT_FOUND', 'ROOM_FULL', 'TOO_MANY_ROOMS')
  async join(@CurrentUser() caller: UserRecord, @Param() { id }: IdParamDto): Promise<MyRoom> {
    return this.lists.mine(await this.memberships.join(caller, { room: id }), caller.id);
  }

  @Post('rooms/:id/leave')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Leave a room',
    description: 'The others are told. When its last owner leaves, whoever is there longest owns it.',
  })
  @ApiNoContentResponse()
  @ApiErrors('VALIDATION_FAILED', 'ROOM_NOT_FOUND', 'NOT_A_MEMBER')
  leave(@CurrentUser() caller: UserRecord, @Param() { id }: IdParamDto): Promise<void> {
    return this.memberships.leave(caller, id);
  }

  @Get('rooms/:id/members')
  @ApiOperation({ summary: 'Who is in a room', description: 'In the order in which they joined.' })
  @ApiOkResponse({ type: MembersPageDto })
  @ApiErrors('VALIDATION_FAILED', 'ROOM_NOT_FOUND', 'NOT_A_MEMBER')
  members(@CallerId() caller: Id, @Param() { id }: IdParamDto, @Query() page: PageQueryDto): Promise<Page<Member>> {
    return this.lists.members(id, caller, page);
  }

  @Post('rooms/:id/members')
  @HttpCode(200)
  @ApiOperation({ summary: 'Add people to a room that you are in' })
  @ApiOkResponse({ type: MyRoomDto })
  @ApiErrors(
    'BAD_JSON',
    'VALIDATION_FAILED',
    'ROOM_NOT_FOUND',
    'NOT_A_MEMBER',
    'FORBIDDEN',
    'USER_NOT_FOUND',
    'ROOM_FULL',
    'TOO_MANY_ROOMS',
  )
  async addMembers(@CallerId() caller: Id, @Param() { id }: IdParamDto, @Body() body: MembersBodyDto): Promise<MyRoom> {
    return this.lists.mine(await this.memberships.add(caller, id, body.users), caller);
  }

  @Post('rooms/:id/read')
  @HttpCode(200)
  @ApiOperation({ summary: 'Say how far you have read', description: 'The mark never moves back.' })
  @ApiOkResponse({ type: ReadMarkDto })
  @ApiErrors('BAD_JSON', 'VALIDATION_FAILED', 'ROOM_NOT_FOUND', 'NOT_A_MEMBER')
  markRead(@CallerId() caller: Id, @Param() { id }: IdParamDto, @Body() { seq }: ReadBodyDto): Promise<ReadMark> {
    return this.marks.mark(caller, id, seq);
  }
}
