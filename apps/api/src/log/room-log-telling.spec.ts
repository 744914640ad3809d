import type { LogEntry } from '@parley/contract';
import { Hub } from '../realtime/hub';
import { connectionOf, type RecordedConnection } from '../realtime/testing/recorded-connection';
import type { RoomLog } from './room-log';
import { AN, BINH, draft, eventDraft, NEIGHBOUR, othersTold, ROOM, upTo, useLogs } from './testing/logs';

const logs = useLogs();

/** The entries that a connection was told, in their order, each as `ROOM 1` or `NEIGHBOUR 1`. */
function entriesOn({ writes }: RecordedConnection): string[] {
  const told = writes.flat().flatMap((text) => JSON.parse(text) as { data: LogEntry } | { data: LogEntry }[]);
  return told.map(({ data: { room, seq } }) => `${room === ROOM ? 'ROOM' : 'NEIGHBOUR'} ${seq}`);
}

describe('RoomLog tells authors first, and everybody else after them:', () => {
  let hub: Hub;
  let log: RoomLog;
  let an: RecordedConnection;
  let binh: RecordedConnection;
  const toNeighbour = (text: string, author = BINH) => log.post(draft(text, { room: NEIGHBOUR, author }));

  beforeEach(() => {
    hub = new Hub();
    log = logs.logBehind(hub);
    an = connectionOf(AN.id);
    binh = connectionOf(BINH.id);
    hub.enter(NEIGHBOUR, [binh.connection]);
  });
  afterEach(() => jest.restoreAllMocks());

  it('Law 5 an author hears each entry of a commit once, of all of their rooms, whoever wrote it', async () => {
    const insert = jest.spyOn(logs.repository, 'insert');
    for (const room of [ROOM, NEIGHBOUR]) hub.enter(room, [an.connection]);
    hub.enter(ROOM, [binh.connection]);
    const reader = connectionOf('reader');
    hub.enter(NEIGHBOUR, [reader.connection]);
    await Promise.all([log.post(draft('a')), toNeighbour('b'), log.post(draft('c')), toNeighbour('d')]);
    await othersTold();
    expect(insert).toHaveBeenCalledTimes(1);
    const all = ['ROOM 1', 'ROOM 2', 'NEIGHBOUR 1', 'NEIGHBOUR 2'];
    expect([an, binh, reader].map(entriesOn)).toEqual([all, all, all.slice(2)]);
  });

  it('Law 1 an author who enters another room of the commit does so behind it, and hears all that comes then', async () => {
    hub.enter(ROOM, [an.connection]);
    await Promise.all([ROOM, NEIGHBOUR].map((room) => log.head(room)));
    // Faster than any telling: what comes next is on disk before the commit has been told.
    jest.spyOn(logs.repository, 'insert').mockImplementation(async (entries) => ({ inserted: entries.length }));
    jest.spyOn(logs.repository, 'insertWith').mockResolvedValue(true);
    const settle = (_entry: unknown, tell: () => void): void => {
      tell();
      hub.enter(NEIGHBOUR, [an.connection]);
    };
    const commit = [log.post(draft('a')), toNeighbour('b')];
    const joined = log.record(eventDraft('join', AN, { room: NEIGHBOUR, settle }));
    // So many that the next commit is begun while this one is told.
    const more = upTo(40).map((n) => toNeighbour(`${n}`));
    await Promise.all([...commit, joined, ...more]);
    await othersTold();
    const fromJoinOn = upTo(42).map((seq) => `NEIGHBOUR ${seq}`);
    expect(await joined).toMatchObject({ seq: 2 });
    expect(entriesOn(binh)).toEqual(fromJoinOn);
    expect(entriesOn(an)).toEqual(['ROOM 1', ...fromJoinOn.slice(2)]);
  });
});
