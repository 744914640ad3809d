import fc from 'fast-check';
import { FlakyServer } from '../testing/flaky-server';
import { ManualClock } from '../testing/manual-clock';
import { ME } from '../testing/samples';
import { ChatClient } from './chat-client';
import { MemoryOutboxStorage } from './outbox-storage';
import { head, openRoom } from './room-state';

type Step = 'post' | 'hear' | 'cut' | 'reload' | 'older' | 'wait' | 'waitLong';

const step = fc.constantFrom<Step[]>(
  'post',
  'post',
  'hear',
  'hear',
  'hear',
  'cut',
  'reload',
  'older',
  'wait',
  'waitLong',
);

async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
}

/** One person's life with a bad line. */
class Life {
  readonly clock = new ManualClock();
  readonly said: string[] = [];
  readonly faults: string[] = [];
  /** Whether no entry was told twice, or after a later one. */
  isInOrder = true;
  readonly #storage = new MemoryOutboxStorage();
  readonly #server: FlakyServer;
  client: ChatClient;

  constructor(server: FlakyServer) {
    this.#server = server;
    this.client = this.#begin();
  }

  async take(step: Step): Promise<void> {
    if (step === 'post') this.#say();
    if (step === 'hear') this.#server.say();
    if (step === 'cut') this.#server.cut();
    if (step === 'reload') await this.#reload();
    if (step === 'older' && this.client.room('r1')) await this.client.loadOlder('r1');
    if (step === 'wait') this.clock.advance(400);
    if (step === 'waitLong') this.clock.advance(35_000);
    await settle();
  }

  /** Waits, on a line that is good now, until everything has come in and gone out. */
  async comeToRest(): Promise<void> {
    this.#server.calmDown();
    this.client.room$('r1').subscribe();
    await this.#rest();
    this.#server.say();
    await this.#rest();
    while (await this.client.loadOlder('r1'));
  }

  async #rest(): Promise<void> {
    await settle();
    for (let patience = 0; patience < 50 && !this.#isAtRest(); patience += 1) await this.take('waitLong');
  }

  #isAtRest(): boolean {
    const { state, outbox } = this.client;
    const room = this.client.room('r1');
    const hasAll = room !== undefined && head(room) === this.#server.log.length;
    return state.status === 'online' && outbox.items.length === 0 && hasAll;
  }

  #say(): void {
    const text = `${this.said.push('')}`;
    this.said[this.said.length - 1] = text;
    void this.client.postMessage({ room: 'r1', text });
  }

  async #reload(): Promise<void> {
    this.client.close();
    await settle();
    this.client = this.#begin();
  }

  #begin(): ChatClient {
    const source = {
      room: async () => this.#server.room(),
      log: async (_: string, { before = 0 }) => this.#server.page(before),
    };
    const { socket } = this.#server;
    const client = new ChatClient({
      source,
      socket,
      clock: this.clock,
      random: () => 0.5,
      outboxStorage: this.#storage,
      keepEntries: 4,
    });
    let last = 0;
    client.entries$.subscribe(({ seq }) => {
      this.isInOrder &&= seq > last;
      last = seq;
    });
    client.faults$.subscribe(({ kind }) => this.faults.push(kind));
    void client.connect('ws://flaky/ws', () => 'token');
    return client;
  }
}

/** Numbers in [0, 1) from a seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('over a line that breaks, loses, repeats and puts off', () => {
  it('what was said is in the log once and in order, and the room is what a fresh fetch gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.array(step, { maxLength: 40 }), async (seed, steps) => {
        const server = new FlakyServer(seeded(seed));
        const life = new Life(server);
        for (const one of steps) await life.take(one);
        await life.comeToRest();
        const mine = server.log.filter((entry) => entry.type === 'message' && entry.sender.id === ME.id);
        expect(mine.map((entry) => entry.type === 'message' && entry.text)).toEqual(life.said);
        const fresh = openRoom(ME.id, server.room());
        expect(life.client.room('r1')).toEqual({ ...fresh, entries: server.log, base: 0, hasOlder: false });
        expect(life.faults.filter((kind) => kind !== 'syncFailed')).toEqual([]);
        expect(life.isInOrder).toBe(true);
        life.client.close();
        expect(life.clock.pending).toBe(0);
      }),
      { numRuns: 200, examples: [[-481676052, ['post', 'post', 'reload', 'post', 'reload']]] },
    );
  });
});
