import type { Entry } from './entry';
import { BINH, draft, eventDraft, othersTold, ROOM, upTo, useLogs } from './testing/logs';

const logs = useLogs();
const { newLog, stored } = logs;

describe('RoomLog beside other writers', () => {
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
      const reads = jest.spyOn(logs.repository, 'after');
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
      const insert = logs.repository.insert.bind(logs.repository);
      const reads = jest.spyOn(logs.repository, 'after');
      jest.spyOn(logs.repository, 'insert').mockImplementationOnce(async (entries) => {
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
      await newLog()[0].record(eventDraft('leave', BINH));
      await expect(log.post(draft('hm', { author: BINH, admit }))).rejects.toThrow('no longer');
      expect(await stored()).toHaveLength(1);
    });

    it('passes on what it writes, and what turns out to have been written', async () => {
      const [log] = newLog();
      const passed: number[] = [];
      log.whenCommitted((_room, entries) => void passed.push(...entries.map(({ seq }) => seq)));
      await log.post(draft('a'));
      const insert = logs.repository.insert.bind(logs.repository);
      jest.spyOn(logs.repository, 'insert').mockImplementationOnce(async (entries) => {
        await insert(entries);
        throw new Error('the line broke after the commit');
      });
      await expect(log.post(draft('b'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await log.post(draft('c'));
      expect(passed).toEqual([1, 2, 3]);
    });
  });
});
