import type { ClientSession } from 'mongoose';
import type { RoomFrame } from '../realtime/hub';
import type { EventDraft } from './draft';
import { COMMIT_SIZE, COMMIT_TEXT } from './lane';
import { anything, BINH, draft, eventDraft, OTHER, othersTold, ROOM, upTo, useLogs } from './testing/logs';

const logs = useLogs();
const { newLog, stored } = logs;

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
    const insert = jest.spyOn(logs.repository, 'insert');
    await Promise.all(upTo(COMMIT_SIZE).map((n) => log.post(draft(`${n}`))));
    expect(insert).toHaveBeenCalledTimes(1);
    await othersTold();
    expect(hub.frames).toHaveLength(1);
    insert.mockRestore();
  });

  it('commits long messages in several inserts, none of which tells more text than a fast reader can be told', async () => {
    const [log] = newLog();
    const insert = jest.spyOn(logs.repository, 'insert');
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
    const describe = async () => ({ event: 'leave', text: 'Bình left.' }) as const;
    await log.post(draft('one'));
    await log.record({ room: ROOM, author: BINH, describe, change, settle: anything });
    await log.post(draft('two'));
    await log.post(draft('elsewhere', { room: OTHER }));
    const found = await logs.repository.reached(since);
    expect(found.toSorted((a, b) => b.seq - a.seq)).toEqual([
      { room: ROOM, seq: 3, eventSeq: 2 },
      { room: OTHER, seq: 1, eventSeq: 0 },
    ]);
    expect(await logs.repository.reached(new Date(since.getTime() + 3_600_000))).toEqual([]);
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
      .spyOn(logs.repository, 'insert')
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
    const insert = jest.spyOn(logs.repository, 'insert').mockImplementationOnce(async () => {
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

  it('goes on after the last entry on disk when it starts anew', async () => {
    await newLog()[0].post(draft('before'));
    expect(await newLog()[0].post(draft('after'))).toMatchObject({ seq: 2 });
  });

  describe('record', () => {
    const joining = (more: Partial<EventDraft> = {}) => eventDraft('join', BINH, more);

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
        await logs.database.collection('others').insertOne({ n: 1 }, { session });
        throw new Error('no');
      };
      await expect(log.record(joining({ change }))).rejects.toThrow();
      expect(await stored()).toEqual([]);
      expect(await logs.database.collection('others').findOne({})).toBeNull();
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
