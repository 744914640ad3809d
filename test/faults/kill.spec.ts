import type { LogEntry, MessageEntry } from '@parley/contract';
import type { Db } from 'mongodb';
import { type ChatPeer } from '../support/chat-peer';
import { within } from '../support/deadline';
import { Person } from '../support/people';
import { MortalServer } from './mortal-server';
import { Stream, type Sent } from './stream';

const ROUNDS = 20;
/** How many acknowledgements the kill waits for, round by round: from the very first to well under way. */
const KILL_AFTER = [1, 3, 200, 20, 77, 5, 350, 33, 120, 2, 64, 250, 11, 150, 90, 7, 40, 300, 17, 100];

describe('S2 law 2: kill -9', () => {
  let server: MortalServer;

  beforeEach(() => (server = new MortalServer()));
  afterEach(() => server.isGone());

  async function signUp(names: readonly string[]): Promise<Person[]> {
    return Promise.all(names.map((name) => Person.signsUp(server, name)));
  }

  /** The same people at the address that the server has now; their tokens are the ones that they had. */
  function again(people: readonly Person[]): Person[] {
    return people.map(({ me, token }) => Person.holds(server, { user: me, token }));
  }

  async function wholeLog(reader: Person, room: string): Promise<LogEntry[]> {
    const entries: LogEntry[] = [];
    for (let more = true; more;) {
      const page = await reader.rest.log(room, { after: entries.length, limit: 100 });
      entries.push(...page.entries);
      more = page.more;
    }
    return entries;
  }

  /** What was told live is on disk, and the same. One comparison for all: there are thousands. */
  function expectTold(live: readonly LogEntry[], log: ReadonlyMap<number, LogEntry>): void {
    expect(live.map(lineOf)).toEqual(live.map(({ seq }) => lineOf(log.get(seq))));
  }

  it(`${ROUNDS} times during a stream of posts of three people to three rooms: every acknowledged message is there once, in order, seqs 1 to n; what was not acknowledged is posted once when it is sent again`, async () => {
    await server.starts();
    let people = await signUp(['An', 'Binh', 'Chi']);
    const [founder, ...others] = people as [Person, Person, Person];
    const users = others.map(({ id }) => id);
    const rooms = await Promise.all(['one', 'two', 'three'].map((name) => founder.rest.createRoom({ name, users })));
    const ids = rooms.map(({ id }) => id);
    const seen = Object.fromEntries(ids.map((id) => [id, 0]));
    const everything: { author: string; sent: Sent }[] = [];

    for (let round = 0; round < ROUNDS; round++) {
      const peers = await Promise.all(people.map((person) => person.opensPeer()));
      const streams = peers.map((peer) => new Stream(peer, ids));
      for (const stream of streams) stream.begins(20);
      await streams[round % 3]!.answers(KILL_AFTER[round % KILL_AFTER.length]!);
      await server.isKilled();
      await Promise.all(peers.map((peer) => peer.closes()));

      await server.starts();
      people = again(people);
      const back = await Promise.all(people.map((person) => person.opensSocket()));
      await Promise.all(back.map((peer, index) => peer.authenticates(people[index]!.token, seen)));
      const synced = await back[0]!.hears('synced');
      const missed = new Map(ids.map((id) => [id, afterwards(synced.rooms[id])]));
      for (const id of ids) {
        const log = new Map(missed.get(id)!.map((entry) => [entry.seq, entry]));
        expect([...log.keys()]).toEqual(Array.from({ length: log.size }, (_, index) => seen[id]! + index + 1));
        for (const peer of peers) expectTold(peer.entriesOf(id), log);
        const acknowledged = streams.flatMap((stream) => stream.acknowledged).filter(({ data }) => data.room === id);
        const told = acknowledged.map(({ data, reply }) => `${reply!.id} ${reply!.at} ${data.text}`);
        expect(told).toEqual(acknowledged.map(({ reply }) => placeOf(log.get(reply!.seq))));
      }
      const resent = back.map((peer, index) => {
        const stream = new Stream(peer, ids);
        stream.stops();
        stream.resends(streams[index]!.unacknowledged);
        return stream;
      });
      await Promise.all(resent.map((stream) => stream.settles()));
      streams.forEach((stream, index) => {
        const author = people[index]!.id;
        const all = [...stream.acknowledged, ...resent[index]!.sent].map((sent) => ({ author, sent }));
        expect(all.map(({ sent }) => sent.refused)).toEqual(all.map(() => undefined));
        everything.push(...all);
      });
      for (const id of ids)
        seen[id] = Math.max(
          seen[id]!,
          ...everything.filter(({ sent }) => sent.data.room === id).map(({ sent }) => sent.reply!.seq),
          ...missed.get(id)!.map(({ seq }) => seq),
        );
      for (const peer of back) peer.cuts();
    }

    for (const id of ids) {
      const log = await wholeLog(people[0]!, id);
      expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
      const wanted = everything.filter(({ sent }) => sent.data.room === id);
      const bySeq = wanted.sort((a, b) => a.sent.reply!.seq - b.sent.reply!.seq);
      expect((log as MessageEntry[]).map(({ sender, text }) => [sender.id, text])).toEqual(
        bySeq.map(({ author, sent }) => [author, sent.data.text]),
      );
    }
    expect(everything.length).toBeGreaterThan(2_000);
  });

  function afterwards(synced: unknown): LogEntry[] {
    expect(synced).toMatchObject({ reset: false });
    return (synced as { entries: LogEntry[] }).entries;
  }

  function lineOf(entry: LogEntry | undefined): string {
    const { clientId: _own, ...rest } = entry as MessageEntry;
    return JSON.stringify(rest);
  }

  function placeOf(entry: LogEntry | undefined): string {
    const { id, at, text } = entry as MessageEntry;
    return `${id} ${at} ${text}`;
  }

  it('6 times while rooms are made, joined, left and deleted: memberships, user_count, log and memory agree, and of deleted rooms nothing is left', async () => {
    await server.starts();
    let people = await signUp(['An', 'Binh', 'Chi', 'Dung']);
    const deleted = new Set<string>();
    const made = new Set<string>();
    for (let round = 0; round < 6; round++) {
      const peers = await Promise.all(people.map((person) => person.opensPeer()));
      const changes = new Changes(peers, `round ${round}`);
      changes.begin();
      await changes.done(5 + round * 9);
      await server.isKilled();
      await Promise.all(peers.map((peer) => peer.closes()));
      for (const id of changes.deleted) deleted.add(id);
      for (const id of changes.kept()) made.add(id);

      await server.starts();
      people = again(people);
      await server.looksInto(async (database) => {
        await historiesAreGone(database);
        const rooms = await database.collection('rooms').find().toArray();
        const known = new Set(rooms.map(({ _id }) => String(_id)));
        expect([...deleted].filter((id) => known.has(id))).toEqual([]);
        for (const id of changes.tried) if (!known.has(id)) made.delete(id);
        expect([...made].filter((id) => !known.has(id))).toEqual([]);
        for (const room of rooms) await expectAgreement(database, room, people);
        for (const collection of ['memberships', 'entries']) {
          const named = (await database.collection(collection).distinct('room')).map(String);
          expect([collection, named.filter((id) => !known.has(id))]).toEqual([collection, []]);
        }
      });
    }
    expect(deleted.size).toBeGreaterThan(0);
    expect(made.size).toBeGreaterThan(0);
  });

  /** The erasing of deleted rooms' histories goes on after the start: resolves when nothing is noted any more. */
  async function historiesAreGone(database: Db): Promise<void> {
    const gone = async (): Promise<void> => {
      while ((await database.collection('deleted_rooms').countDocuments()) > 0) await database.command({ ping: 1 });
    };
    await within('the end of deleted histories', gone());
  }

  async function expectAgreement(
    database: Db,
    room: { _id: unknown; user_count?: number },
    people: Person[],
  ): Promise<void> {
    const id = String(room._id);
    const stored = await database.collection('memberships').find({ room: room._id }).toArray();
    const members = stored.map(({ user }) => String(user)).sort();
    expect(room.user_count).toBe(members.length);
    const log = await database.collection('entries').find({ room: room._id }).sort({ seq: 1 }).toArray();
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    const replayed = new Set([String(stored.find(({ role }) => role === 'owner')?.user ?? '')].filter(Boolean));
    for (const { event, author } of log) {
      if (event === 'join') replayed.add(String(author.id));
      if (event === 'leave') replayed.delete(String(author.id));
    }
    if (members.length > 0) expect([...replayed].sort()).toEqual(members);
    for (const person of people) {
      const shown = (await person.rest.myRooms({ limit: 100 })).items.find((mine) => mine.id === id);
      expect([id, shown?.user_count]).toEqual([id, members.includes(person.id) ? members.length : undefined]);
    }
  }
});

