import { EmbeddedMongo } from '@parley/embedded-mongo';
import type { LogEntry, MessageEntry } from '@parley/contract';
import { mongo } from 'mongoose';
import { EntryRepository } from '../../apps/api/src/log/entry.repository';
import { Parley } from '../support/app-harness';
import type { ChatPeer } from '../support/chat-peer';
import { within } from '../support/deadline';
import type { Person } from '../support/people';
import { Line } from './line';
import { Stream } from './stream';

async function wholeLog(reader: Person, room: string): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (let more = true; more;) {
    const page = await reader.rest.log(room, { after: entries.length, limit: 100 });
    entries.push(...page.entries);
    more = page.more;
  }
  return entries;
}

/** Resolves when the peer has heard the room up to a seq. */
function hearsUpTo(peer: ChatPeer, room: string, seq: number): Promise<unknown> {
  return peer.hears('messagePosted', (entry) => entry.room === room && entry.seq === seq);
}

describe('S2 S15 laws 1 to 3: the line to the database', () => {
  let database: EmbeddedMongo;
  let line: Line;
  let parley: Parley;
  let people: Person[];
  let peers: ChatPeer[];
  let rooms: string[];
  const uri = process.env['MONGO_URI'];

  beforeEach(async () => {
    database = await EmbeddedMongo.start({ listen: { port: 0 } });
    const port = Number(/:(\d+)\//.exec(database.uri)?.[1]);
    line = await Line.to(port);
    process.env['MONGO_URI'] = database.uri.replace(String(port), String(line.nearPort));
    parley = await Parley.start();
    people = await parley.crowd(3);
    const users = people.slice(1).map(({ id }) => id);
    const made = ['one', 'two'].map((name) => people[0]!.rest.createRoom({ name, users }));
    rooms = (await Promise.all(made)).map(({ id }) => id);
    peers = await Promise.all(people.map((person) => person.opensPeer()));
  });

  afterEach(async () => {
    if (uri === undefined) delete process.env['MONGO_URI'];
    else process.env['MONGO_URI'] = uri;
    await parley.stop();
    line.close();
    await database.stop();
  });

  /** Every message is in the log once, and every member who stayed connected has heard the whole of it, in order. */
  async function expectWhole(streams: readonly Stream[]): Promise<void> {
    const sent = streams.flatMap((stream) => stream.acknowledged);
    for (const room of rooms) {
      const log = await wholeLog(people[0]!, room);
      expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
      const texts = [
        ...new Map(
          sent
            .filter(({ data }) => data.room === room)
            .map(({ data, reply }) => [data.clientId, [reply!.seq, data.text] as const]),
        ).values(),
      ];
      expect((log as MessageEntry[]).map(({ seq, text }) => [seq, text])).toEqual(texts.sort(([a], [b]) => a - b));
      await Promise.all(peers.map((peer) => hearsUpTo(peer, room, log.length)));
      for (const peer of peers) expect(peer.entriesOf(room).map(({ seq }) => seq)).toEqual(log.map(({ seq }) => seq));
    }
  }

  async function resend(streams: readonly Stream[]): Promise<Stream[]> {
    const again = streams.map((stream, index) => {
      const second = new Stream(peers[index]!, rooms);
      second.stops();
      second.resends(stream.unacknowledged);
      return second;
    });
    await Promise.all(again.map((stream) => stream.settles()));
    expect(again.flatMap((stream) => stream.sent.map(({ refused }) => refused)).filter(Boolean)).toEqual([]);
    return again;
  }

  it('blinks during a stream of posts: the log goes on, and each message is there once', async () => {
    const streams = peers.map((peer) => new Stream(peer, rooms));
    for (const stream of streams) stream.begins(10);
    await streams[0]!.answers(20);
    line.blink();
    await streams[0]!.answers(40);
    await Promise.all(streams.map((stream) => stream.settles()));
    const again = await resend(streams);
    await expectWhole([...streams, ...again]);
  });

  it('loses what the database answers: what got there is told, and is there once', async () => {
    const streams = peers.map((peer) => new Stream(peer, rooms));
    for (const stream of streams) stream.begins(10);
    await streams[0]!.answers(20);
    line.loseAnswers();
    await within('a round trip past the line', roundTrip(database));
    line.mend();
    await Promise.all(streams.map((stream) => stream.settles()));
    const again = await resend(streams);
    await expectWhole([...streams, ...again]);
  });

  it('is cut: everybody is told UNAVAILABLE and keeps their connection; mended, each message is posted once', async () => {
    const streams = peers.map((peer) => new Stream(peer, rooms));
    for (const stream of streams) stream.begins(10);
    await streams[0]!.answers(20);
    line.cut();
    for (const stream of streams) stream.stops();
    await Promise.all(streams.map((stream) => stream.settles()));
    const refusals = streams.flatMap(({ sent }) =>
      sent.map(({ refused }) => refused).filter((code) => code !== undefined),
    );
    expect(new Set(refusals)).toEqual(new Set(['UNAVAILABLE']));
    for (const peer of peers) await peer.catchesUp();
    line.mend();
    const again = await resend(streams);
    await expectWhole([...streams, ...again]);
    for (const peer of peers) await peer.catchesUp();
  });

  async function roundTrip({ uri: direct }: EmbeddedMongo): Promise<void> {
    const client = await new mongo.MongoClient(direct).connect();
    await client.db('admin').command({ ping: 1 });
    await client.close();
  }
});

describe('S9 S10 S11 law 7: a change that is on disk and whose commit nobody heard of', () => {
  let parley: Parley;
  let owner: Person;
  let member: Person;
  let guest: Person;
  let room: string;
  let peers: Record<'owner' | 'member' | 'guest', ChatPeer>;

  beforeAll(async () => {
    parley = await Parley.start();
    [owner, member, guest] = (await parley.crowd(3)) as [Person, Person, Person];
  });
  afterAll(() => parley.stop());

  beforeEach(async () => {
    room = (await owner.rest.createRoom({ name: crypto.randomUUID(), users: [member.id] })).id;
    const [a, b, c] = await Promise.all([owner, member, guest].map((person) => person.opensPeer()));
    peers = { owner: a!, member: b!, guest: c! };
  });
  afterEach(() => {
    for (const peer of Object.values(peers)) peer.cuts();
  });

  /** The next change is written, and then the line breaks before the answer comes. */
  function loseNextOutcome(): void {
    const repository = parley.part(EntryRepository);
    const whole = repository.insertWith.bind(repository);
    jest.spyOn(repository, 'insertWith').mockImplementationOnce(async (entry, change) => {
      await whole(entry, change);
      throw new mongo.MongoNetworkError('the line broke');
    });
  }

  const post = (text: string) => peers.owner.asks('postMessage', { room, clientId: crypto.randomUUID(), text });

  it('a leave: who left hears nothing more and is told; the others hear of it', async () => {
    loseNextOutcome();
    expect(await peers.member.isRefused('leaveRoom', { room })).toMatchObject({ code: 'UNAVAILABLE' });
    const left = await peers.owner.hears('system', ({ event }) => event === 'leave');
    await peers.member.hears('roomRemoved', (data) => data.room === room && data.reason === 'left');
    const { seq } = await post('not for you');
    expect(seq).toBe(left.seq + 1);
    await peers.member.catchesUp();
    expect(peers.member.entriesOf(room)).toEqual([]);
    expect(await peers.member.isRefused('leaveRoom', { room })).toMatchObject({ code: 'NOT_A_MEMBER' });
  });

  it('a join: the newcomer is told, and hears everything from then on, once', async () => {
    loseNextOutcome();
    expect(await peers.guest.isRefused('joinRoom', { room })).toMatchObject({ code: 'UNAVAILABLE' });
    await peers.owner.hears('system', ({ event }) => event === 'join');
    const added = await peers.guest.hears('roomAdded', ({ id }) => id === room);
    const { seq } = await post('welcome');
    await peers.guest.hears('messagePosted', (entry) => entry.room === room && entry.seq === seq);
    expect(peers.guest.entriesOf(room).map((entry) => entry.seq)).toEqual([seq]);
    expect(added.seq).toBe(seq - 1);
  });

  it('a deletion: everybody is told, and of the room nothing is left', async () => {
    await post('soon gone');
    loseNextOutcome();
    expect(await peers.owner.isRefused('deleteRoom', { room })).toMatchObject({ code: 'UNAVAILABLE' });
    for (const peer of [peers.owner, peers.member]) {
      await peer.hears('system', ({ event }) => event === 'delete');
      await peer.hears('roomRemoved', (data) => data.room === room && data.reason === 'deleted');
    }
    expect(await peers.owner.isRefused('postMessage', { room, clientId: 'x', text: 'hm' })).toMatchObject({
      code: 'ROOM_NOT_FOUND',
    });
    const gone = async (): Promise<void> => {
      while ((await parley.database.collection('deleted_rooms').countDocuments()) > 0) await peers.owner.catchesUp();
    };
    await within('the end of the history', gone());
    expect(await parley.database.collection('entries').countDocuments({ room: new mongo.ObjectId(room) })).toBe(0);
  });
});
