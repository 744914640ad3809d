import { LIMITS, type MyRoom, type ReplyEnvelope, type SyncedRoom } from '@parley/contract';
import { mongo } from 'mongoose';
import { filter, firstValueFrom } from 'rxjs';
import { RateLimits } from '../../apps/api/src/common/rate-limits';
import { EntryRepository } from '../../apps/api/src/log/entry.repository';
import { LogTails } from '../../apps/api/src/log/log-tails';
import { RoomLog } from '../../apps/api/src/log/room-log';
import { RoomDirectory } from '../../apps/api/src/rooms/room-directory';
import { RoomView } from '../../apps/api/src/rooms/room-view';
import { UsersRepository } from '../../apps/api/src/users/users.repository';
import { UsersService } from '../../apps/api/src/users/users.service';
import { type DatabaseCommand, Parley } from '../support/app-harness';
import { ChatPeer } from '../support/chat-peer';
import { within } from '../support/deadline';
import { freshPhone, type Person } from '../support/people';

/** A place in the server where a call is held back until the test lets it go on. */
class Barrier {
  private readonly arrival = Promise.withResolvers<void>();
  private readonly opening = Promise.withResolvers<void>();

  /** For whoever is held back. */
  async pass(): Promise<void> {
    this.arrival.resolve();
    await this.opening.promise;
  }

  /** Waits until somebody is held back. */
  holds(what: string): Promise<void> {
    return within(what, this.arrival.promise);
  }

  open(): void {
    this.opening.resolve();
  }
}