/** People who make, join, leave and delete rooms without a pause, each on a socket of their own. */
class Changes {
  /** Rooms that somebody tried to delete. */
  readonly tried = new Set<string>();
  /** Rooms whose deletion was acknowledged. */
  readonly deleted = new Set<string>();
  private readonly made: string[] = [];
  private count = 0;
  private onDone: () => void = () => undefined;

  constructor(
    private readonly peers: readonly ChatPeer[],
    private readonly name: string,
  ) {}

  begin(): void {
    this.peers.forEach((peer, index) => void this.work(peer, index).catch(() => undefined));
  }

  /** Resolves when so many changes have been acknowledged. */
  done(count: number): Promise<void> {
    const reached = new Promise<void>((resolve) => {
      this.onDone = () => {
        if (this.count >= count) resolve();
      };
    });
    return within(`${count} changes`, reached);
  }

  /** Rooms whose making was acknowledged and that nobody tried to delete. */
  kept(): string[] {
    return this.made.filter((id) => !this.tried.has(id));
  }

  private async work(peer: ChatPeer, index: number): Promise<never> {
    for (let turn = 0; ; turn++) {
      const room = await peer.asks('createRoom', { name: `${this.name} of ${index}, turn ${turn}` });
      this.made.push(room.id);
      this.note();
      await this.visit(peer, this.made[(turn * 7 + index) % this.made.length]!);
      await this.say(peer, room.id);
      if (turn % 2 === 1) await this.remove(peer, room.id);
    }
  }

  private async visit(peer: ChatPeer, room: string): Promise<void> {
    const visiting = ['joinRoom', 'leaveRoom', 'joinRoom'] as const;
    for (const command of visiting) await peer.asks(command, { room }).then(() => this.note(), ignoreRefusal);
  }

  private async say(peer: ChatPeer, room: string): Promise<void> {
    for (let count = 0; count < 3; count++) {
      await peer.asks('postMessage', { room, clientId: crypto.randomUUID(), text: 'hm' }).catch(ignoreRefusal);
    }
  }

  private async remove(peer: ChatPeer, room: string): Promise<void> {
    this.tried.add(room);
    await peer.asks('deleteRoom', { room }).then(() => {
      this.deleted.add(room);
      this.note();
    }, ignoreRefusal);
  }

  private note(): void {
    this.count++;
    this.onDone();
  }
}

/** Rooms vanish under one's feet: that is told, and no failure. A socket that has closed is the end. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Error) || !('code' in error)) throw error;
}
