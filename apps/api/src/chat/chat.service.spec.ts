import type { Id } from '@parley/contract';
import { LogReader } from '../log/log-reader';
import { LogTails } from '../log/log-tails';
import { Reactions } from '../log/reactions';
import type { RoomLog } from '../log/room-log';
import { AN, BINH, draft, eventDraft, ROOM, useLogs } from '../log/testing/logs';
import type { RoomAccess } from '../rooms/room-access';
import { notAMember } from '../rooms/rooms.errors';
import { ChatService } from './chat.service';

const logs = useLogs();

describe('ChatService, of a room that others write to as well', () => {
  let here: RoomLog;
  let elsewhere: RoomLog;
  let chat: ChatService;

  beforeEach(async () => {
    const members = new Set<Id>([AN.id, BINH.id]);
    const access = {
      require: (_room: Id, user: Id) => {
        if (!members.has(user)) throw notAMember();
      },
    } as unknown as RoomAccess;
    [here] = logs.newLog();
    [elsewhere] = logs.newLog();
    here.loadBy(async (room) => ({ last: await here.newest(room) }));
    here.whenForeign(({ event, author }, tell) => {
      if (event === 'leave') members.delete(author.id);
      tell();
    });
    const reader = new LogReader(logs.repository, new LogTails(logs.repository));
    chat = new ChatService(access, here, reader, new Reactions(here, logs.repository, logs.reactions));
    await here.post(draft('before'));
  });
  afterEach(() => jest.restoreAllMocks());

  const textsFor = async ({ id }: typeof AN): Promise<string[]> =>
    (await chat.page(id, ROOM, {})).entries.flatMap((entry) => (entry.type === 'message' ? entry.text : []));

  it('Law 7 gives no page to somebody whose leave nobody here has heard of', async () => {
    await elsewhere.record(eventDraft('leave', BINH));
    await elsewhere.post(draft('not for Bình'));
    await expect(textsFor(BINH)).rejects.toMatchObject({ code: 'NOT_A_MEMBER' });
    expect(await textsFor(AN)).toEqual(['before', 'not for Bình']);
  });

  it('Law 7 gives none after a leave that is on disk and was not seen to be', async () => {
    const insertWith = logs.repository.insertWith.bind(logs.repository);
    jest.spyOn(logs.repository, 'insertWith').mockImplementationOnce(async (entry, change) => {
      await insertWith(entry, change);
      throw new Error('the line broke after the commit');
    });
    await expect(here.record(eventDraft('leave', BINH))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await elsewhere.post(draft('not for Bình'));
    await expect(textsFor(BINH)).rejects.toMatchObject({ code: 'NOT_A_MEMBER' });
  });

  it('Law 7 gives none while messages of this node are on their way to where that leave stands', async () => {
    const { promise: pageIsRead, resolve: pageWasRead } = Promise.withResolvers<void>();
    const { promise: onTheirWay, resolve: areOnTheirWay } = Promise.withResolvers<void>();
    const insert = logs.repository.insert.bind(logs.repository);
    jest.spyOn(logs.repository, 'insert').mockImplementationOnce(async (entries) => {
      areOnTheirWay();
      await pageIsRead;
      return insert(entries);
    });
    const posts = [here.post(draft('one')), here.post(draft('two'))];
    await onTheirWay;
    await elsewhere.record(eventDraft('leave', BINH));
    await elsewhere.post(draft('not for Bình'));
    const before = logs.repository.before.bind(logs.repository);
    jest.spyOn(logs.repository, 'before').mockImplementationOnce(async (...page) => {
      const entries = await before(...page);
      setImmediate(pageWasRead);
      return entries;
    });
    await expect(textsFor(BINH)).rejects.toMatchObject({ code: 'NOT_A_MEMBER' });
    await Promise.all(posts);
  });

  it('gives no page while it cannot be found out', async () => {
    await elsewhere.record(eventDraft('leave', BINH));
    await elsewhere.post(draft('not for Bình'));
    jest.spyOn(logs.repository, 'after').mockRejectedValue(new Error('away'));
    await expect(textsFor(BINH)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('reads nothing twice where all is known', async () => {
    const reads = jest.spyOn(logs.repository, 'after');
    expect(await textsFor(BINH)).toEqual(['before']);
    expect(reads).not.toHaveBeenCalled();
  });
});
