import { Logger } from '@nestjs/common';
import { createConnection, type ClientSession, type Connection as Database } from 'mongoose';
import { EmbeddedMongo } from '@parley/embedded-mongo';
import { Hub, type RoomFrame } from '../realtime/hub';
import type { Entry } from './entry';
import { EntryDocument, EntrySchema } from './entry.schema';
import { EntryRepository } from './entry.repository';
import { COMMIT_SIZE, COMMIT_TEXT } from './lane';
import { LogTails } from './log-tails';
import { RoomLog } from './room-log';

/** A hub that only keeps what it was told. */
class Notebook extends Hub {
  readonly frames: RoomFrame[] = [];

  override publish(frames: readonly RoomFrame[]): void {
    this.frames.push(...frames);
  }

  /** The seqs that a room was told, in the order of telling. */
  seqs(room: string): number[] {
    const envelopes = this.frames.filter((frame) => frame.room === room).flatMap((frame) => frame.envelopes);
    return envelopes.map((envelope) => (JSON.parse(envelope) as { data: { seq: number } }).data.seq);
  }
}

const AN = { id: '0000000000000000000000aa', name: 'An' };
const BINH = { id: '0000000000000000000000bb', name: 'Bình' };
const ROOM = '00000000000000000000cafe';
const OTHER = '00000000000000000000beef';

let mongo: EmbeddedMongo;
let database: Database;
let repository: EntryRepository;

beforeAll(async () => {
  Logger.overrideLogger(false);
  mongo = await EmbeddedMongo.start({});
});

beforeEach(async () => {
  database = await createConnection(mongo.uri, {
    dbName: `log${Date.now()}${Math.random()}`.replace('.', ''),
  }).asPromise();
  const model = database.model(EntryDocument.name, EntrySchema);
  await model.init();
  repository = new EntryRepository(model as never);
});

afterEach(() => database.close());
afterAll(() => mongo.stop());

const anything = (): void => undefined;
const draft = (text: string, more = {}) => ({ room: ROOM, author: AN, text, clientId: text, admit: anything, ...more });
const newLog = (): [RoomLog, Notebook] => {
  const hub = new Notebook();
  return [new RoomLog(repository, new LogTails(repository), hub), hub];
};
const stored = (room = ROOM) => repository.after(room, 0, 10_000);
/** The others are told a turn after the author. */
const othersTold = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
};
const upTo = (count: number): number[] => [...Array(count).keys()].map((index) => index + 1);