describe('Under pressure', () => {
  let parley: Parley;
  let an: Person;
  let binh: Person;
  let cuc: Person;

  afterEach(async () => {
    jest.restoreAllMocks();
    await parley.stop();
  });

  async function start(environment: Record<string, string> = {}): Promise<void> {
    parley = await Parley.start(environment);
    [an, binh, cuc] = (await parley.crowd(3)) as [Person, Person, Person];
  }

  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const codeOf = (error: unknown) => (error as { code: string }).code;
  const outcome = (call: Promise<unknown>) => call.then(() => 'ok', codeOf);

  /** Many messages of one person, past the doors. */
  async function fill(room: MyRoom, author: Person, count: number, text = 'x'): Promise<void> {
    const log = parley.part(RoomLog);
    const { id, name } = author;
    await Promise.all(
      upTo(count).map((each) =>
        log.post({ room: room.id, author: { id, name }, text, clientId: `${room.id}${each}`, admit: () => undefined }),
      ),
    );
  }

  /** The next commit of messages is held back. */
  function holdsNextCommit(): Barrier {
    const repository = parley.part(EntryRepository);
    const insert = repository.insert.bind(repository);
    const barrier = new Barrier();
    jest.spyOn(repository, 'insert').mockImplementationOnce(async (entries) => {
      await barrier.pass();
      return insert(entries);
    });
    return barrier;
  }

  /** The next change of a room is held back. */
  function holdsNextChange(): Barrier {
    const repository = parley.part(EntryRepository);
    const insertWith = repository.insertWith.bind(repository);
    const barrier = new Barrier();
    jest.spyOn(repository, 'insertWith').mockImplementationOnce(async (...change) => {
      await barrier.pass();
      return insertWith(...change);
    });
    return barrier;
  }

  it('Law 6 closes with 4429 whoever asks for much and reads nothing, and keeps little for them', async () => {
    await start({ QUEUE_BYTES: '65536' });
    const room = await an.rest.createRoom({ name: 'Large' });
    await fill(room, an, 110, 'x'.repeat(8_000));
    const peer = await an.opensPeer();
    const [end] = parley.connectionsOf(an);
    const close = end!.socket.close.bind(end!.socket);
    const closing = new Promise<number>((resolve) => {
      jest.spyOn(end!.socket, 'close').mockImplementation((code, reason) => {
        resolve(end!.socket.bufferedAmount);
        close(code, reason);
      });
    });
    peer.stopsReading();
    for (const id of upTo(100)) peer.sends('sync', { seen: { [room.id]: 0 } }, id);
    expect(await within('the end of a reader that does not read', closing)).toBeLessThan(10_000_000);
    peer.readsOn();
    expect(await peer.closes()).toMatchObject({ code: 4429 });
  });

  describe('while the server stops', () => {
    it('signs nobody out: who comes is sent away for the moment, and comes back after the restart', async () => {
      await start();
      const room = await an.rest.createRoom({ name: 'Last words', users: [binh.id] });
      await binh.connects();
      const early = await cuc.opensSocket();
      const commit = holdsNextCommit();
      const posting = outcome(an.rest.postMessage({ room: room.id, clientId: 'last', text: 'Last words' }));
      await commit.holds('a commit under way');
      const restarting = parley.restart();
      await stopping();

      expect(await early.isRefused('authenticate', { token: cuc.token })).toMatchObject({
        code: 'REALTIME_UNAVAILABLE',
      });
      expect(await early.closes()).toMatchObject({ code: 1012 });
      expect(await ChatPeer.isTurnedAway(parley.gatewayUrl)).toMatchObject({ status: 503 });
      const turnedAway = binh.chat.state$.pipe(
        filter((state) => state.status === 'closed' || (state.status === 'offline' && state.reason === 'unreachable')),
      );
      const attempt = firstValueFrom(turnedAway);
      parley.connectionsOf(binh)[0]!.socket.terminate();
      expect(await within('an attempt to come back', attempt)).toMatchObject({ status: 'offline' });

      commit.open();
      await restarting;
      await posting;
      await binh.isOnline();
      expect(binh.chat.room(room.id)).toBeDefined();
    });

    /** The server takes no sign-ins any more, and waits for its last commit. */
    function stopping(): Promise<void> {
      const log = parley.part(RoomLog);
      const shutDown = log.beforeApplicationShutdown.bind(log);
      const begun = new Promise<void>((resolve) => {
        jest.spyOn(log, 'beforeApplicationShutdown').mockImplementationOnce(() => {
          resolve();
          return shutDown();
        });
      });
      return within('the beginning of the stop', begun);
    }
  });

  describe('reads', () => {
    beforeEach(() => start());

    const ofEntries = ({ collection, command }: DatabaseCommand) =>
      collection === 'entries' || command['collection'] === 'entries';

    it('counts as unread among the newest 2,000 entries only, however many of one’s own there are', async () => {
      const room = await an.rest.createRoom({ name: 'Monologue', users: [binh.id] });
      await fill(room, an, 3_000);
      for (const clientId of ['one', 'two', 'three']) {
        await binh.rest.postMessage({ room: room.id, clientId, text: clientId });
      }
      const commands = parley.watchesDatabase();
      expect(await an.rest.room(room.id)).toMatchObject({ seq: 3_003, read: 0, unread: 3 });
      await an.rest.markRead(room.id, 1);
      const counts = commands.all.filter((each) => ofEntries(each) && each.name === 'aggregate');
      expect(counts).toHaveLength(2);
      for (const { command } of counts) {
        const [first] = command['pipeline'] as [{ $match: { seq: { $gt: number; $lte: number } } }];
        expect(first.$match.seq).toEqual({ $gt: 3_003 - 2_000, $lte: 3_003 });
      }
    });

    it('does not read for a sync what does not fit into it', async () => {
      const fitting = await rooms(4, 'Fits', 25, 8_000);
      const tooMuch = await rooms(20, 'Too much', 800, 1);
      const peer = await an.opensPeer();
      const commands = parley.watchesDatabase();
      const all = [...fitting, ...tooMuch].map(({ id }) => [id, 0] as const);
      const synced = (await peer.asks('sync', { seen: Object.fromEntries(all) })).rooms;

      const resetOf = ({ id }: MyRoom) => (synced[id] as Extract<SyncedRoom, { reset: boolean }>).reset;
      expect(fitting.map(resetOf)).toEqual(fitting.map(() => false));
      expect(tooMuch.map(resetOf)).toEqual(tooMuch.map(() => true));
      const ids = new Set(tooMuch.map(({ id }) => id));
      const reads = commands.all.filter((each) => ofEntries(each) && ids.has(roomIn(each)));
      expect(reads.length).toBeLessThanOrEqual(tooMuch.length);
      for (const { name, command } of reads) {
        expect([name, command['limit']]).toEqual(['find', LIMITS.pageDefault]);
      }
      expect(commands.all.filter(ofEntries).length).toBeLessThanOrEqual(fitting.length + tooMuch.length);
    });

    it('reads one room that does not fit, and after it only the newest page of those like it', async () => {
      const large = await rooms(4, 'Large', 500, 4_000);
      const peer = await an.opensPeer();
      const commands = parley.watchesDatabase();
      const { rooms: synced } = await peer.asks('sync', { seen: Object.fromEntries(large.map(({ id }) => [id, 0])) });
      expect(large.map(({ id }) => synced[id])).toMatchObject(large.map(() => ({ reset: true })));
      const finds = commands.all.filter((each) => ofEntries(each) && each.name === 'find');
      expect(finds.filter(({ command }) => command['limit'] !== LIMITS.pageDefault)).toHaveLength(1);
    });

    const roomIn = ({ command }: DatabaseCommand) => String((command['filter'] as { room?: unknown })?.room);

    async function rooms(count: number, name: string, entries: number, length: number): Promise<MyRoom[]> {
      const made: MyRoom[] = [];
      for (const each of upTo(count)) {
        const room = await an.rest.createRoom({ name: `${name} ${each}` });
        await fill(room, an, entries, 'x'.repeat(length));
        made.push(room);
      }
      return made;
    }
  });

  describe('limits', () => {
    beforeEach(() => start({ RATE_LIMITS: 'on' }));

    const limited = { code: 'RATE_LIMITED', status: 429, retryAfter: expect.any(Number) as number };

    it('counts what is done by REST as what is done on the gateway', async () => {
      const room = await an.rest.createRoom({ name: 'Loud' });
      const peer = await an.opensPeer();
      const calls = upTo(310).map((n) => an.rest.postMessage({ room: room.id, clientId: `${n}`, text: 'x' }));
      const outcomes = await Promise.allSettled(calls);
      const refused = outcomes.filter((each) => each.status === 'rejected');
      expect(refused.length).toBeGreaterThanOrEqual(10);
      expect(refused.length).toBeLessThanOrEqual(12);
      for (const { reason } of refused) expect(reason).toMatchObject(limited);
      expect(await peer.isRefused('ping', {})).toMatchObject({ code: 'RATE_LIMITED' });
      expect(await outcome(an.rest.me())).toBe('ok');
      expect(await outcome(binh.rest.createRoom({ name: 'Quiet' }))).toBe('ok');
    });

    it('counts what is read by REST', async () => {
      const outcomes = await Promise.allSettled(upTo(610).map(() => an.rest.me()));
      const refused = outcomes.filter((each) => each.status === 'rejected');
      expect(refused).toHaveLength(10);
      for (const { reason } of refused) expect(reason).toMatchObject(limited);
    });

    it('counts each phone number that is named, known or not, and no id', async () => {
      const numbers = () => upTo(200).map(() => freshPhone());
      const group = (users: string[]) => an.rest.createGroup({ name: 'Guessed', users });
      expect(await outcome(group(numbers()))).toBe('USER_NOT_FOUND');
      expect(await outcome(an.rest.openPrivateRoom({ phone: freshPhone() }))).toBe('USER_NOT_FOUND');
      expect(await outcome(group(numbers().slice(0, 199)))).toBe('USER_NOT_FOUND');
      await expect(group([binh.phone])).rejects.toMatchObject(limited);
      await expect(an.rest.openPrivateRoom({ phone: binh.phone })).rejects.toMatchObject(limited);
      const room = await an.rest.createRoom({ name: 'Known', users: [binh.id] });
      await expect(an.rest.addMembers(room.id, [cuc.phone])).rejects.toMatchObject(limited);
      expect(await outcome(an.rest.addMembers(room.id, [cuc.id]))).toBe('ok');
      expect(await outcome(cuc.rest.openPrivateRoom({ phone: binh.phone }))).toBe('ok');
    });

    it('ends a connection for refusals in a row, not for those of a whole life', async () => {
      const peer = await an.opensPeer();
      const limits = parley.part(RateLimits);
      for (const round of upTo(3)) {
        await limits.forget('commandsByCaller', an.id);
        for (const each of upTo(360)) peer.sends('ping', {}, `${round}-${each}`);
        expect(await peer.answerTo(`${round}-360`)).toMatchObject({ event: 'error', data: { code: 'RATE_LIMITED' } });
      }
      await limits.forget('commandsByCaller', an.id);
      await peer.catchesUp();
      for (const _ of upTo(400)) peer.sends('ping', {});
      expect(await peer.closes()).toMatchObject({ code: 4429 });
    });
  });

  it('answers a bad frame in its place in the order', async () => {
    await start();
    const room = await an.rest.createRoom({ name: 'Order' });
    await fill(room, an, 2);
    const peer = await an.opensPeer();
    peer.sends('sync', { seen: { [room.id]: 0 } }, 1);
    peer.sends('ping', {}, 2);
    peer.sends('', {}, 3);
    peer.sendsRaw('{"id":4,"data":{}}');
    peer.sends('ping', {}, 5);
    await peer.answerTo(5);
    const answers = peer.envelopes.all.filter(({ id }) => typeof id === 'number') as ReplyEnvelope[];
    expect(answers.map(({ id, event }) => [id, event])).toEqual([
      [1, 'reply'],
      [2, 'reply'],
      [3, 'error'],
      [4, 'error'],
      [5, 'reply'],
    ]);
  });

  it('takes nobody into more rooms than a person can be in', async () => {
    await start();
    const open = await binh.rest.createRoom({ name: 'Open' });
    const directory = parley.part(RoomDirectory);
    const template = directory.get(open.id)!;
    const member = { user: an.id, role: 'member' as const, joinedAt: new Date(), read: 0 };
    const members = new Map([[an.id, member]]);
    const others = upTo(LIMITS.roomsPerPerson).map((n) => ({ ...template, id: `room ${n}`, name: `${n}`, members }));
    for (const each of others) directory.put(each);

    expect(await outcome(an.rest.createRoom({ name: 'Mine' }))).toBe('TOO_MANY_ROOMS');
    expect(await outcome(an.rest.createGroup({ name: 'Ours', users: [binh.id] }))).toBe('TOO_MANY_ROOMS');
    expect(await outcome(an.rest.openPrivateRoom({ user: binh.id }))).toBe('TOO_MANY_ROOMS');
    expect(await outcome(an.rest.joinRoom(open.id))).toBe('TOO_MANY_ROOMS');
    expect(await outcome(binh.rest.addMembers(open.id, [an.id]))).toBe('TOO_MANY_ROOMS');
    expect(await outcome(binh.rest.createGroup({ name: 'Spam', users: [an.id] }))).toBe('TOO_MANY_ROOMS');
    directory.remove(others[0]!.id);
    expect(await outcome(an.rest.joinRoom(open.id))).toBe('ok');
    expect(await outcome(an.rest.createRoom({ name: 'Mine' }))).toBe('TOO_MANY_ROOMS');
  });

  describe('phone numbers that nobody is to see', () => {
    it('are not in the names and sentences of private chats', async () => {
      await start({ SHOW_PHONES: 'none' });
      const { id, name } = await an.rest.openPrivateRoom({ user: binh.id });
      const peer = await binh.opensPeer();
      await an.rest.leaveRoom(id);
      await an.rest.openPrivateRoom({ user: binh.id });
      await peer.hears('system', ({ event }) => event === 'join');
      expect(peer.heard('system').map(({ event }) => event)).toEqual(['leave', 'join']);
      const read = [await binh.rest.myRooms(), await binh.rest.room(id), await binh.rest.log(id)];
      await an.rest.deleteRoom(id);
      await peer.hears('roomRemoved');
      const digits = an.phone.slice(1);
      expect(JSON.stringify([name, read, peer.frames.all])).not.toContain(digits);
    });

    it('are not found out by looking for the room', async () => {
      await start({ SHOW_PHONES: 'none' });
      await an.rest.openPrivateRoom({ user: binh.id });
      for (const q of [an.phone.slice(1), an.phone.slice(1, 9), `private_room_${an.phone.slice(1, 9)}`]) {
        expect((await binh.rest.searchRooms(q)).items).toEqual([]);
      }
    });
  });

  describe('people', () => {
    let users: UsersService;
    let repository: UsersRepository;

    beforeEach(async () => {
      await start();
      users = parley.part(UsersService);
      repository = parley.part(UsersRepository);
    });

    /** The next look into the database is done and its answer held back. */
    function holdsNextAnswer(): Barrier {
      const find = repository.findByIds.bind(repository);
      const barrier = new Barrier();
      jest.spyOn(repository, 'findByIds').mockImplementationOnce(async (ids) => {
        const found = await find(ids);
        await barrier.pass();
        return found;
      });
      return barrier;
    }

    const namesOf = async (...people: Person[]) =>
      (await users.findByIds(people.map(({ id }) => id))).map(({ name }) => name).sort();

    it('who are known are found, even where they are forgotten while others are looked up', async () => {
      await users.findByIds([an.id]);
      const answer = holdsNextAnswer();
      const both = namesOf(an, binh);
      await answer.holds('the look-up of Bình');
      const now = performance.now();
      jest.spyOn(performance, 'now').mockReturnValue(now + 3_600_000);
      answer.open();
      expect(await both).toEqual([an.name, binh.name]);
    });

    it('keep the newer of two names, where they are renamed while they are looked up', async () => {
      const answer = holdsNextAnswer();
      const lookUp = namesOf(an, binh, cuc);
      await answer.holds('the look-up of everybody');
      await an.rest.changeMe({ name: 'An the Second' });
      answer.open();
      expect(await lookUp).toEqual(['An the Second', binh.name, cuc.name]);
      expect(await namesOf(an)).toEqual(['An the Second']);
    });
  });

  describe('races', () => {
    beforeEach(() => start());

    it('a welcome that fails ends the connection, which hears nothing of its rooms', async () => {
      const room = await an.rest.createRoom({ name: 'Seen half', users: [binh.id] });
      const view = parley.part(RoomView);
      const look = new Barrier();
      jest.spyOn(view, 'mine').mockImplementationOnce(async () => {
        await look.pass();
        throw new mongo.MongoNetworkError('The line broke.');
      });
      const peer = await binh.opensSocket();
      const refused = peer.isRefused('authenticate', { token: binh.token, seen: { [room.id]: 0 } });
      await look.holds('a look at the rooms');
      await an.rest.postMessage({ room: room.id, clientId: 'meanwhile', text: 'Meanwhile' });
      look.open();
      expect(await refused).toMatchObject({ code: 'REALTIME_UNAVAILABLE' });
      await an.rest.postMessage({ room: room.id, clientId: 'later', text: 'Later' });
      expect(await peer.closes()).toMatchObject({ code: 1012 });
      expect(peer.envelopes.all.map(({ event }) => event)).toEqual(['error']);
      expect(parley.connectionsOf(binh)).toEqual([]);
      expect(await (await binh.opensSocket()).authenticates(binh.token)).toMatchObject({ user: { id: binh.id } });
    });

    it('a private chat that is deleted while somebody comes back to it is made anew', async () => {
      const { id } = await an.rest.openPrivateRoom({ user: binh.id });
      await binh.rest.leaveRoom(id);
      const change = holdsNextChange();
      const deleting = an.rest.deleteRoom(id);
      await change.holds('the deletion');
      const peer = await binh.opensPeer();
      const log = parley.part(RoomLog);
      const record = log.record.bind(log);
      const waiting = new Promise<void>((resolve) => {
        jest.spyOn(log, 'record').mockImplementationOnce((draft) => {
          resolve();
          return record(draft);
        });
      });
      const opening = peer.asks('openPrivateRoom', { user: an.id });
      await within('the entrance behind the deletion', waiting);
      change.open();
      await deleting;
      const again = await opening;
      expect(again).toMatchObject({ kind: 'private', role: 'owner', user_count: 2 });
      expect(again.id).not.toBe(id);
    });

    it('opening a private chat never fails, however often the other one deletes it', async () => {
      let deleting = true;
      const deletes = upTo(30).map(async () => {
        const { id } = await an.rest.openPrivateRoom({ user: binh.id });
        await outcome(an.rest.deleteRoom(id));
      });
      const opens = upTo(4).map(async () => {
        const outcomes: string[] = [];
        while (deleting) outcomes.push(await outcome(binh.rest.openPrivateRoom({ user: an.id })));
        return outcomes;
      });
      const own = await Promise.allSettled(deletes);
      deleting = false;
      expect(new Set((await Promise.all(opens)).flat())).toEqual(new Set(['ok']));
      expect(own.filter(({ status }) => status === 'rejected')).toEqual([]);
    });

    it('a sync that is answered after a leave says gone, and nothing of the room', async () => {
      const room = await an.rest.createRoom({ name: 'Left', users: [binh.id] });
      await an.rest.postMessage({ room: room.id, clientId: 'before', text: 'Before' });
      const peer = await binh.opensPeer();
      const tails = parley.part(LogTails);
      const between = tails.between.bind(tails);
      const reading = new Barrier();
      jest.spyOn(tails, 'between').mockImplementationOnce(async (...stretch) => {
        const entries = await between(...stretch);
        await reading.pass();
        return entries;
      });
      const synced = peer.asks('sync', { seen: { [room.id]: 0 } });
      await reading.holds('the reading');
      await binh.rest.leaveRoom(room.id);
      reading.open();
      expect(await synced).toEqual({ rooms: { [room.id]: { gone: true } } });
    });
  });

  describe('rooms that the last one leaves', () => {
    beforeEach(() => start());

    const hidden = { metadata: { settings: { is_private: true } } };

    it.each([
      ['a group', () => an.rest.createGroup({ name: 'Ours', users: [an.id] })],
      ['a private room', () => an.rest.createRoom({ name: 'Ours', ...hidden })],
    ])('are deleted with their history: %s', async (_kind, make) => {
      const room = await make();
      await an.rest.postMessage({ room: room.id, clientId: 'one', text: 'One' });
      const database = parley.watchesDatabase();
      const peer = await an.opensPeer();
      await an.rest.leaveRoom(room.id);
      expect(await peer.hears('roomRemoved')).toEqual({ room: room.id, reason: 'left' });
      await database.first('the end of the erasure', ({ name, collection }) => {
        return name === 'delete' && collection === 'deleted_rooms';
      });
      expect(parley.part(RoomDirectory).get(room.id)).toBeUndefined();
      for (const collection of ['rooms', 'memberships', 'entries', 'deleted_rooms']) {
        expect([collection, await parley.database.collection(collection).countDocuments()]).toEqual([collection, 0]);
      }
      expect(await binh.rest.createRoom({ name: 'Ours', ...hidden })).toMatchObject({ name: 'Ours', role: 'owner' });
      await parley.restart();
      expect((await an.rest.myRooms()).items).toEqual([]);
    });

    it('are both’s again when they are a private chat', async () => {
      const { id } = await an.rest.openPrivateRoom({ user: binh.id });
      await binh.rest.leaveRoom(id);
      expect(await binh.rest.openPrivateRoom({ user: an.id })).toMatchObject({ id, role: 'owner' });
      expect((await an.rest.room(id)).users.map(({ role }) => role)).toEqual(['owner', 'owner']);
      for (const { rest } of [an, binh]) await rest.leaveRoom(id);
      expect(await an.rest.openPrivateRoom({ user: binh.id })).toMatchObject({ id, role: 'owner', user_count: 2 });
      await parley.restart();
      expect((await binh.rest.room(id)).users.map(({ role }) => role)).toEqual(['owner', 'owner']);
    });
  });
});
