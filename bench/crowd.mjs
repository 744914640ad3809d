/** Clients for the measurements of crowds: they know what they have seen, and check what they are told of the rest. */
import { performance } from 'node:perf_hooks';
import { Wire, frame, textsOf } from './wire.mjs';

/** As the SDK's: each wait is drawn from the upper half of a ceiling that doubles. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

export class Client {
  /** For each of its rooms, the seq up to which it has everything. */
  seen = new Map();
  online = false;
  /** How its last connection ended. */
  ended = '';
  /** Rooms that were too far ahead, and were begun anew. */
  resets = 0;
  onFrames = () => undefined;
  #wire;
  #gone;

  constructor(account) {
    this.account = account;
  }

  /** Connects, with what it has seen if it has been there before; resolves when it has everything. */
  async comesIn({ host, port }) {
    const wire = new Wire({ host, port });
    this.#wire = wire;
    this.#gone = new Promise((resolve) => {
      wire.onEnd = (reason) => {
        // A close frame says why; that the socket is closed comes after it.
        wire.onEnd = () => undefined;
        this.online = false;
        this.ended = reason;
        resolve();
      };
    });
    await wire.opened;
    const again = this.seen.size > 0;
    const welcomed = this.#hears(again ? 2 : 1);
    const seen = again ? { seen: Object.fromEntries(this.seen) } : {};
    this.send('authenticate', { token: this.account.token, ...seen }, 'welcome');
    const [welcome, synced] = await Promise.race([
      welcomed,
      this.#gone.then(() => Promise.reject(new Error(this.ended))),
    ]);
    if (welcome.event !== 'reply') throw new Error(`authenticate: ${JSON.stringify(welcome).slice(0, 300)}`);
    this.#take(welcome.data.rooms, synced?.data.rooms);
    this.online = true;
    wire.onFrames = (frames) => this.onFrames(frames);
  }

  /** Comes back, again and again until it is in; resolves with the time of that. */
  async comesBack(address) {
    for (let ceiling = FIRST_WAIT_MS; ; ceiling = Math.min(LONGEST_WAIT_MS, ceiling * 2)) {
      await rest(ceiling * (0.5 + Math.random() / 2));
      try {
        await this.comesIn(address);
        return performance.now();
      } catch (error) {
        if (error.message.includes('incomplete')) throw error;
      }
    }
  }

  /** Resolves when its connection has ended. */
  get gone() {
    return this.#gone;
  }

  send(event, data, id) {
    this.#wire.write(frame(JSON.stringify({ event, id, data })));
  }

  pause() {
    this.#wire.pause();
  }

  resume() {
    this.#wire.resume();
  }

  leaves() {
    this.#wire.destroy();
  }

  /** The first so many envelopes. */
  #hears(count) {
    const heard = [];
    return new Promise((resolve) => {
      this.#wire.onFrames = (frames) => {
        heard.push(...textsOf(frames).flatMap((text) => JSON.parse(text)));
        if (heard.length >= count) resolve(heard);
      };
    });
  }

  /** Everything after what was seen, or an explicit reset: anything else is a failure. */
  #take(rooms, synced) {
    for (const { id, seq } of rooms) {
      const told = synced?.[id];
      if (told?.reset) this.resets++;
      else if (told) {
        const from = this.seen.get(id);
        const whole =
          told.entries.length === seq - from && told.entries.every((entry, at) => entry.seq === from + 1 + at);
        if (!whole)
          throw new Error(`incomplete: ${told.entries.length} entries of room ${id} after ${from} up to ${seq}`);
      } else if (this.seen.has(id)) throw new Error(`incomplete: nothing of room ${id}`);
      this.seen.set(id, seq);
    }
  }
}

/** Many at once, but not all. */
export async function inParallel(items, atOnce, work) {
  let next = 0;
  const worker = async () => {
    while (next < items.length) await work(items[next++]);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

export function rest(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function percentile(numbers, share) {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
