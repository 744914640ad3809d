import type { PostMessage, Posted } from '@parley/contract';
import { ManualClock } from '../testing/manual-clock';
import { ME, message, moment } from '../testing/samples';
import { ConnectionLost, ParleyError } from './errors';
import type { Fault } from './fault';
import { Outbox } from './outbox';
import { MemoryOutboxStorage, type OutboxItem, type OutboxStorage } from './outbox-storage';
import type { OutboxChange } from './room-state';

interface Attempt {
  text: string;
  clientId: string;
  accept(seq?: number): void;
  refuse(code: ParleyError['code'], retryAfter?: number): void;
  lose(): void;
}

let clock: ManualClock;
let storage: OutboxStorage;
let attempts: Attempt[];
let faults: Fault[];
let changes: OutboxChange[];
let seq: number;

beforeEach(() => {
  clock = new ManualClock();
  storage = new MemoryOutboxStorage();
  attempts = [];
  faults = [];
  changes = [];
  seq = 0;
});

function attempt({ room, text, clientId }: PostMessage): Promise<Posted> {
  return new Promise((resolve, reject) =>
    attempts.push({
      text,
      clientId,
      accept: (at = ++seq) => resolve({ room, seq: at, id: `e${at}`, at: moment(at) }),
      refuse: (code, retryAfter) => reject(new ParleyError(code, 'Refused.', { retryAfter })),
      lose: () => reject(new ConnectionLost()),
    }),
  );
}

async function made(inFlightPerRoom = 1): Promise<Outbox> {
  const outbox = new Outbox({
    storage,
    clock,
    random: () => 1,
    backoff: { firstMs: 100, maxMs: 1_000 },
    inFlightPerRoom,
    post: attempt,
    report: (fault) => faults.push(fault),
  });
  outbox.changes$.subscribe((change) => changes.push(change));
  return outbox;
}

async function opened(inFlightPerRoom = 1): Promise<Outbox> {
  const outbox = await made(inFlightPerRoom);
  await outbox.restore();
  outbox.open();
  return outbox;
}

