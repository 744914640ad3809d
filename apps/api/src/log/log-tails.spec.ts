import type { Entry } from './entry';
import type { EntryRepository } from './entry.repository';
import { LogTails } from './log-tails';

const entry = (seq: number, text = 'text'): Entry => ({
  id: `entry ${seq}`,
  room: 'room',
  seq,
  author: { id: 'an', name: 'An' },
  at: new Date(seq),
  text,
});

/** A log that is read slowly, and knows what was read of it. */
class SlowLog {
  readonly reads: string[] = [];
  private readonly waiting: (() => void)[] = [];

  constructor(readonly entries: Entry[]) {}

  readonly repository = {
    after: async (_room: string, after: number, limit: number): Promise<Entry[]> => {
      this.reads.push(`${limit} after ${after}`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
      return this.entries.filter(({ seq }) => seq > after).slice(0, limit);
    },
    before: async (_room: string, before: number, limit: number): Promise<Entry[]> => {
      this.reads.push(`${limit} newest`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
      return this.entries.filter(({ seq }) => seq < before).slice(-limit);
    },
  } as EntryRepository;

  answer(): void {
    for (const each of this.waiting.splice(0)) each();
  }
}

const upTo = (end: number, from = 1) => Array.from({ length: end - from + 1 }, (_, index) => from + index);
const seqs = (entries: readonly Entry[]) => entries.map(({ seq }) => seq);
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('LogTails', () => {
  let log: SlowLog;
  let tails: LogTails;

  beforeEach(() => {
    log = new SlowLog(upTo(200).map((seq) => entry(seq)));
    tails = new LogTails(log.repository);
  });

  async function served<T>(asked: Promise<T>): Promise<T> {
    await turn();
    log.answer();
    return asked;
  }

  it('reads once for all who ask at the same time, and for those who come soon after', async () => {
    const asked = [190, 195, 180, 199].map((after) => tails.between('room', after, 200));
    expect((await served(Promise.all(asked))).map(seqs)).toEqual(
      [190, 195, 180, 199].map((after) => upTo(200, after + 1)),
    );
    expect(seqs(await tails.between('room', 150, 200))).toEqual(upTo(200, 151));
    expect(log.reads).toEqual(['60 after 140']);
  });

  it('reads the newest entry together with what leads to it', async () => {
    expect(await served(tails.newest('room'))).toMatchObject({ seq: 200 });
    expect(seqs(await tails.between('room', 150, 200))).toEqual(upTo(200, 151));
    expect(log.reads).toEqual(['50 newest']);
    log.entries.push(entry(201));
    expect(seqs(await served(tails.between('room', 180, 201)))).toEqual(upTo(201, 181));
    expect(seqs(await served(tails.between('room', 149, 201)))).toEqual(upTo(201, 150));
    expect(log.reads.slice(1)).toEqual(['1 after 200', '102 after 99']);
  });

  it('looks for the newest entry each time, and forgets no longer stretch for that', async () => {
    await served(tails.between('room', 100, 200));
    log.entries.push(entry(201));
    expect(await served(tails.newest('room'))).toMatchObject({ seq: 201 });
    expect(seqs(await tails.between('room', 100, 200))).toEqual(upTo(200, 101));
    expect(log.reads).toEqual(['150 after 50', '50 newest']);
  });

  it('finds no newest entry in an empty log', async () => {
    log.entries.length = 0;
    expect(await served(tails.newest('room'))).toBeUndefined();
  });

  it('keeps nothing of a log that has a hole near its end', async () => {
    log.entries.splice(195, 1);
    expect(await served(tails.newest('room'))).toMatchObject({ seq: 200 });
    await served(tails.between('room', 190, 200));
    expect(log.reads).toHaveLength(2);
  });

  it('reads only what has come since', async () => {
    await served(tails.between('room', 190, 200));
    log.entries.push(entry(201), entry(202));
    expect(seqs(await served(tails.between('room', 195, 202)))).toEqual(upTo(202, 196));
    expect(seqs(await tails.between('room', 199, 201))).toEqual([200, 201]);
    expect(log.reads.slice(1)).toEqual(['2 after 200']);
  });

  it('reads anew for who has seen much less', async () => {
    await served(tails.between('room', 190, 200));
    expect(seqs(await served(tails.between('room', 20, 200)))).toEqual(upTo(200, 21));
    expect(log.reads.slice(1)).toEqual(['200 after 0']);
  });

  it('hands over what there is, and keeps nothing, where the log has a hole', async () => {
    log.entries.splice(195, 1);
    expect(seqs(await served(tails.between('room', 190, 200)))).toEqual([191, 192, 193, 194, 195, 197, 198, 199, 200]);
    await served(tails.between('room', 190, 200));
    expect(log.reads).toHaveLength(2);
  });

  it('fails who asked when reading fails; who waited for it reads by themselves', async () => {
    const after = jest.spyOn(log.repository, 'after').mockRejectedValueOnce(new Error('no database'));
    const [first, second] = [tails.between('room', 190, 200), tails.between('room', 190, 200)];
    await expect(first).rejects.toThrow('no database');
    expect(seqs(await served(second))).toEqual(upTo(200, 191));
    expect(after).toHaveBeenCalledTimes(2);
  });

  it('serves also what is too large to be kept', async () => {
    log.entries.push(entry(201, 'x'.repeat(20_000_000)));
    expect(seqs(await served(tails.between('room', 200, 201)))).toEqual([201]);
    expect(seqs(await served(tails.between('room', 200, 201)))).toEqual([201]);
    expect(log.reads).toHaveLength(2);
  });

  it('forgets', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    try {
      await served(tails.between('room', 190, 200));
      jest.advanceTimersByTime(60_000);
      expect(Reflect.get(tails, 'tails')).toHaveProperty('size', 0);
    } finally {
      jest.useRealTimers();
    }
  });
});