describe('RoomLog', () => {
  it('Law 1 numbers each room by itself, 1, 2, 3, in the order of posting', async () => {
    const [log, hub] = newLog();
    const posts = upTo(40).map((n) => log.post(draft(`${n}`, { room: n % 2 ? ROOM : OTHER })));
    const entries = await Promise.all(posts);
    expect(entries.map(({ seq }) => seq)).toEqual(upTo(20).flatMap((seq) => [seq, seq]));
    await othersTold();
    expect(hub.seqs(ROOM)).toEqual(upTo(20));
    expect((await stored()).map(({ text }) => Number(text))).toEqual(upTo(20).map((n) => 2 * n - 1));
  });

  it('commits what one turn brings in one insert, and tells a room once a commit', async () => {
    const [log, hub] = newLog();
    const insert = jest.spyOn(repository, 'insert');
    await Promise.all(upTo(COMMIT_SIZE).map((n) => log.post(draft(`${n}`))));
    expect(insert).toHaveBeenCalledTimes(1);
    await othersTold();
    expect(hub.frames).toHaveLength(1);
    insert.mockRestore();
  });

  it('commits long messages in several inserts, none of which tells more text than a fast reader can be told', async () => {
    const [log] = newLog();
    const insert = jest.spyOn(repository, 'insert');
    const long = 'x'.repeat(COMMIT_TEXT / 32);
    const posts = upTo(70).map((n) => log.post(draft(`${n}`, { text: long })));
    expect((await Promise.all(posts)).map(({ seq }) => seq)).toEqual(upTo(70));
    expect(insert.mock.calls.map(([entries]) => entries.length)).toEqual([32, 32, 6]);
    insert.mockRestore();
  });

  it('finds by time how far logs go that were written to, and where their newest event stands', async () => {
    const [log] = newLog();
    const since = new Date();
    const change = async (): Promise<void> => undefined;
    const describe = async (): Promise<{ text: string }> => ({ text: 'Bình left.' });
    await log.post(draft('one'));
    await log.record({ room: ROOM, event: 'leave', author: BINH, describe, change, settle: anything });
    await log.post(draft('two'));
    await log.post(draft('elsewhere', { room: OTHER }));
    const found = await repository.reached(since);
    expect(found.toSorted((a, b) => b.seq - a.seq)).toEqual([
      { room: ROOM, seq: 3, eventSeq: 2 },
      { room: OTHER, seq: 1, eventSeq: 0 },
    ]);
    expect(await repository.reached(new Date(since.getTime() + 3_600_000))).toEqual([]);
  });

  it('Law 2 tells and answers only what can be read back', async () => {
    const [log, hub] = newLog();
    const readable: number[] = [];
    hub.publish = () => void readable.push(1);
    const entry = await log.post(draft('one'));
    await othersTold();
    expect(readable).toHaveLength(1);
    expect(await stored()).toEqual([entry]);
  });

  it('Law 3 answers a repeat with the first entry, in the same commit, in the next, and after others', async () => {
    const [log, hub] = newLog();
    const [first, same, between] = await Promise.all([
      log.post(draft('a')),
      log.post(draft('a')),
      log.post(draft('b')),
    ]);
    const again = await log.post(draft('again', { clientId: 'a', room: OTHER }));
    expect(same).toEqual(first);
    expect(again).toEqual(first);
    expect(between).toMatchObject({ seq: 2 });
    await othersTold();
    expect(hub.seqs(ROOM)).toEqual([1, 2]);
    expect(hub.seqs(OTHER)).toEqual([]);
  });

  it('Law 5 tells a commit whole before anybody hears of the next, also where that is written meanwhile', async () => {
    const [log, hub] = newLog();
    const order: string[] = [];
    const firstSeq = (frame: RoomFrame): number =>
      (JSON.parse(frame.envelopes[0]!) as { data: { seq: number } }).data.seq;
    hub.publishToAuthors = ([frame]) => (order.push(`authors ${firstSeq(frame!)}`), new Set());
    hub.publish = ([frame]) => void order.push(`others ${firstSeq(frame!)}`);
    // Faster than any telling: the next commit is always on disk before the last one has been told.
    const insert = jest
      .spyOn(repository, 'insert')
      .mockImplementation(async (entries) => ({ inserted: entries.length }));
    await log.head(ROOM);
    await Promise.all(upTo(3 * COMMIT_SIZE).map((n) => log.post(draft(`${n}`))));
    await othersTold();
    insert.mockRestore();
    const firsts = [0, 1, 2].map((commit) => commit * COMMIT_SIZE + 1);
    expect(order).toEqual(firsts.flatMap((seq) => [`authors ${seq}`, `others ${seq}`]));
  });

  it('commits rooms of different lanes side by side: a commit that takes long holds up its own lane only', async () => {
    const [log] = newLog();
    await Promise.all([log.head(ROOM), log.head(OTHER)]);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const insert = jest.spyOn(repository, 'insert').mockImplementationOnce(async () => {
      await held;
      return { inserted: 1 };
    });
    const slow = log.post(draft('slow'));
    const swift = log.post(draft('swift', { room: OTHER }));
    await expect(swift).resolves.toMatchObject({ room: OTHER, seq: 1 });
    release();
    await expect(slow).resolves.toMatchObject({ room: ROOM, seq: 1 });
    insert.mockRestore();
  });

  it('Law 3 posts once what comes to two lanes at once under one clientId', async () => {
    const [log, hub] = newLog();
    const [one, other] = await Promise.all([log.post(draft('a')), log.post(draft('a', { room: OTHER }))]);
    expect(one.id).toBe(other.id);
    await othersTold();
    expect([...hub.seqs(ROOM), ...hub.seqs(OTHER)]).toEqual([1]);
    expect([...(await stored(ROOM)), ...(await stored(OTHER))]).toHaveLength(1);
  });

  it('lets two authors use the same clientId', async () => {
    const [log] = newLog();
    const [first, second] = await Promise.all([log.post(draft('a')), log.post(draft('a', { author: BINH }))]);
    expect([first.seq, second.seq]).toEqual([1, 2]);
  });

  it('asks whether a message may be there once more when its turn comes, and leaves no gap for one that may not', async () => {
    const [log, hub] = newLog();
    const refuse = (): never => {
      throw new Error('gone');
    };
    const posts = [log.post(draft('a')), log.post(draft('b', { admit: refuse })), log.post(draft('c'))];
    expect((await Promise.allSettled(posts)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    await othersTold();
    expect(hub.seqs(ROOM)).toEqual([1, 2]);
  });

  it('Law 1 holds for several writers of one room: no gap, no repeat, and each tells everything in order', async () => {
    const writers = [newLog(), newLog(), newLog()];
    await Promise.all(writers.map(([log]) => log.head(ROOM)));
    const posts = upTo(60).map((n) => writers[n % 3]![0].post(draft(`${n}`)));
    await Promise.all(posts);
    expect((await stored()).map(({ seq }) => seq)).toEqual(upTo(60));
    for (const [index, [log]] of writers.entries()) await log.post(draft(`last ${index}`));
    await writers[0]![0].post(draft('the end'));
    await othersTold();
    expect(writers[0]![1].seqs(ROOM)).toEqual(upTo(64));
  });

  describe('where it hears what another writer has put into the log', () => {
    afterEach(() => jest.restoreAllMocks());

    /** Entries of another process, on disk. */
    async function written(...texts: string[]): Promise<Entry[]> {
      const [other] = newLog();
      return Promise.all(texts.map((text) => other.post(draft(text, { author: BINH }))));
    }

    it('Law 1 tells the next entries at once, each once, and asks the database nothing', async () => {
      const [log, hub] = newLog();
      await log.head(ROOM);
      const entries = await written('a', 'b', 'c');
      const reads = jest.spyOn(repository, 'after');
      log.heard(ROOM, entries.slice(0, 2));
      log.heard(ROOM, entries.slice(1));
      expect(hub.seqs(ROOM)).toEqual([1, 2, 3]);
      expect(await log.post(draft('d'))).toMatchObject({ seq: 4 });
      expect(reads).not.toHaveBeenCalled();
    });

    it('Law 1 reads what is missing between', async () => {
      const [log, hub] = newLog();
      await log.head(ROOM);
      const [, , third] = await written('a', 'b', 'c');
      log.heard(ROOM, [third!]);
      expect(await log.post(draft('d'))).toMatchObject({ seq: 4 });
      await othersTold();
      expect(hub.seqs(ROOM)).toEqual([1, 2, 3, 4]);
    });

    it('Law 1 keeps what comes before its own entries are told, and tells it behind them', async () => {
      const [log, hub] = newLog();
      await log.head(ROOM);
      const insert = repository.insert.bind(repository);
      const reads = jest.spyOn(repository, 'after');
      jest.spyOn(repository, 'insert').mockImplementationOnce(async (entries) => {
        const outcome = await insert(entries);
        const [behind] = await written('b');
        reads.mockClear();
        log.heard(ROOM, [behind!]);
        return outcome;
      });
      expect(await log.post(draft('a'))).toMatchObject({ seq: 1 });
      await othersTold();
      expect(hub.seqs(ROOM)).toEqual([1, 2]);
      expect(reads).not.toHaveBeenCalled();
    });

    it('Law 7 asks once more whether somebody may write, when others were faster', async () => {
      const [log] = newLog();
      await log.head(ROOM);
      let member = true;
      log.whenForeign((_entry, tell) => {
        member = false;
        tell();
      });
      const admit = (): void => {
        if (!member) throw new Error('no longer');
      };
      const text = async (): Promise<{ text: string }> => ({ text: 'Bình has left the room.' });
      const change = async (): Promise<void> => undefined;
      await newLog()[0].record({ room: ROOM, event: 'leave', author: BINH, describe: text, change, settle: anything });
      await expect(log.post(draft('hm', { author: BINH, admit }))).rejects.toThrow('no longer');
      expect(await stored()).toHaveLength(1);
    });

    it('passes on what it writes, and what turns out to have been written', async () => {
      const [log] = newLog();
      const passed: number[] = [];
      log.whenCommitted((_room, entries) => void passed.push(...entries.map(({ seq }) => seq)));
      await log.post(draft('a'));
      const insert = repository.insert.bind(repository);
      jest.spyOn(repository, 'insert').mockImplementationOnce(async (entries) => {
        await insert(entries);
        throw new Error('the line broke after the commit');
      });
      await expect(log.post(draft('b'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await log.post(draft('c'));
      expect(passed).toEqual([1, 2, 3]);
    });
  });

  it('goes on after the last entry on disk when it starts anew', async () => {
    await newLog()[0].post(draft('before'));
    expect(await newLog()[0].post(draft('after'))).toMatchObject({ seq: 2 });
  });

  it('tells after a commit of unknown outcome what turns out to be on disk', async () => {
    const [log, hub] = newLog();
    const insert = repository.insert.bind(repository);
    const broken = jest.spyOn(repository, 'insert').mockImplementationOnce(async (entries) => {
      await insert(entries);
      throw new Error('the line broke after the commit');
    });
    await expect(log.post(draft('a'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    broken.mockRestore();
    expect(await log.post(draft('a'))).toMatchObject({ seq: 1 });
    await log.post(draft('b'));
    await othersTold();
    expect(hub.seqs(ROOM)).toEqual([1, 2]);
  });

  describe('after a commit of unknown outcome', () => {
    /** The next messages reach the disk, and the log does not learn of it. */
    function losesNextMessages(): void {
      const insert = repository.insert.bind(repository);
      jest.spyOn(repository, 'insert').mockImplementationOnce(async (entries) => {
        await insert(entries);
        throw new Error('the line broke after the commit');
      });
    }

    /** Resolves when a room has been told something. */
    const told = (hub: Notebook, room = ROOM): Promise<void> =>
      new Promise((resolve) => {
        const publish = hub.publish.bind(hub);
        jest.spyOn(hub, 'publish').mockImplementation((frames) => {
          publish(frames);
          if (frames.some((frame) => frame.room === room)) resolve();
        });
      });

    afterEach(() => jest.restoreAllMocks());

    it('tells what is on disk, though another room leaves the queue never empty', async () => {
      const [log, hub] = newLog();
      losesNextMessages();
      await expect(log.post(draft('lost to sight'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      let busy = true;
      const chatter = async (voice: number): Promise<void> => {
        for (let count = 0; busy; count++) await log.post(draft(`${voice}-${count}`, { room: OTHER }));
      };
      const chatters = [1, 2].map(chatter);
      await told(hub);
      busy = false;
      await Promise.all(chatters);
      await othersTold();
      expect(hub.seqs(ROOM)).toEqual([1]);
    });

    it('tries again until the database answers', async () => {
      const [log, hub] = newLog();
      losesNextMessages();
      await expect(log.post(draft('lost to sight'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      const away = jest.spyOn(repository, 'after').mockRejectedValueOnce(new Error('away'));
      await told(hub);
      expect(away).toHaveBeenCalledTimes(2);
      await othersTold();
      expect(hub.seqs(ROOM)).toEqual([1]);
    });

    it('leaves it to the listener when an event is told', async () => {
      const [log, hub] = newLog();
      const order: string[] = [];
      log.whenForeign(({ event }, tell) => {
        order.push(`${event} is followed, ${hub.frames.length} told`);
        tell();
        order.push(`${hub.frames.length} told`);
      });
      const insertWith = repository.insertWith.bind(repository);
      jest.spyOn(repository, 'insertWith').mockImplementationOnce(async (entry, change) => {
        await insertWith(entry, change);
        throw new Error('the line broke after the commit');
      });
      const leave = {
        room: ROOM,
        event: 'leave' as const,
        author: BINH,
        describe: async () => ({ text: 'Bình has left the room.' }),
        change: async () => undefined,
        settle: () => undefined,
      };
      await expect(log.record(leave)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await told(hub);
      expect(order[0]).toBe('leave is followed, 0 told');
      expect(await log.post(draft('next'))).toMatchObject({ seq: 2 });
      expect(order).toEqual(['leave is followed, 0 told', '1 told']);
    });
  });

  describe('record', () => {
    const joining = (more = {}) => ({
      room: ROOM,
      event: 'join' as const,
      author: BINH,
      describe: async () => ({ text: 'Bình has joined the room.' }),
      change: async () => undefined,
      settle: (_entry: unknown, tell: () => void) => tell(),
      ...more,
    });

    it('keeps its place among messages', async () => {
      const [log, hub] = newLog();
      const results = await Promise.all([log.post(draft('a')), log.record(joining()), log.post(draft('b'))]);
      expect(results.map((entry) => entry?.seq)).toEqual([1, 2, 3]);
      await othersTold();
      expect(hub.seqs(ROOM)).toEqual([1, 2, 3]);
    });

    it('writes the change and the entry together, or neither', async () => {
      const [log, hub] = newLog();
      const change = async (session: ClientSession): Promise<void> => {
        await database.collection('others').insertOne({ n: 1 }, { session });
        throw new Error('no');
      };
      await expect(log.record(joining({ change }))).rejects.toThrow();
      expect(await stored()).toEqual([]);
      expect(await database.collection('others').findOne({})).toBeNull();
      await othersTold();
      expect(hub.frames).toEqual([]);
      expect(await log.post(draft('a'))).toMatchObject({ seq: 1 });
    });

    it('does nothing where the draft says that there is nothing to do', async () => {
      const [log, hub] = newLog();
      expect(await log.record(joining({ describe: async () => undefined }))).toBeUndefined();
      await othersTold();
      expect(hub.frames).toEqual([]);
    });

    it('finds its place after entries of another writer', async () => {
      const [log] = newLog();
      await log.post(draft('a'));
      await newLog()[0].post(draft('b'));
      expect(await log.record(joining())).toMatchObject({ seq: 3 });
    });
  });

  it('erases a whole history and nothing of another room', async () => {
    const [log] = newLog();
    await Promise.all(upTo(2_500).map((n) => log.post(draft(`${n}`))));
    await log.post(draft('other', { room: OTHER }));
    expect(await log.erase(ROOM)).toBe(true);
    expect(await stored()).toEqual([]);
    expect(await stored(OTHER)).toHaveLength(1);
  });
});