/** Lets everything that is already settled be noticed. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

function texts(): string[] {
  return attempts.map(({ text }) => text);
}

function last(): Attempt {
  return attempts.at(-1)!;
}

async function stored(): Promise<string[]> {
  return (await storage.load()).map(({ message }) => message.text);
}

describe('a message', () => {
  it('is posted, and its promise tells where', async () => {
    const outbox = await opened();
    const posted = outbox.post({ room: 'r1', text: 'Hi' });
    last().accept(7);
    expect(await posted).toMatchObject({ room: 'r1', seq: 7 });
    expect(outbox.items).toEqual([]);
    expect(changes.map(({ type }) => type)).toEqual(['queued', 'posted']);
  });

  it('waits for the line, and keeps its name over every attempt', async () => {
    const outbox = await made();
    await outbox.restore();
    const posted = outbox.post({ room: 'r1', text: 'Hi' });
    expect(attempts).toEqual([]);
    outbox.open();
    outbox.shut();
    last().lose();
    await settle();
    expect(attempts).toHaveLength(1);
    outbox.open();
    last().accept();
    await posted;
    expect(attempts).toHaveLength(2);
    expect(attempts[0]!.clientId).toBe(attempts[1]!.clientId);
  });

  it('that its log shows needs no reply, and a reply that follows changes nothing', async () => {
    const outbox = await opened();
    const posted = outbox.post({ room: 'r1', text: 'Hi' });
    outbox.confirm(message(4, { sender: ME, clientId: last().clientId }));
    expect(await posted).toMatchObject({ room: 'r1', seq: 4 });
    last().accept(4);
    await settle();
    expect(changes.map(({ type }) => type)).toEqual(['queued', 'posted']);
    outbox.confirm(message(5, { clientId: 'unknown' }));
    outbox.confirm(message(6));
    expect(changes).toHaveLength(2);
  });
});

describe('messages of one room', () => {
  it('go out one after the other, and not behind those of another room', async () => {
    const outbox = await opened();
    for (const text of ['1', '2']) void outbox.post({ room: 'r1', text });
    void outbox.post({ room: 'r2', text: 'other' });
    expect(texts()).toEqual(['1', 'other']);
    attempts[0]!.accept();
    await settle();
    expect(texts()).toEqual(['1', 'other', '2']);
  });

  it('go out several at once if that is wanted, in their order again after a loss', async () => {
    const outbox = await opened(2);
    for (const text of ['1', '2', '3']) void outbox.post({ room: 'r1', text });
    expect(texts()).toEqual(['1', '2']);
    outbox.shut();
    for (const lost of attempts) lost.lose();
    await settle();
    outbox.open();
    expect(texts()).toEqual(['1', '2', '1', '2']);
  });

  it('wait behind one that must be tried again', async () => {
    const outbox = await opened(2);
    for (const text of ['1', '2', '3']) void outbox.post({ room: 'r1', text });
    attempts[0]!.refuse('RATE_LIMITED');
    attempts[1]!.refuse('RATE_LIMITED');
    await settle();
    expect(texts()).toEqual(['1', '2']);
    clock.advance(1_000);
    expect(texts()).toEqual(['1', '2', '1', '2']);
  });

  it('go on past one that is refused for what it is', async () => {
    const outbox = await opened();
    const refused = outbox.post({ room: 'r1', text: 'bad' });
    const good = outbox.post({ room: 'r1', text: 'good' });
    last().refuse('VALIDATION_FAILED');
    await expect(refused).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    last().accept();
    expect(await good).toMatchObject({ seq: 1 });
    expect(outbox.items).toMatchObject([{ message: { text: 'bad' }, error: { code: 'VALIDATION_FAILED' } }]);
  });
});

describe('a refusal', () => {
  it.each(['UNAVAILABLE', 'REALTIME_UNAVAILABLE', 'TIMED_OUT'] as const)(
    '%s is waited out, longer each time',
    async (code) => {
      const outbox = await opened();
      void outbox.post({ room: 'r1', text: 'Hi' });
      for (const wait of [100, 200, 400]) {
        last().refuse(code);
        await settle();
        expect(clock.nextIn).toBe(wait);
        clock.advance(wait);
      }
      expect(attempts).toHaveLength(4);
      expect(outbox.items[0]?.error).toBeUndefined();
    },
  );

  it('RATE_LIMITED waits as long as the server asks', async () => {
    const outbox = await opened();
    void outbox.post({ room: 'r1', text: 'Hi' });
    last().refuse('RATE_LIMITED', 30);
    await settle();
    clock.advance(29_999);
    expect(attempts).toHaveLength(1);
    clock.advance(1);
    expect(attempts).toHaveLength(2);
  });

  it.each(['NOT_A_MEMBER', 'ROOM_NOT_FOUND', 'FORBIDDEN', 'PAYLOAD_TOO_LARGE'] as const)(
    '%s is final',
    async (code) => {
      const outbox = await opened();
      void outbox.post({ room: 'r1', text: 'Hi' });
      last().refuse(code);
      await settle();
      expect(outbox.items).toMatchObject([{ error: { code } }]);
      expect(clock.pending).toBe(0);
    },
  );

  it('INTERNAL_ERROR is final only when it comes again and again', async () => {
    const outbox = await opened();
    void outbox.post({ room: 'r1', text: 'Hi' });
    for (let tries = 1; tries < 5; tries += 1) {
      last().refuse('INTERNAL_ERROR');
      await settle();
      expect(outbox.items[0]?.error).toBeUndefined();
      clock.advance(10_000);
    }
    last().refuse('INTERNAL_ERROR');
    await settle();
    expect(attempts).toHaveLength(5);
    expect(outbox.items[0]?.error?.code).toBe('INTERNAL_ERROR');
  });

  it('does not outlast the line: with a new one the message goes out at once', async () => {
    const outbox = await opened();
    void outbox.post({ room: 'r1', text: 'Hi' });
    last().refuse('UNAVAILABLE');
    await settle();
    outbox.shut();
    expect(clock.pending).toBe(0);
    outbox.open();
    expect(attempts).toHaveLength(2);
  });
});

describe('a failed message', () => {
  async function failed(outbox: Outbox): Promise<string> {
    void outbox.post({ room: 'r1', text: 'bad' });
    last().refuse('NOT_A_MEMBER');
    await settle();
    return last().clientId;
  }

  it('can be tried again, under the same name, behind those that wait', async () => {
    const outbox = await opened();
    const clientId = await failed(outbox);
    void outbox.post({ room: 'r1', text: 'next' });
    outbox.retry(clientId);
    expect(outbox.items.map(({ message: { text }, error }) => [text, error])).toEqual([
      ['next', undefined],
      ['bad', undefined],
    ]);
    last().accept();
    await settle();
    expect(last()).toMatchObject({ text: 'bad', clientId });
  });

  it('can be discarded', async () => {
    const outbox = await opened();
    outbox.discard(await failed(outbox));
    expect(outbox.items).toEqual([]);
    await outbox.flushed();
    expect(await stored()).toEqual([]);
    expect(changes.at(-1)?.type).toBe('discarded');
  });

  it('is what a retry is for: others are left alone', async () => {
    const outbox = await opened();
    void outbox.post({ room: 'r1', text: 'Hi' });
    outbox.retry(last().clientId);
    outbox.retry('unknown');
    outbox.discard('unknown');
    expect(attempts).toHaveLength(1);
  });
});

it('a message that waits can be discarded; its promise says so', async () => {
  const outbox = await opened();
  void outbox.post({ room: 'r1', text: '1' });
  const second = outbox.post({ room: 'r1', text: '2' });
  outbox.discard(outbox.items[1]!.message.clientId);
  await expect(second).rejects.toMatchObject({ code: 'ABORTED' });
  last().accept();
  await outbox.flushed();
  expect(texts()).toEqual(['1']);
});

describe('over a reload', () => {
  it('waiting messages go out first, in their order; failed ones stay failed', async () => {
    const before = await made();
    for (const text of ['1', '2', '3']) void before.post({ room: 'r1', text });
    await before.restore();
    before.open();
    last().refuse('FORBIDDEN');
    await settle();
    before.shut();
    attempts = [];
    changes = [];
    const after = await made();
    void after.post({ room: 'r1', text: 'new' });
    after.open();
    expect(attempts).toEqual([]);
    await after.restore();
    expect(after.items.map(({ message }) => message.text)).toEqual(['1', '2', '3', 'new']);
    for (const text of ['2', '3', 'new']) {
      expect(last().text).toBe(text);
      last().accept();
      await settle();
    }
    await after.flushed();
    expect(await stored()).toEqual(['1']);
    expect(after.changesOf('r1')).toMatchObject([{ type: 'queued', pending: { error: { code: 'FORBIDDEN' } } }]);
    expect(after.changesOf('r2')).toEqual([]);
  });

  it('orders by when a message was written, whatever order the storage has', async () => {
    const item = (text: string, order: number): OutboxItem => ({
      message: { room: 'r1', clientId: text, text },
      queuedAt: moment(0),
      order,
    });
    for (const kept of [item('b', 2), item('a', 1)]) await storage.put(kept);
    const outbox = await opened();
    expect(outbox.items.map(({ message }) => message.text)).toEqual(['a', 'b']);
    expect(texts()).toEqual(['a']);
  });

  it('a storage that fails is reported, and messages go out all the same', async () => {
    const broken = (): Promise<never> => Promise.reject(new Error('The disk is full.'));
    storage = { load: broken, put: broken, remove: broken };
    const outbox = await opened();
    const posted = outbox.post({ room: 'r1', text: 'Hi' });
    last().accept();
    await posted;
    await outbox.flushed();
    expect(faults.map(({ kind }) => kind)).toEqual(['storageFailed', 'storageFailed', 'storageFailed']);
  });

  it('takes in what its storage has once that is there, and sends it in its turn', async () => {
    const earlier = { message: { room: 'r', clientId: 'c0', text: 'earlier' }, queuedAt: moment(0), order: -1 };
    await storage.put(earlier);
    jest.spyOn(storage, 'load').mockRejectedValueOnce(new Error('away'));
    const outbox = await opened();
    expect([outbox.items, faults.map(({ kind }) => kind)]).toEqual([[], ['storageFailed']]);
    void outbox.post({ room: 'r', text: 'now' });
    await outbox.refresh();
    await outbox.refresh();
    expect(outbox.items.map(({ message }) => message.text)).toEqual(['earlier', 'now']);
    attempts[0]!.accept();
    await settle();
    expect(attempts.map(({ text }) => text)).toEqual(['now', 'earlier']);
  });
});
