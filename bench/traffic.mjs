import { performance } from 'node:perf_hooks';

export const POSTS_PER_SECOND = 500;

const SENDERS = 5;
const TICK_MS = 10;
const MARK = Buffer.from('"text":"@');

/** Posts at an even pace, and measures how long a message takes to each of the readers. */
export class Traffic {
  times = [];
  #count = 0;
  #timer;

  constructor(room, readers) {
    this.room = room;
    for (const reader of readers) reader.onFrames = (frames) => this.#note(frames);
    let due = 0;
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      due += ((now - last) / 1_000) * POSTS_PER_SECOND;
      last = now;
      for (; due >= 1; due--) this.#post(readers[this.#count % SENDERS]);
    }, TICK_MS);
  }

  stop() {
    clearInterval(this.#timer);
  }

  #post(sender) {
    const text = `@${performance.now().toFixed(3).padStart(14, '0')} ${'lorem ipsum dolor sit amet, '.repeat(10)}`;
    sender.send('postMessage', { room: this.room, clientId: `t${++this.#count}`, text });
  }

  #note(frames) {
    const now = performance.now();
    for (let at = frames.indexOf(MARK); at >= 0; at = frames.indexOf(MARK, at + 1)) {
      const from = at + MARK.length;
      this.times.push(now - Number(frames.latin1Slice(from, from + 14)));
    }
  }
}
