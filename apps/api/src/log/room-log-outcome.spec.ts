import { BINH, draft, eventDraft, type Notebook, OTHER, othersTold, ROOM, useLogs } from './testing/logs';

const logs = useLogs();
const { newLog } = logs;

describe('RoomLog whose line breaks', () => {
  it('tells after a commit of unknown outcome what turns out to be on disk', async () => {
    const [log, hub] = newLog();
    const insert = logs.repository.insert.bind(logs.repository);
    const broken = jest.spyOn(logs.repository, 'insert').mockImplementationOnce(async (entries) => {
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
      const insert = logs.repository.insert.bind(logs.repository);
      jest.spyOn(logs.repository, 'insert').mockImplementationOnce(async (entries) => {
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
      const away = jest.spyOn(logs.repository, 'after').mockRejectedValueOnce(new Error('away'));
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
      const insertWith = logs.repository.insertWith.bind(logs.repository);
      jest.spyOn(logs.repository, 'insertWith').mockImplementationOnce(async (entry, change) => {
        await insertWith(entry, change);
        throw new Error('the line broke after the commit');
      });
      await expect(log.record(eventDraft('leave', BINH))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await told(hub);
      expect(order[0]).toBe('leave is followed, 0 told');
      expect(await log.post(draft('next'))).toMatchObject({ seq: 2 });
      expect(order).toEqual(['leave is followed, 0 told', '1 told']);
    });
  });
});
