import type { PostMessage, Posted } from '@parley/contract';
import fc from 'fast-check';
import { ManualClock } from '../testing/manual-clock';
import { PeerGroup } from '../testing/peer-group';
import { ME, message, moment } from '../testing/samples';
import { ParleyError } from './errors';
import { Outbox } from './outbox';
import { MemoryOutboxStorage, type OutboxItem } from './outbox-storage';

interface Attempt {
  by: string;
  message: PostMessage;
  accept(): void;
  refuse(): void;
}

/** A server that posts each message once, as Parley's does. */
class Desk {
  readonly log: PostMessage[] = [];

  post(message: PostMessage): Posted {
    const at = this.log.findIndex(({ clientId }) => clientId === message.clientId);
    const seq = at < 0 ? this.log.push(message) : at + 1;
    return { room: message.room, seq, id: `e${seq}`, at: moment(seq) };
  }
}

let storage: MemoryOutboxStorage;
let group: PeerGroup;
let desk: Desk;
let attempts: Attempt[];

beforeEach(() => {
  storage = new MemoryOutboxStorage();
  group = new PeerGroup();
  desk = new Desk();
  attempts = [];
});

async function made(by: string): Promise<Outbox> {
  const post = (message: PostMessage): Promise<Posted> =>
    new Promise((resolve, reject) =>
      attempts.push({
        by,
        message,
        accept: () => resolve(desk.post(message)),
        refuse: () => reject(new ParleyError('FORBIDDEN', 'No.')),
      }),
    );
  const clock = new ManualClock();
  const peers = group.join();
  const outbox = new Outbox({ storage, peers, clock, random: () => 1, inFlightPerRoom: 1, post, report: () => {} });
  await outbox.restore();
  return outbox;
}

async function opened(by: string): Promise<Outbox> {
  const outbox = await made(by);
  outbox.open();
  await settle();
  return outbox;
}

/** Lets everything that is already settled be noticed. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}

const write = (outbox: Outbox, text: string): Promise<Posted> => outbox.post({ room: 'r1', text });
const shown = ({ items }: Outbox): string[] => items.map(({ message, error }) => message.text + (error ? '!' : ''));
const sent = (): string[] => attempts.map(({ by, message }) => `${by}: ${message.text}`);
const stored = async (): Promise<readonly OutboxItem[]> => storage.load();

/** Answers attempts until nothing is under way any more. */
async function acceptAll(from = 0): Promise<void> {
  for (let at = from; at < attempts.length; at += 1) {
    attempts[at]!.accept();
    await settle();
  }
}

describe('outboxes that share a storage', () => {
  it('show the same, also while the line is down, and one of them sends it', async () => {
    const [a, b] = [await made('a'), await made('b')];
    const posted: Promise<Posted>[] = [];
    for (const [outbox, text] of [
      [a, 'one'],
      [b, 'two'],
      [a, 'three'],
    ] as const) {
      posted.push(write(outbox, text));
      await settle();
    }
    expect([shown(a), shown(b)]).toEqual([shown(a), ['one', 'two', 'three']]);
    for (const outbox of [a, b]) outbox.open();
    await settle();
    await acceptAll();
    expect(sent()).toEqual(['a: one', 'a: two', 'a: three']);
    expect((await Promise.all(posted)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect([shown(a), shown(b), await stored()]).toEqual([[], [], []]);
  });

  it('tell the states of rooms what becomes of a message, wherever it was written', async () => {
    const [a, b] = [await opened('a'), await opened('b')];
    const changes: string[] = [];
    b.changes$.subscribe(({ type }) => changes.push(type));
    void write(a, 'one');
    await settle();
    attempts[0]!.refuse();
    await settle();
    a.discard(a.items[0]!.message.clientId);
    void write(a, 'two');
    await settle();
    await acceptAll(1);
    expect(changes).toEqual(['queued', 'failed', 'discarded', 'queued', 'posted']);
  });

  it('send again what failed, whichever is asked to', async () => {
    const [a, b] = [await opened('a'), await opened('b')];
    const refused = write(b, 'one');
    await settle();
    attempts[0]!.refuse();
    await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await settle();
    expect([shown(a), shown(b)]).toEqual([['one!'], ['one!']]);
    b.retry(b.items[0]!.message.clientId);
    await settle();
    expect([shown(a), shown(b), sent()]).toEqual([['one'], ['one'], ['a: one', 'a: one']]);
    await acceptAll(1);
    expect([shown(a), shown(b), await stored()]).toEqual([[], [], []]);
  });

  it('hand over when the line of the one that sends is down, or it is closed', async () => {
    const [a, b] = [await opened('a'), await opened('b')];
    for (const text of ['one', 'two']) void write(a, text);
    await settle();
    expect(sent()).toEqual(['a: one']);
    a.shut();
    await settle();
    await acceptAll(1);
    expect(sent()).toEqual(['a: one', 'b: one', 'b: two']);
    expect(desk.log.map(({ text }) => text)).toEqual(['one', 'two']);
    expect([shown(a), shown(b)]).toEqual([[], []]);
  });

  it('send what one of them has written down and could not tell of any more', async () => {
    const [a, b] = [await opened('a'), await opened('b')];
    const left = { room: 'r1', clientId: 'left', text: 'left' };
    await storage.put({ message: left, queuedAt: moment(0), order: 1 });
    a.shut();
    await settle();
    expect([shown(b), sent()]).toEqual([['left'], ['b: left']]);
  });

  it('do not bring back what is done with, when news of it come late', async () => {
    const a = await opened('a');
    void write(a, 'one');
    await settle();
    await acceptAll();
    const late = group.told.find(({ type }) => type === 'kept')!;
    group.join().tell(late);
    expect(shown(a)).toEqual([]);
  });

  it('know from the log what is posted, whoever hears of it first', async () => {
    const [a, b] = [await opened('a'), await opened('b')];
    void write(b, 'one');
    await settle();
    b.confirm(message(1, { sender: ME, clientId: attempts[0]!.message.clientId }));
    await settle();
    expect([shown(a), shown(b), await stored()]).toEqual([[], [], []]);
  });

  it('post each message once, those of one tab in their order, however turns and lines change', async () => {
    const step = fc.constantFrom('write a', 'write b', 'pass', 'answer', 'down a', 'up a', 'down b', 'up b');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        [storage, group, desk, attempts] = [new MemoryOutboxStorage(), new PeerGroup(), new Desk(), []];
        const outboxes: Record<string, Outbox> = { a: await opened('a'), b: await opened('b') };
        const written: Record<string, string[]> = { a: [], b: [] };
        let answered = 0;
        for (const [number, one] of steps.entries()) {
          const [deed, who = 'a'] = one.split(' ');
          if (deed === 'write') void write(outboxes[who]!, written[who]![written[who]!.push(`${who}${number}`) - 1]!);
          if (deed === 'pass') group.passTurn();
          if (deed === 'down') outboxes[who]!.shut();
          if (deed === 'up') outboxes[who]!.open();
          if (deed === 'answer' && answered < attempts.length) attempts[answered++]!.accept();
          if (number % 3 === 0) await settle();
        }
        for (const outbox of Object.values(outboxes)) outbox.open();
        await settle();
        await acceptAll(answered);
        const texts = desk.log.map(({ text }) => text);
        for (const who of ['a', 'b']) expect(texts.filter((text) => text.startsWith(who))).toEqual(written[who]);
        expect([shown(outboxes['a']!), shown(outboxes['b']!), await stored()]).toEqual([[], [], []]);
      }),
      { numRuns: 100 },
    );
  });
});
