import { EmbeddedMongo } from '@parley/embedded-mongo';
import { createConnection, Types, type Connection as Database } from 'mongoose';
import { DeletedRoomDocument, DeletedRoomSchema } from './deleted-room.schema';
import { MembershipDocument, MembershipSchema } from './membership.schema';
import type { Membership, RoomRecord } from './room';
import { RoomDocument, RoomSchema } from './room.schema';
import { RoomRepository } from './room.repository';

const [AN, BINH, CHI, DUNG] = ['aa', 'bb', 'cc', 'dd'].map((end) => end.padStart(24, '0')) as [
  string,
  string,
  string,
  string,
];
const SECOND = 1_700_000_000;

describe('RoomRepository', () => {
  let mongo: EmbeddedMongo;
  let database: Database;
  let repository: RoomRepository;

  beforeAll(async () => {
    mongo = await EmbeddedMongo.start({});
    database = await createConnection(mongo.uri, { dbName: 'rooms' }).asPromise();
    repository = new RoomRepository(
      database.model(RoomDocument.name, RoomSchema) as never,
      database.model(MembershipDocument.name, MembershipSchema) as never,
      database.model(DeletedRoomDocument.name, DeletedRoomSchema) as never,
    );
    await repository.ready();
  });
  afterAll(async () => {
    await database.close();
    await mongo.stop();
  });

  const member = (user: string, afterMs = 0): Membership => ({
    user,
    role: 'member',
    joinedAt: new Date(SECOND * 1_000 + afterMs),
    read: 0,
  });
  const roomOf = (...users: string[]): RoomRecord => ({
    id: repository.newId(),
    name: crypto.randomUUID(),
    kind: 'room',
    createdAt: new Date(SECOND * 1_000),
    metadata: { description: '', settings: { is_private: false, max_participants: 10 } },
    changedSeq: 0,
    members: new Map(users.map((user) => [user, member(user)])),
  });

  /** As another process does it: its ids of this second begin with what only it knows. */
  async function joinsElsewhere(room: string, { user, joinedAt, role, read }: Membership, process: string) {
    const _id = new Types.ObjectId(`${SECOND.toString(16)}${process.repeat(5)}000000`);
    const ids = { _id, room: new Types.ObjectId(room), user: new Types.ObjectId(user) };
    await database.collection('memberships').insertOne({ ...ids, role, joined_at: joinedAt, read });
  }

  it('lists members in the order of joining, whichever processes gave them their ids in that second', async () => {
    const room = roomOf(AN, BINH);
    await repository.insert(room);
    await joinsElsewhere(room.id, member(CHI, 500), 'ff');
    await joinsElsewhere(room.id, member(DUNG, 700), '00');
    const everywhere = [
      await repository.find(room.id),
      await repository.findByName(room.name),
      [...(await repository.all())].find(({ id }) => id === room.id),
    ];
    for (const found of everywhere) expect([...found!.members.keys()]).toEqual([AN, BINH, CHI, DUNG]);
  });

  it('goes by the log where the clocks of two servers do not agree', async () => {
    const room = roomOf(AN);
    await repository.insert(room);
    const joins = [
      { ...member(CHI, 900), joinedSeq: 1 },
      { ...member(BINH, 100), joinedSeq: 2 },
      { ...member(DUNG, -500), joinedSeq: 3 },
    ];
    for (const each of joins)
      await database.transaction((session) =>
        repository.addMember({ room: room.id, seq: each.joinedSeq }, each, 10, session as never),
      );
    expect([...(await repository.find(room.id))!.members.keys()]).toEqual([AN, CHI, BINH, DUNG]);
  });

  it('keeps those who were there from the beginning in the order in which they were named', async () => {
    const room = roomOf(DUNG, AN, CHI, BINH);
    await repository.insert(room);
    expect([...(await repository.find(room.id))!.members.keys()]).toEqual([DUNG, AN, CHI, BINH]);
  });
});
