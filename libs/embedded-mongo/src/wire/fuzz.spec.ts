import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { serialize, type Document } from 'bson';
import { EngineHarness, frameOf } from '../testing/engine-harness';
import { Connection } from './connection';

const FRAMES = 100_000;
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 0x7fffffff);

/** What a connection sees of a socket. */
class Line extends EventEmitter {
  destroyed = false;
  writableLength = 0;
  paused = false;
  sent: Buffer[] = [];
  write(bytes: Buffer): boolean {
    this.sent.push(bytes);
    this.emit('answer');
    return true;
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('answer');
    this.emit('close');
  }
  setNoDelay(): void {}
  isPaused(): boolean {
    return this.paused;
  }
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
}

let harness: EngineHarness;
beforeEach(() => (harness = new EngineHarness()));
afterEach(() => harness.close());

function connected(): Line {
  const line = new Line();
  new Connection(line as unknown as Socket, 1, harness.engine);
  return line;
}

/** A small generator of numbers, so that a seed gives the same frames again. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function nested(depth: number): Document {
  let document: Document = {};
  for (let level = 0; level < depth; level++) document = level % 2 ? { a: document } : { a: [document] };
  return document;
}

const COMMANDS: readonly Buffer[] = [
  { ping: 1 },
  { hello: 1, client: { driver: { name: 'x' } } },
  { insert: 'c', documents: [{ n: 1, text: 'xin chào 🙂' }], ordered: false },
  { find: 'c', filter: { n: { $in: [1, 'a', null] } }, sort: { n: -1 }, limit: 5 },
  { update: 'c', updates: [{ q: { n: 1 }, u: { $set: { 'a.b': [1, 2] } }, upsert: true }] },
  { aggregate: 'c', pipeline: [{ $group: { _id: '$n', n: { $sum: 1 } } }], cursor: {} },
  { insert: 'c', documents: [nested(200)] },
  { find: 'c', filter: nested(200) },
].map((command) => frameOf({ ...command, $db: 'test' }));

function legacyHello(): Buffer {
  const body = Buffer.from(serialize({ ismaster: 1 }));
  const frame = Buffer.concat([Buffer.alloc(20), Buffer.from('admin.$cmd\0'), Buffer.alloc(8), body]);
  frame.writeInt32LE(frame.length, 0);
  frame.writeInt32LE(2004, 12);
  return frame;
}

const LENGTHS = [-1, 0, 4, 5, 15, 16, 17, 48_000_000, 48_000_001, 0x7fffffff];

/** A frame that is bent in one way or another: bytes, an inner length, its own length, its end. */
function bent(below: (below: number) => number): Buffer {
  const all = [...COMMANDS, legacyHello()];
  let frame = Buffer.from(all[below(all.length)]!);
  for (let changes = below(4); changes > 0; changes--) frame[12 + below(frame.length - 12)] = below(256);
  if (below(4) === 0) frame.writeInt32LE(LENGTHS[below(LENGTHS.length)]!, 16 + below(frame.length - 20));
  if (below(4) === 0) frame = frame.subarray(0, 16 + below(frame.length - 16));
  frame.writeInt32LE(below(8) === 0 ? LENGTHS[below(LENGTHS.length)]! : frame.length, 0);
  return frame;
}

const saysNothing = (frame: Buffer): boolean =>
  frame.readInt32LE(0) > frame.length || (frame.length > 20 && (frame.readUInt32LE(16) & 2) !== 0);

/** Resolves when the frame is answered, or its connection closed. */
function answered(line: Line, frame: Buffer): Promise<unknown> {
  line.sent = [];
  const answer = new Promise((done) => line.once('answer', done));
  line.emit('data', frame);
  return saysNothing(frame) ? new Promise(setImmediate) : answer;
}

it(`of ${FRAMES} broken frames the worst is a closed connection (FUZZ_SEED=${SEED})`, async () => {
  const below = numbers(SEED);
  let line = connected();
  let closed = 0;
  for (let count = 0; count < FRAMES; count++) {
    const frame = bent(below);
    await answered(line, frame);
    if (line.destroyed) closed++;
    if (line.destroyed || saysNothing(frame)) line = connected();
    if (count % 500 === 0) expect(await harness.run({ dropDatabase: 1 })).toMatchObject({ ok: 1 });
  }
  expect(closed).toBeGreaterThan(FRAMES / 100);
  expect(closed).toBeLessThan(FRAMES);
}, 120_000);

it('keeps what came in small pieces in one piece', async () => {
  const line = connected();
  const frame = frameOf({ insert: 'c', documents: [{ text: 'x'.repeat(20_000) }], $db: 'test' });
  for (const byte of frame.subarray(0, -1)) line.emit('data', Buffer.of(byte));
  expect(line.sent).toEqual([]);
  line.emit('data', frame.subarray(-1));
  while (line.sent.length === 0) await new Promise(setImmediate);
  expect(await harness.find('c')).toHaveLength(1);
});

it('does nothing more for a client that does not read, and goes on when it does', async () => {
  const line = connected();
  line.writableLength = 17 * 1024 * 1024;
  line.emit('data', Buffer.concat(Array.from({ length: 3 }, () => frameOf({ ping: 1, $db: 'test' }))));
  await new Promise(setImmediate);
  expect([line.sent.length, line.paused]).toEqual([0, true]);
  line.writableLength = 0;
  line.emit('drain');
  for (let turn = 0; turn < 6; turn++) await new Promise(setImmediate);
  expect([line.sent.length, line.paused]).toEqual([3, false]);
});

it('answers in the order that it was asked', async () => {
  const line = connected();
  const frames = Array.from({ length: 50 }, (_, id) => {
    const frame = frameOf(id % 2 ? { ping: 1, $db: 'test' } : { insert: 'c', documents: [{ id }], $db: 'test' });
    frame.writeInt32LE(id, 4);
    return frame;
  });
  line.emit('data', Buffer.concat(frames));
  while (line.sent.length < 50) await new Promise(setImmediate);
  expect(line.sent.map((reply) => reply.readInt32LE(8))).toEqual(frames.map((_, id) => id));
});
